"""A large XML file, tag after tag: little of it is in memory at a time, and none of its tricks work."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from app.comments.importing.mending import JUNK, Mending
from app.comments.importing.row import Broken, Mended, Unreadable

DEEPEST = 40  # tags in tags
LONGEST = 8_000_000  # characters of one text; a book has fewer


class Tag(NamedTuple):
    """A tag that begins (`text` is None) or has ended, by its local name; namespaces differ from version to version."""

    name: str
    depth: int
    line: int
    attributes: Mapping[str, str]
    text: str | None


class _TooMuch(Exception):
    """More than any export has."""


class _Target:
    """What the parser tells its tags to."""

    def __init__(self, skipped: int) -> None:
        self.tags: list[Tag] = []
        self._skipped = skipped  # lines before the first tag
        self.lines: Any = None  # expat's parser, which has no type that it could be named by
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self._length = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise _TooMuch("its tags are nested too deep")
        if self._open:
            self._open[-1][2].clear()  # what stands between tags says nothing
        local = _local(name)
        said = {_local(one): value for one, value in attributes.items()}
        self._open.append((local, said, []))
        self._length = 0
        self.tags.append(Tag(local, len(self._open), self.line, said, None))

    def data(self, text: str) -> None:
        self._length += len(text)
        if self._length > LONGEST:
            raise _TooMuch("one of its texts has no end")
        self._open[-1][2].append(text)

    def end(self, _name: str) -> None:
        name, attributes, pieces = self._open.pop()
        self._length = 0
        self.tags.append(Tag(name, len(self._open) + 1, self.line, attributes, "".join(pieces).strip()))

    @property
    def line(self) -> int:
        return int(self.lines.CurrentLineNumber) + self._skipped

    def close(self) -> None:
        """Nothing is left to tell."""


def tags(file: BinaryIO) -> Iterator[Tag | Mended | Broken]:
    """All tags in their order, the last thing of a file that is damaged being where.

    Raises Unreadable for what is no XML, and for entities and document types, which no export has.
    """
    skipped, was_read = _skip_junk(file), False
    target = _Target(skipped)
    mending = Mending(file)
    feeding = _Feeding(target, mending.encoding)
    while True:
        chunk = mending.read()
        try:
            feeding.feed(chunk)
        except DefusedXmlException:
            raise Unreadable(
                "declares entities or a document type. No export does that, and it can do harm: nothing was read."
            ) from None
        except (ParseError, LookupError, ValueError, _TooMuch) as error:
            if not was_read and not target.tags:
                raise Unreadable(f"is no XML file ({error}).") from None
            yield from target.tags
            yield from mending.told(skipped)
            where = getattr(error, "position", None)
            yield Broken(
                where[0] + skipped if where else target.line,
                "",
                f"The file is damaged here ({error}). Nothing after this line was read.",
            )
            return
        was_read = was_read or bool(target.tags)
        yield from target.tags
        target.tags.clear()
        if not chunk:
            yield from mending.told(skipped)
            return


class _Feeding:
    """The parser, and how much it was fed in vain: it looks through that again with each piece."""

    def __init__(self, target: _Target, encoding: str | None) -> None:
        self._parser = XMLParser(target=target, encoding=encoding, forbid_dtd=True)
        target.lines = self._parser.parser
        self._reached, self._in_vain = -1, 0

    def feed(self, chunk: bytes) -> None:
        if not chunk:
            self._parser.close()
            return
        self._parser.feed(chunk)
        reached = self._parser.parser.CurrentByteIndex
        self._in_vain = self._in_vain + len(chunk) if reached == self._reached else 0
        self._reached = reached
        if self._in_vain > LONGEST:
            raise _TooMuch("one of its tags has no end")


def _skip_junk(file: BinaryIO) -> int:
    """Begin at the first tag, whatever a copy or an editor has put before it; how many lines that was."""
    head = file.read(JUNK)
    begins = head.find(b"<")
    if begins < 0 or b"\0" in head:
        raise Unreadable("is no XML file in UTF-8.")
    file.seek(begins)
    return head[:begins].count(b"\n")


def _local(name: str) -> str:
    return name.rpartition("}")[2]
