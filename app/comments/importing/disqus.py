"""Disqus: the XML file that its “Export Comments” sends by mail, unpacked."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from app.comments.importing.row import Broken, Deleted, LeftOut, Refused, Row, Thread, Unreadable, key_of, moment
from app.comments.importing.words import words
from app.comments.importing.xml import Tag, tags
from app.comments.models import State
from app.web.moving import Fault

KIND = "disqus"
BESIDE = {"email": "address", "ipAddress": "ip"}


def read(file: BinaryIO) -> Iterator[Row | Deleted | LeftOut | Fault]:
    """Every comment, which Disqus calls a post; the threads stand before them."""
    return _Reader().rows(file)


class _Reader:
    """Which threads there are, and what has been said of the thing that is being read."""

    def __init__(self) -> None:
        self._threads: dict[str, Thread] = {}
        self._said: dict[str, str] = {}
        self._begins = 0

    def rows(self, file: BinaryIO) -> Iterator[Row | Deleted | LeftOut | Fault]:
        for number, tag in enumerate(tags(file)):
            if isinstance(tag, Broken):
                yield tag
            elif number == 0 and tag.name != "disqus":
                raise Unreadable(f"is no Disqus export: it begins with <{tag.name}> and not with <disqus>.")
            elif tag.text is None:
                self._begin(tag)
            elif tag.depth > 2:
                self._said[tag.name] = tag.text
            elif tag.name == "thread":
                self._note_thread(self._said)
            elif tag.name == "post":
                yield self._row(self._said)

    def _begin(self, tag: Tag) -> None:
        """A post names its thread and what it answers in attributes."""
        if tag.depth == 2:
            self._said, self._begins = {"number": tag.attributes.get("id", "")}, tag.line
        elif tag.name in {"thread", "parent"}:
            self._said[f"{tag.name} number"] = tag.attributes.get("id", "")

    def _note_thread(self, said: Mapping[str, str]) -> None:
        known = tuple(filter(None, (said.get("link", ""), said.get("id", ""))))
        name = known[0] if known else said.get("title", "") or said["number"]
        self._threads[said["number"]] = Thread(name, known)

    def _row(self, said: Mapping[str, str]) -> Row | Deleted | Fault:
        try:
            return self._comment_of(said)
        except Refused as error:
            return Fault(self._begins, error.column, str(error))

    def _comment_of(self, said: Mapping[str, str]) -> Row | Deleted:
        at = moment(said.get("createdAt", ""), "createdAt")
        old, parent, number = _number(said), said.get("parent number", ""), said.get("thread number", "")
        thread = self._threads.get(number)
        if thread is None:
            raise Refused("thread", f"The file has no thread {number or 'for it'}.")
        key, above = key_of(KIND, "", old), key_of(KIND, "", parent) if parent else None
        if _is(said, "isDeleted"):
            return Deleted(self._begins, key, thread, above, at)
        state = _state(said)
        text = words(said.get("message", ""), "message", state)
        beside = tuple(what for name, what in BESIDE.items() if said.get(name))
        return Row(self._begins, key, thread, above, said.get("name", ""), text, at, state, beside)


def _number(said: Mapping[str, str]) -> str:
    """Its number in all of Disqus; very old ones have only the one that their site gave them."""
    if said["number"]:
        return said["number"]
    if not said.get("id"):
        raise Refused("id", "It has no number.")
    return f"id {said['id']}"


def _state(said: Mapping[str, str]) -> State:
    if _is(said, "isSpam"):
        return State.SPAM
    return State.PUBLISHED if _is(said, "isApproved", unsaid=True) else State.WAITING


def _is(said: Mapping[str, str], name: str, *, unsaid: bool = False) -> bool:
    word = said.get(name, "")
    if word not in {"true", "false", ""}:
        raise Refused(name, f"“{word[:40]}” is neither true nor false.")
    return word == "true" if word else unsaid
