"""SimHash: texts that are nearly the same have hashes that differ in few of their 64 bits.

After Charikar (2002), "Similarity estimation techniques from rounding algorithms". The features are the runs of three
letters of a text without case, spaces, signs and digits, each once, hashed by BLAKE2b to 64 bits; a bit of the SimHash
is what most of the features say. Measured in docs/decisions/0015: of texts of 200 letters and more, 90 % are found
again after a typo, all with other numbers, spaces or signs; of real texts of strangers not one pair in a million is.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache

BITS = 64
BANDS = 4  # of 16 bits: two hashes that differ in three bits or fewer share a band, most of those within LIMIT do
BAND_BITS = BITS // BANDS
LIMIT = 5  # bits by which texts that are nearly the same may differ
SHORTEST = 40  # letters and digits; "Bei mir auch!" is said by many honest people
RUN = 3  # letters in a feature
LANE = 16  # bits in which each bit's votes are counted; no text has 65,536 letters
KNOWN = 8_192  # features whose votes are remembered


def is_comparable(text: str) -> bool:
    """Whether a text is long enough to tell a copy from two people who say the same."""
    return len(re.sub(r"[\W_]+", "", _folded(text))) >= SHORTEST


def simhash(text: str) -> int:
    """The SimHash of a text, 0 to 2**64 - 1."""
    letters = re.sub(r"[\W\d_]+", "", _folded(text))
    features = {letters[at : at + RUN] for at in range(max(1, len(letters) - RUN + 1))}
    votes, half = sum(map(_votes, features)), len(features) / 2
    lane = (1 << LANE) - 1
    return sum(1 << bit for bit in range(BITS) if (votes >> (LANE * bit)) & lane > half)


def distance(one: int, other: int) -> int:
    """In how many bits two SimHashes differ, 0 to 64."""
    return (one ^ other).bit_count()


def bands(hash_: int) -> tuple[int, ...]:
    """The four parts of 16 bits by which near hashes are looked up, lowest first."""
    return tuple((hash_ >> (BAND_BITS * number)) & ((1 << BAND_BITS) - 1) for number in range(BANDS))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=KNOWN)
def _votes(feature: str) -> int:
    """One number in which each bit of the feature's hash has a lane of its own, so that votes are counted by adding."""
    digest = hashlib.blake2b(feature.encode("utf-8", "replace"), digest_size=BITS // 8).digest()
    bits = int.from_bytes(digest, "big")
    return sum(1 << (LANE * bit) for bit in range(BITS) if bits >> bit & 1)
