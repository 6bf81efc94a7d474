"""What is wrong with a file of the shelf, said to the person who can mend it."""

from dataclasses import dataclass
from pathlib import Path


class Fault(Exception):
    """A file cannot be read as a post; `line` counts from 1 in the file."""

    def __init__(self, reason: str, line: int | None = None):
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding; a fatal one keeps this version of the file off the site."""

    path: Path
    line: int | None
    reason: str
    is_fatal: bool
    keeps_last_good: bool = False

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        kind = "" if self.is_fatal else "warning: "
        kept = " Its last good version stays on the site." if self.keeps_last_good else ""
        return f"{where}: {kind}{self.reason}{kept}"
