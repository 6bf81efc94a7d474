"""The spellings one slip of a finger away."""

from collections.abc import Iterator
from string import ascii_lowercase


def one_edit_away(word: str) -> Iterator[str]:
    """Every text that is one letter dropped, swapped, replaced or added away."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (before + letter + after for letter in ascii_lowercase)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in ascii_lowercase)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
