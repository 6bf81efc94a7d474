"""What clients say of codings and tags is read as RFC 9110 has it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cache.address import without_tracking
from app.cache.negotiation import CODINGS, codings, matches

QUALITIES = st.sampled_from(["0", "0.001", "0.5", "0.999", "1", "1.000"])
TAGS = st.text(st.characters(min_codepoint=0x23, max_codepoint=0x7E), max_size=12).map('"{}"'.format)


@pytest.mark.parametrize(
    ("accepted", "found"),
    [
        (None, ("identity",)),
        ("", ("identity",)),
        ("br", ("br", "identity")),
        ("gzip, deflate, br, zstd", ("br", "gzip", "identity")),
        ("gzip;q=1.0, br;q=0.5", ("gzip", "br", "identity")),
        ("GZIP;Q=0.5", ("gzip", "identity")),
        ("x-gzip", ("gzip", "identity")),
        ("*", ("br", "gzip", "identity")),
        ("*;q=0", ()),
        ("identity;q=0", ()),
        ("gzip, identity;q=0", ("gzip",)),
        ("identity;q=1, gzip;q=0.5", ("identity", "gzip")),
        ("br;q=0, *", ("gzip", "identity")),
        ("br;q=much", ("identity",)),
        ("gzip;level=9", ("identity",)),
    ],
)
def test_codings_are_taken_in_the_order_in_which_they_are_wanted(accepted: str | None, found: tuple[str, ...]) -> None:
    assert codings(accepted) == found


@given(st.dictionaries(st.sampled_from([*CODINGS, "*", "deflate", "zstd"]), QUALITIES))
def test_what_is_refused_is_never_sent_and_the_most_wanted_is_first(told: dict[str, str]) -> None:
    found = codings(", ".join(f"{name};q={quality}" for name, quality in told.items()))
    wanted = {name: float(quality) for name, quality in told.items()}
    others = wanted.get("*")
    for coding in CODINGS:
        rest = others if others is not None else (1e-9 if coding == "identity" else 0.0)
        assert (coding in found) == (wanted.get(coding, rest) > 0)
    named = [wanted.get(coding, others if others is not None else 1e-9) for coding in found]
    assert all(before >= after for before, after in pairwise(named))


@given(st.text(max_size=60))
def test_no_header_is_a_fault(said: str) -> None:
    assert set(codings(said)) <= set(CODINGS)
    assert matches(said, '"tag"') in {True, False}
    assert "utm_" not in without_tracking(f"utm_a=1&{said.replace('utm_', '')}")


@given(st.lists(TAGS, max_size=4), TAGS, st.lists(st.booleans(), min_size=5, max_size=5))
def test_a_tag_is_found_in_any_list_whether_weak_or_strong(others: list[str], tag: str, weak: list[bool]) -> None:
    listed = [f"W/{one}" if is_weak else one for one, is_weak in zip([*others, tag], weak, strict=False)]
    assert matches(", ".join(listed), tag)
    assert matches(", ".join(listed), f"W/{tag}")
    assert matches(", ".join(listed[:-1]), tag) == (tag in others)


@pytest.mark.parametrize("said", ["tag", "W/tag", '"tag', '"tag" "tag"', '"ta"g"', ""])
def test_a_malformed_condition_holds_for_nothing(said: str) -> None:
    assert not matches(said, '"tag"')


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", ""),
        ("lang=en", "lang=en"),
        ("utm_source=a&lang=en&fbclid=b", "lang=en"),
        ("UTM_Source=a", ""),
        ("page=2&gclid", "page=2"),
        ("utm=1&q=fbclid", "utm=1&q=fbclid"),
    ],
)
def test_only_what_follows_people_around_is_dropped(query: str, left: str) -> None:
    assert without_tracking(query) == left
