"""Print the figures of both halves, and what the own half shows to be wrong."""

from tests.kit.gold import FOLDER, half, misses, table

for name in ("own", "blind"):
    if (FOLDER / f"{name}.jsonl").exists():
        print(table(name))
print(*misses(half("own")), sep="\n")
