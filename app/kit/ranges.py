"""Whole numbers as short text: "3-7,12"."""

from collections.abc import Iterable

LARGEST = 2**31 - 1  # number that a column of a database holds


def shorten(numbers: Iterable[int]) -> str:
    """The numbers in order, neighbours as a range."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(f"{first}-{last}" if last > first else f"{first}" for first, last in runs)


def read(text: str, most: int) -> list[int]:
    """The numbers of such a text; ValueError when it is none, names more than `most` or one beyond `LARGEST`."""
    numbers: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        begin, end = int(first), int(last if dash else first)
        if end > LARGEST or not 0 <= end - begin < most - len(numbers):
            raise ValueError(f"not at most {most} numbers of rows")
        numbers += range(begin, end + 1)
    return numbers
