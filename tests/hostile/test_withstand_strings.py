"""The strings of the attack collections, through every path, query and field, over HTTP: nothing runs, nothing fails.

`LONG=1` sends every string through every way and prints the counts; else each way takes some of every collection,
and every one of a few hundred comes by somewhere.
"""

from collections.abc import Iterator
from itertools import cycle, groupby, islice
from pathlib import Path

import pytest

from tests.hostile.harm import Words, assert_harmless, words_of
from tests.hostile.strings import IS_LONG, alone, every_string
from tests.hostile.target import Target
from tests.hostile.ways import ODD_NUMBERS, Way

EACH = 4  # strings that a way takes in the short form
WRITTEN = "*a* **b** `c` https://d.example/\n\n> e\n\n- f\n\n1. g\n\n    h"  # all that a comment may be made of
GROWTH = 1.5  # times the memory that the site has when all ways have been gone once


@pytest.fixture(scope="module")
def known(target: Target) -> Words:
    """What our markup is made of when nobody means harm."""
    found: Words = set()
    for way in sorted(target.ways, key=lambda way: way.closes_others):
        for said in ("1", WRITTEN) if "preview" in {*way.names, *dict(way.kept)} else ("1",):
            for sent in way.carrying(said):
                found |= words_of(target.send(sent), f"{way.method} {way.path}")
    return found


def test_no_string_runs_breaks_a_page_or_fails_on_any_way(target: Target, known: Words, shared: Path) -> None:
    strings = alone(every_string(shared))
    ways = sorted((way for way in target.ways if not way.is_number), key=lambda way: way.closes_others)
    assert len(ways) > 150
    target.statuses.clear()
    before = target.memory
    for way, string in _pairs(ways, strings):
        for sent in way.carrying(string):
            assert_harmless(target.send(sent), string, f"{way.method} {way.path} {string!r}"[:400], known)
    print(f"{len(strings)} strings, {len(ways)} ways, {target.statuses.total()} requests: {dict(target.statuses)}")
    print(f"memory {before >> 20} MB before, {target.memory >> 20} MB after")
    assert target.memory < before * GROWTH
    assert target.server.is_ready()


def test_no_number_of_any_length_fails_in_a_path(target: Target, known: Words) -> None:
    for way in (way for way in target.ways if way.is_number):
        for number in ODD_NUMBERS:
            for sent in way.carrying(number):
                assert_harmless(target.send(sent), number, f"{way.method} {way.path} {number}"[:400], known)


def _pairs(ways: list[Way], strings: list[str]) -> Iterator[tuple[Way, str]]:
    """Every string by every way; in the short form the next few for each way, round and round."""
    if IS_LONG:
        rounds = groupby(ways, key=lambda way: way.closes_others)
        return ((way, string) for _, some in rounds for each in [list(some)] for string in strings for way in each)
    turning = cycle(strings)
    taken = [(way, string) for way in ways for string in islice(turning, EACH)]
    assert {string for _, string in taken} == set(strings)
    return iter(taken)
