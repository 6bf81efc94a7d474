"""Who may sign as whom is decided by what a name looks like."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.kit.names import NAME_MAX, clean, has_bidi_controls, imitates, skeleton
from tests.cpu import STEEP, growth

PROTECTED = ("O2", "Redaktion")
ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.text("O0oОΟ2²₂ -rnvvIl1|\u0301\u200b\u202eµſßİŉ")


@pytest.mark.parametrize(
    "name",
    [
        *("O2", "o2", "02", "О2", "O₂", "0²", "o 2", "O-2", "Ｏ２", "𝐎𝟐", "Ⓞ②", "🅾2", "🇴2️⃣", "O.2", "O_2"),
        *("O\u200b2", "O\u03382", "Ö2", "○2", "٠2", "O2™", "(O2)", "\u202eO2", "Օ2", "\u3164O2"),
    ],
)
def test_whatever_looks_like_o2_has_its_skeleton(name: str) -> None:
    assert skeleton(name) == skeleton("O2")
    assert imitates(name, PROTECTED) == "O2"


@pytest.mark.parametrize(
    "name", ["REDAKTlON", "Rеdаktiоn", "Redaktιon", "R e d a k t i o n", "Ｒedaktion", "redaktıon"]
)
def test_whatever_looks_like_the_editors_has_their_skeleton(name: str) -> None:
    assert skeleton(name) == skeleton("Redaktion")


def test_two_narrow_letters_look_like_a_wide_one() -> None:
    assert skeleton("Tearn") == skeleton("Team")
    assert skeleton("vvir") == skeleton("wir")


@pytest.mark.parametrize(
    ("name", "protected"),
    [
        ("Anna (O2)", "O2"),
        ("O2 Team", "O2"),
        ("o2-verifiziert", "O2"),
        ("Anna · О2 · verifiziert", "O2"),
        ("Lena von o 2", "O2"),
        ("O2Team", "O2"),
        ("TeamO2", "O2"),
        ("Redaktion", "Redaktion"),
        ("die REDAKTI0N!", "Redaktion"),
    ],
)
def test_a_protected_name_inside_a_name_is_found(name: str, protected: str) -> None:
    assert imitates(name, PROTECTED) == protected


@pytest.mark.parametrize(
    "name",
    ["Otto2", "CO2-Sparer", "Marco 2", "Bo2", "O22", "Redaktionsmitglied", "Lena", "Müller", "!", "", " "],
)
def test_other_names_are_nobody_elses(name: str) -> None:
    assert imitates(name, PROTECTED) is None


def test_names_of_several_words_are_protected_as_a_whole() -> None:
    assert imitates("Frau Anna  Berg", ["Anna Berg"]) == "Anna Berg"
    assert imitates("Anna Bergmann", ["Anna Berg"]) is None


def test_a_protected_name_without_letters_matches_nothing() -> None:
    assert imitates("!!!", ["", "…"]) is None


def test_bidi_controls_are_told_from_other_invisible_characters() -> None:
    assert has_bidi_controls("O2\u202e")
    assert has_bidi_controls("\u2067Lena")
    assert not has_bidi_controls("Lena\u200b שלום")


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("  Lena \t\n Berg ", "Lena Berg"),
        ("Le\u200bna\x00\u202e", "Lena"),
        ("\u3164\u2800", ""),
        ("Zoe\u0308", "Zoë"),
        ("x" * 80, "x" * NAME_MAX),
        ("x" * (NAME_MAX - 1) + " y", "x" * (NAME_MAX - 1)),
        ("\ud800Lena", "Lena"),
    ],
)
def test_a_cleaned_name_is_one_visible_line(name: str, cleaned: str) -> None:
    assert clean(name) == cleaned


@pytest.mark.parametrize("piece", ["a ", "rn", "aB", "O2", "a\u200b", "http://"])
def test_a_long_name_costs_no_more_than_its_length(piece: str) -> None:
    def compare(length: int) -> None:
        skeleton.cache_clear()
        imitates((piece * length)[:length], PROTECTED)

    assert growth(compare, 5_000) < STEEP


@given(ANY_TEXT)
def test_a_skeleton_is_its_own_skeleton(name: str) -> None:
    assert skeleton(skeleton(name)) == skeleton(name)


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_and_the_looks_stay(name: str) -> None:
    cleaned = clean(name)
    assert clean(cleaned) == cleaned
    assert len(cleaned) <= NAME_MAX
    assert not has_bidi_controls(cleaned)


@example("R:N", "RN")
@given(ANY_TEXT, ANY_TEXT)
def test_a_name_imitates_whatever_has_its_skeleton(name: str, protected: str) -> None:
    found = imitates(name, [protected])
    assert found in {None, protected}
    if skeleton(name) and skeleton(name) == skeleton(protected):
        assert found == protected
