"""One reminder as a file that every calendar reads (iCalendar, RFC 5545)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

OCTETS = 75  # of a line at most, without its end (3.1)
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True)
class Reminder:
    """A whole day with a title, words and an address; it rings at nine in the morning."""

    uid: str
    written_at: datetime
    day: date
    title: str
    words: str
    url: str

    def text(self) -> str:
        """The file. Whatever the words are made of, they stay words: nothing in them begins a line of its own."""
        return "".join(f"{line}\r\n" for whole in self._lines() for line in _folded(whole))

    def _lines(self) -> Iterator[str]:
        yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Einzelfall//Reminder//EN", "BEGIN:VEVENT")
        yield f"UID:{self.uid}"
        yield f"DTSTAMP:{self.written_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        yield f"DTSTART;VALUE=DATE:{self.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{self.day + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{_escaped(self.title)}"
        yield f"DESCRIPTION:{_escaped(self.words)}"
        yield f"URL:{self.url}"
        yield from ("TRANSP:TRANSPARENT", "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:PT9H")
        yield f"DESCRIPTION:{_escaped(self.title)}"
        yield from ("END:VALARM", "END:VEVENT", "END:VCALENDAR")


def _escaped(words: str) -> str:
    """The words as a TEXT value (3.3.11); every way to end a line is one."""
    return "\n".join(words.splitlines()).translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, no letter cut in two; each piece but the first begins with a space."""
    piece, room = "", OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield piece
            piece, room = " ", OCTETS - 1
        piece, room = piece + letter, room - size
    yield piece
