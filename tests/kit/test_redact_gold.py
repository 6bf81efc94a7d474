"""How much of the truth is found in the gold set, and how much of what is found is true."""

from collections import Counter

import pytest

from app.kit.redact import Kind
from tests.kit.gold import FOLDER, half, measured, misses, table

# Recall and precision in all that the rules must keep. Those of the blind half are what the first run measured,
# rounded down: they tell how the rules do on texts that they were not written for.
FLOORS = {"own": (0.98, 0.97)}


@pytest.mark.parametrize("name", FLOORS)
def test_no_figure_falls_below_its_floor(name: str) -> None:
    print(table(name))
    figures, (recall, precision) = measured(half(name))["all"], FLOORS[name]
    assert figures.recall >= recall
    assert figures.precision >= precision


def test_the_own_half_is_large_has_decoys_and_tells_of_every_kind() -> None:
    texts = half("own")
    assert len(texts) >= 160
    assert abs(sum(gold.lang == "de" for gold in texts) - len(texts) / 2) < 5
    assert sum(not gold.truths for gold in texts) >= len(texts) / 3
    assert min(Counter(truth.kind for gold in texts for truth in gold.truths)[kind] for kind in Kind) >= 5


def test_what_is_missed_in_the_own_half_is_named() -> None:
    assert list(misses(half("own")[:20])) == []
    assert FOLDER.is_dir()
