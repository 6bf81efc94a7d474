"""Finds the known options in a cell of several answers, although options contain the separators."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import groupby

SEPARATOR = re.compile(r"(\s*[,;]\s*)")


def tidy(cell: str) -> str:
    """One way to write the same cell: composed letters, plain line ends, no space around."""
    return unicodedata.normalize("NFC", cell).replace("\r\n", "\n").replace("\r", "\n").strip()


def fold_answers(text: str) -> str:
    """Answers are compared without regard to case, white space and which separator stands between."""
    return SEPARATOR.sub(";", fold_text(text))


def word_finder(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the words or phrases, whole, in a folded text; "bill*" finds billing, too."""
    ways = (r"\w*".join(map(re.escape, fold_text(word).split("*"))) for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)")


def fold_text(text: str) -> str:
    """Words are looked for without regard to case and white space."""
    return " ".join(tidy(text).split()).casefold()


def split_answers(cell: str, options: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """The keys of the options in the cell, in the order of `options`, and what else it says.

    Sheets joins answers with ", ", Forms with ";", and options contain ", " themselves: so the cell is cut
    at every separator and, from left to right, the longest run of pieces that is a known option is taken.
    What is left over is kept as it was written, stretches apart joined by "; ": nothing is lost. `options`
    maps options, folded with `fold_answers`, to keys.
    """
    runs = list(_runs(SEPARATOR.split(cell), options))
    found = {key for key, _ in runs if key}
    left = ("".join(text for _, text in run) for key, run in groupby(runs, lambda run: run[0]) if not key)
    other = "; ".join(filter(None, (text.strip(" ,;\n\t") for text in left)))
    return tuple(dict.fromkeys(key for key in options.values() if key in found)), other


def _runs(pieces: list[str], options: Mapping[str, str]) -> list[tuple[str, str]]:
    """The cell as (key, text), an unknown piece with an empty key; pieces and separators alternate."""
    runs: list[tuple[str, str]] = []
    start = 0
    longest = 2 * max((option.count(";") for option in options), default=0) + 1
    while start < len(pieces):
        ends = range(min(start + longest, len(pieces)), start, -1)
        texts = ((end, "".join(pieces[start:end])) for end in ends if (end - start) % 2)
        end, text = next(((end, text) for end, text in texts if fold_answers(text) in options), (start + 1, ""))
        runs.append((options[fold_answers(text)], text) if text else ("", "".join(pieces[start : end + 1])))
        start = end + 1
    return runs
