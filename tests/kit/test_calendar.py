"""A reminder that every calendar reads, whatever its words are made of."""

import re
from datetime import UTC, date, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from app.kit.calendar import OCTETS, Reminder

AT = datetime(2011, 11, 15, 14, 5, tzinfo=UTC)
URL = "https://einzelfall.example/reports/0000-0000-0000-0000-0000-0000"
NASTY = "Köln\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nACTION:EMAIL\nATTENDEE:mailto:x@y.example"
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def reminder(title: str = "Netz?", text: str = "Geht es wieder?") -> str:
    return Reminder(uid="u@h", written_at=AT, day=date(2011, 12, 31), title=title, words=text, url=URL).text()


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def read(value: str) -> str:
    """A TEXT value as a calendar reads it."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def test_it_is_a_whole_day_that_rings_and_leads_back() -> None:
    lines = unfolded(reminder())
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Einzelfall//Reminder//EN"]
    for line in (
        "UID:u@h",
        "DTSTAMP:20111115T140500Z",
        "DTSTART;VALUE=DATE:20111231",
        "DTEND;VALUE=DATE:20120101",
        "SUMMARY:Netz?",
        f"URL:{URL}",
        "BEGIN:VALARM",
        "TRIGGER:PT9H",
    ):
        assert lines.count(line) == 1, line
    assert lines[-4:] == ["END:VALARM", "END:VEVENT", "END:VCALENDAR", ""]


@given(words, words)
@example(NASTY, NASTY)
@example("; , \\ \\n", "ü" * 200)
@example("\x0b\x0c\x1c\x85\u2028\u2029", "📵" * 80)
def test_words_stay_words_and_no_line_is_too_long(title: str, text: str) -> None:
    made = reminder(title, text)
    assert all(len(line.encode()) <= OCTETS for line in made.split("\r\n"))
    assert not re.search("[\r\n]", made.replace("\r\n", ""))
    lines, plain = unfolded(made), unfolded(reminder())
    assert [line.partition(":")[0] for line in lines] == [line.partition(":")[0] for line in plain]
    said = {line.partition(":")[0]: line.partition(":")[2] for line in lines}
    assert read(said["SUMMARY"]) == "\n".join(title.splitlines())
