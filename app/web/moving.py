"""Moving things in and out by commands: what became of each row, how far it is, files that are whole or not there."""

import errno
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from app.kit.durable import sync_folder

SHOWN = 50  # faults that are printed one by one
LONGEST = 600  # characters of a line that is printed


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is refused: its line, the column as the file calls it or "", and a sentence."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.column}: {self.reason}" if self.column else self.reason


@dataclass(slots=True)
class Tally:
    """What became of the rows."""

    imported: int = 0
    known: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.imported + self.known + len(self.faults)

    @property
    def is_vain(self) -> bool:
        """Whether there was something to read, and none of it could be used."""
        return bool(self.faults) and not self.imported and not self.known


def follow(steps: Iterator[int], total: int | None) -> None:
    """Do what yields how much further it is each time, and show it where somebody looks."""
    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("Importing", total=total)
        for count in steps:
            shown.advance(task, count)


def print_faults(file: Path, faults: list[Fault]) -> None:
    """The first ones, each with its line; of the others how many there are."""
    for fault in faults[:SHOWN]:
        click.echo(printable(f"{file}:{fault.line}: {fault}"), err=True)
    if len(faults) > SHOWN:
        click.echo(f"… and {len(faults) - SHOWN} more rows refused", err=True)


def printable(words: str) -> str:
    """Words of somebody's file for a terminal: nothing in them moves its cursor, names its window or has no end."""
    short = words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in short)


def deed(*, is_dry: bool) -> str:
    return "would be imported" if is_dry else "imported"


def write_whole(file: Path, lines: Iterable[str]) -> None:
    """The file whole or not at all, on disk, its owner's only. Raises OSError, also where a link or a pipe is."""
    if file.is_symlink() or (file.exists() and not file.is_file()):
        raise OSError(errno.EINVAL, "it is a link or no plain file, and would be replaced")
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".part")  # mode 0600
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as out:
            out.writelines(f"{line}\n" for line in lines)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)
