"""A damaged XML file as one that can be read: a sign that no text may have costs that sign, and not what comes after.

What XML forbids and exports have nevertheless: bytes that are no UTF-8, control characters, references to them
("&#8;"), U+FFFE and U+FFFF, and “&” where nothing is referred to, as in addresses. Each piece is looked through once.
"""

import codecs
import re
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO

from app.comments.importing.row import Mended, Odd

CHUNK = 64 * 1024
JUNK = 1024  # bytes in which the first tag must begin
_ENCODING = re.compile(rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)""")
_NONE = "\N{REPLACEMENT CHARACTER}"
_CONTROLS = rb"[\x00-\x08\x0b\x0c\x0e-\x1f]"  # no byte of a longer UTF-8 sign is one of these
_NO_SIGNS = rb"\xef\xbf[\xbe\xbf]"  # U+FFFE and U+FFFF in UTF-8
_CLOSED_BY = {b"<![CDATA[": b"]]>", b"<!--": b"-->", b"<?": b"?>"}  # in which “&” is a sign like any other
_REFERENCE = rb"&(?:#(?P<decimal>[0-9]{1,9});|#x(?P<hex>[0-9A-Fa-f]{1,8});|(?:amp|lt|gt|quot|apos);)?"
_BEGUN = rb"(?P<begun>&[#0-9A-Za-z]{0,11}|<(?:!(?:-|\[[CDAT]{0,5})?)?)\Z"
_MAY_END = {b"]]>": rb"(?P<begun>\]{1,2})\Z", b"-->": rb"(?P<begun>-{1,2})\Z", b"?>": rb"(?P<begun>\?)\Z"}


class Mending:
    """The bytes of a file without what no text may have."""

    def __init__(self, file: BinaryIO) -> None:
        begins = file.tell()
        said = _ENCODING.match(file.read(JUNK))
        file.seek(begins)
        self._file, self._is_utf8 = file, said is None or _means_utf8(said[1])
        self._bytes, self._signs = _Counted(Odd.NO_UTF8), _Counted(Odd.FORBIDDEN)
        self._rest = self._begun = self._closed_by = b""

    @property
    def encoding(self) -> str | None:
        """In which the pieces are, whatever the file calls it; None for what it says itself."""
        return "utf-8" if self._is_utf8 else None

    def read(self) -> bytes:
        """The next piece; nothing at the end."""
        while True:
            chunk = self._file.read(CHUNK)
            piece = self._mended(self._in_utf8(chunk) if self._is_utf8 else chunk, is_last=not chunk)
            if piece or not chunk:
                return piece

    def told(self, skipped: int) -> Iterator[Mended]:
        """What was mended, each kind once; `skipped` lines stand before the first tag."""
        for counted in (self._bytes, self._signs):
            if counted.many:
                yield Mended(counted.odd, counted.many, counted.first + skipped)

    def _in_utf8(self, chunk: bytes) -> bytes:
        raw = self._rest + chunk
        text, taken = codecs.utf_8_decode(raw, "replace", not chunk)
        raw, self._rest = raw[:taken], raw[taken:]
        clean = text.encode()
        if clean != raw:
            pairs = enumerate(zip(clean, raw, strict=False))
            same = next((at for at, (one, other) in pairs if one != other), len(raw))
            self._bytes.note(raw, same, text.count(_NONE) - raw.count(_NONE.encode()))
        self._bytes.leave(raw)
        return clean

    def _mended(self, piece: bytes, *, is_last: bool) -> bytes:
        raw, at, parts = self._begun + piece, 0, list[bytes]()
        self._begun = b""
        while found := self._asked(is_last=is_last).search(raw, at):
            parts += raw[at : found.start()], self._instead(raw, found)
            at = found.end()
        self._signs.leave(raw[: len(raw) - len(self._begun)])
        return b"".join([*parts, raw[at:]])

    def _asked(self, *, is_last: bool) -> re.Pattern[bytes]:
        return _pattern(self._closed_by, is_utf8=self._is_utf8, is_last=is_last)

    def _instead(self, raw: bytes, found: re.Match[bytes]) -> bytes:
        """What is to stand where something was found; nothing yet for what the next piece may go on with."""
        sign = found[0]
        if found.lastgroup == "begun":
            self._begun = sign
            return b""
        if sign == self._closed_by or sign in _CLOSED_BY:
            self._closed_by = _CLOSED_BY.get(sign, b"")
            return sign
        if sign == b"&":
            return b"&amp;"
        if sign.startswith(b"&") and _is_allowed(found):
            return sign
        self._signs.note(raw, found.start(), 1)
        return b" "


class _Counted:
    """How many signs were none, and in which line the first of them was."""

    def __init__(self, odd: Odd) -> None:
        self.odd, self.many, self.first = odd, 0, 0
        self._line = 1

    def note(self, raw: bytes, at: int, many: int) -> None:
        """There are so many in this piece, the first at `at`."""
        self.many += many
        self.first = self.first or self._line + raw.count(b"\n", 0, at)

    def leave(self, raw: bytes) -> None:
        """The piece is done with."""
        self._line += raw.count(b"\n")


@cache
def _pattern(closed_by: bytes, *, is_utf8: bool, is_last: bool) -> re.Pattern[bytes]:
    """What to look for inside of what is closed by this, or outside; what is begun only where something may follow."""
    signs = [_CONTROLS, _NO_SIGNS] if is_utf8 else [_CONTROLS]
    if closed_by:
        begun, ways = _MAY_END[closed_by], [re.escape(closed_by), *signs]
    else:
        begun, ways = _BEGUN, [*map(re.escape, _CLOSED_BY), *signs, _REFERENCE]
    return re.compile(b"|".join(ways if is_last else [begun, *ways]))


def _is_allowed(reference: re.Match[bytes]) -> bool:
    """Whether a text may have what is referred to: a sign of XML 1.0, or one of its five names."""
    if reference.lastgroup is None:
        return True
    code = int(reference[reference.lastgroup], 10 if reference.lastgroup == "decimal" else 16)
    return code in {9, 10, 13} or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF


def _means_utf8(name: bytes) -> bool:
    """Whether it is one of the names that programs have for it; what is ASCII is UTF-8, too."""
    try:
        return codecs.lookup(name.decode("ascii", "replace")).name in {"utf-8", "utf-8-sig", "ascii"}
    except LookupError:
        return False
