"""A record of calls on files, as strace writes it down (`-f -ttt -y -xx`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

LINE = re.compile(r"(\d+) +(\d+\.\d+) (.*)")
RESUMED = re.compile(r"<\.\.\. \w+ resumed>")
UNFINISHED = " <unfinished ...>"
ON_A_FILE = re.compile(r"(\w+)\(\d+<([^>]*)>(.*)")
UNLINK = re.compile(r'(unlink)\("([^"]*)"(.*)')
WRITTEN = re.compile(r', "([^"]*)", \d+, (\d+)')
SIZE = re.compile(r", (\d+)")
DONE = re.compile(r"\) += \d+$")


@dataclass(frozen=True)
class Call:
    """One call that was done; `number` is its place among all, in the order in which they came back."""

    name: str
    path: str
    began_at: float  # as in `time.time()`
    began: int  # how many had come back when it began
    number: int
    offset: int = 0  # in bytes; for ftruncate the size
    data: bytes = b""

    @property
    def is_sync(self) -> bool:
        return self.name in {"fsync", "fdatasync"}

    def cut(self, size: int) -> "Call":
        """Only the first bytes of a write; anything else is done whole."""
        return replace(self, data=self.data[:size])

    def parts(self, size: int) -> Iterator["Call"]:
        """A write in pieces that end where the disk's sectors do; anything else whole."""
        if not self.data:
            yield self
        ends = range(self.offset - self.offset % size + size, self.offset + len(self.data) + size, size)
        begins = self.offset
        for end in ends:
            data = self.data[begins - self.offset : end - self.offset]
            if data:
                yield replace(self, offset=begins, data=data)
            begins = end


def calls_of(log: Path) -> list[Call]:
    """All calls of a record that were done so far."""
    found: list[Call] = []
    open_: dict[str, tuple[str, float, int]] = {}
    for line in log.read_text("ascii").splitlines() if log.exists() else ():
        match = LINE.match(line)
        if not match:
            continue
        thread, at, words = match.group(1), float(match.group(2)), match.group(3)
        if words.endswith(UNFINISHED):
            open_[thread] = words.removesuffix(UNFINISHED), at, len(found)
            continue
        began = (words, at, len(found))
        if resumed := RESUMED.match(words):
            before, *when = open_.pop(thread, ("", at, len(found)))
            began = (before + words[resumed.end() :], *when)  # type: ignore[assignment]  # as it was put in
        if call := _call(*began, len(found)):
            found.append(call)
    return found


def _call(words: str, at: float, began: int, number: int) -> Call | None:
    match = ON_A_FILE.match(words) or UNLINK.match(words)
    if not match or not DONE.search(words):
        return None
    name, path, rest = match.group(1), _bytes(match.group(2)).decode(), match.group(3)
    if name == "pwrite64" and (written := WRITTEN.match(rest)):
        return Call(name, path, at, began, number, int(written.group(2)), _bytes(written.group(1)))
    size = int(found.group(1)) if name == "ftruncate" and (found := SIZE.match(rest)) else 0
    return Call(name, path, at, began, number, size)


def _bytes(hexadecimal: str) -> bytes:
    return bytes.fromhex(hexadecimal.replace("\\x", ""))
