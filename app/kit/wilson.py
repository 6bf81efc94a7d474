"""How far a share may lie from what was counted.

Source: E. B. Wilson, “Probable Inference, the Law of Succession, and Statistical Inference”, Journal of the American
Statistical Association 22 (1927), 209–212.
"""

from math import sqrt

Z = 1.959964  # standard deviations that hold 95 %


def interval(hits: int, of: int, z: float = Z) -> tuple[float, float]:
    """The Wilson score interval of `hits` out of `of`, as two shares between 0 and 1; (0, 1) where nothing was asked.

    Raises ValueError unless 0 <= hits <= of.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} out of {of} is no share")
    return around(hits / of, of, z) if of else (0.0, 1.0)


def around(share: float, of: float, z: float = Z) -> tuple[float, float]:
    """The same of a share that was estimated from as much as so many cases, which need not be a whole number."""
    square = z * z
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def bounds(hits: tuple[int, int], misses: tuple[int, int], z: float = Z) -> tuple[float, float]:
    """The outer ends of all intervals for numbers of which only the fewest and the most are known.

    More hits raise both ends, more misses lower both, so two intervals say it: the fewest hits among the most misses,
    the most hits among the fewest misses.
    """
    (fewest_hits, most_hits), (fewest_misses, most_misses) = hits, misses
    low, _ = interval(fewest_hits, fewest_hits + most_misses, z)
    _, high = interval(most_hits, most_hits + fewest_misses, z)
    return low, high
