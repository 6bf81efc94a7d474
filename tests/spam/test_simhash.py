"""Texts that are nearly the same are known by their hash; texts of strangers are not."""

import csv
import random
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.site.demo import texts
from app.spam.simhash import BANDS, BITS, LIMIT, bands, distance, is_comparable, simhash

HASHES = st.integers(0, 2**BITS - 1)
LETTERS = "abcdefghijklmnopqrstuvwxyzäöüß"
Edit = Callable[[random.Random, str], str]


def typo(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice(LETTERS) + text[at + 1 :]


def spaced(rng: random.Random, text: str) -> str:
    return text.replace(" ", rng.choice(["  ", " . ", "\n"])).upper()


def renumbered(rng: random.Random, text: str) -> str:
    return f"{rng.randrange(10_000)} {text} ({rng.randrange(100)})"


def longer(rng: random.Random, text: str) -> str:
    return f"{text} {rng.choice(['Danke!', 'LG Tom', 'wirklich'])}"


@pytest.fixture(scope="module")
def long_texts() -> list[str]:
    rng = random.Random(11)
    found = {texts.comment(rng, kind="reader")[1] for _ in range(600)}
    return [text for text in sorted(found) if len(text) > 240][:100]


@pytest.mark.parametrize(
    ("edit", "share"),
    [(spaced, 1.0), (renumbered, 1.0), (typo, 0.85), (longer, 0.7)],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_long_texts_are_known_again_after_a_small_edit(long_texts: list[str], edit: Edit, share: float) -> None:
    rng = random.Random(5)
    near = [distance(simhash(text), simhash(edit(rng, text))) <= LIMIT for text in long_texts]
    assert len(near) > 60
    assert sum(near) / len(near) >= share


def test_what_strangers_complain_of_is_not_taken_for_the_same(shared: Path) -> None:
    with (shared / "data/complaints/comcast_fcc_2015_en.csv").open(encoding="utf-8") as file:
        words = {row["complaint"].casefold(): simhash(row["complaint"]) for row in csv.DictReader(file)}
    hashes = {text: hash_ for text, hash_ in words.items() if is_comparable(text)}
    assert len(hashes) > 350
    close = [(one, other) for one, other in combinations(hashes, 2) if distance(hashes[one], hashes[other]) <= LIMIT]
    assert [pair for pair in close if pair[0].split() != pair[1].split()] == []


@given(HASHES, st.sets(st.integers(0, BITS - 1), max_size=3))
def test_hashes_within_three_bits_share_a_band(hash_: int, flipped: set[int]) -> None:
    other = hash_ ^ sum(1 << bit for bit in flipped)
    assert distance(hash_, other) == distance(other, hash_) == len(flipped)
    assert any(one == two for one, two in zip(bands(hash_), bands(other), strict=True))
    assert sum(band << (16 * number) for number, band in enumerate(bands(hash_))) == hash_
    assert len(bands(hash_)) == BANDS


@given(st.text(max_size=300))
def test_any_text_has_a_hash_that_case_space_and_digits_do_not_change(text: str) -> None:
    assert 0 <= simhash(text) < 2**BITS
    assert simhash(f" {text} 17 ") == simhash(text)


def test_what_many_honest_people_say_is_too_short_to_compare() -> None:
    assert not is_comparable("Bei mir auch! " + "!" * 60)
    assert not is_comparable("x" * 39)
    assert is_comparable("Seit drei Wochen geht abends in Altona gar nichts mehr.")
