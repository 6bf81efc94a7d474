"""Two texts side by side: what changed is told apart from what did not, in long ones, too."""

from hypothesis import given
from hypothesis import strategies as st

from app.kit import diff
from tests.cpu import cpu_seconds

LINES = [f"Absatz {number} über das Netz, das seit Wochen weg ist, und die Hotline.\n\n" for number in range(60)]
WORDS = st.lists(st.sampled_from(["Netz ", "weg ", "da\n", "\n", " ", "x"]), max_size=600).map("".join)


def told(parts: list[diff.Part], *kinds: str) -> str:
    return "".join(part.text for part in parts if part.kind in kinds)


def changed(*numbers: int) -> str:
    """The long text, with another word in these paragraphs."""
    return "".join(line.replace("Wochen", "Tagen") if number in numbers else line for number, line in enumerate(LINES))


def test_two_words_far_apart_are_two_changes_and_not_all_that_stands_between() -> None:
    parts = diff.parts("".join(LINES), changed(1, 58))
    assert [(part.kind, part.text) for part in parts if part.kind] == [("del", "Wochen "), ("ins", "Tagen ")] * 2


def test_where_many_lines_have_changed_the_others_still_stand_as_they_are() -> None:
    parts = diff.parts("".join(LINES), changed(*range(0, 60, 2)))
    assert all(told(parts, "").count(line) for line in LINES[1::2])
    assert told(parts, "del").count("Wochen") == told(parts, "ins").count("Tagen") == 30


def test_a_paragraph_that_is_all_new_does_not_cost_the_others_their_words() -> None:
    new = changed(1, 58).replace(LINES[30], "neu " * diff.MOST + "\n\n")
    parts = diff.parts("".join(LINES), new)
    assert ("ins", "Tagen ") in parts[-3:]


def test_what_is_far_from_every_change_is_left_out_and_counted() -> None:
    parts = diff.brief(diff.parts("".join(LINES), changed(30)))
    assert [part.kind for part in parts] == ["gap", "", "del", "ins", "", "gap"]
    assert [len(part.text.split()) for part in (parts[1], parts[4])] == [diff.AROUND] * 2
    whole = len("".join(LINES).split())
    assert sum(int(part.text) for part in parts if part.kind == "gap") == whole - 2 * diff.AROUND - 1
    short = diff.parts(LINES[0], LINES[0].replace("Wochen", "Tagen"))
    assert diff.brief(short) == short


@given(WORDS, WORDS)
def test_what_changed_is_never_left_out(before: str, after: str) -> None:
    parts = diff.parts(before, after)
    assert [one for one in diff.brief(parts) if one.kind in {"ins", "del"}] == [one for one in parts if one.kind]


@given(WORDS, WORDS)
def test_nothing_is_left_out_or_said_twice(before: str, after: str) -> None:
    parts = diff.parts(before, after)
    assert (told(parts, "", "del"), told(parts, "", "ins")) == (before, after)


def test_the_worst_lines_take_no_longer_than_the_worst_words() -> None:
    half = diff.MOST // 2
    before, after = "A\n" + "x\n" * (half - 2) + "B b b " * half, "C\n" + "x\ny\n" * (half // 2 - 1) + "D d d " * half
    _, took = cpu_seconds(lambda: diff.parts(before, after), 2.0)
    assert took < 2.0
