"""The files of a delivery: the same rows as CSV, sheet and JSON, safe to open, and their manifest."""

import csv
import io
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Self

import xlsxwriter

from app.handover.manifest import FIELDS, Facts, written
from app.handover.printed import Printed
from app.kit.durable import sync_folder

NAMES = ("records.csv", "records.xlsx", "records.json", "manifest.json")
PART = ".part"
ROWS_A_SHEET = 1_000_000
NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)  # sheets have to say when they were made; the manifest does

_BLANK = r"\s\ufeff\u200b-\u200f\u2060"
_STARTS = r"=+\-@\uff1d\uff0b\uff0d\uff20'"  # a formula, also full-width; and our own mark
_RISKY = re.compile(rf"\A(?=[{_BLANK}]*[{_STARTS}])|\A(?=[\t\r\n])|(?<=[;\t\r\n])(?=[ {_BLANK[2:]}]*[{_STARTS}])")
_MARKED = re.compile(r"(?:\A|(?<=[;\t\r\n]))'")


@dataclass(frozen=True, slots=True)
class Delivery:
    """The four files, to the byte."""

    files: dict[str, bytes]

    @classmethod
    def of(cls, rows: list[Printed], facts: Facts) -> Self:
        """Print the rows in their order; the manifest has the hash of each file."""
        files = {"records.csv": as_csv(rows), "records.xlsx": as_sheet(rows), "records.json": as_json(rows)}
        hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
        return cls(files | {"manifest.json": written(facts | {"files": hashes})})

    def write(self, folder: Path) -> "Written":
        """Put the files into a folder under names that say they are not there yet. Raises OSError."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = Written(folder)
        try:
            for name, content in self.files.items():
                _write(folder / f"{name}{PART}", content)
        except OSError:
            written.remove()
            raise
        return written


@dataclass(frozen=True, slots=True)
class Written:
    """Files that lie on disk and are not named yet: first the database has to hold what they say."""

    folder: Path

    def place(self) -> None:
        """Give them their names."""
        for name in NAMES:
            (self.folder / f"{name}{PART}").replace(self.folder / name)
        sync_folder(self.folder)

    def remove(self) -> None:
        for name in NAMES:
            (self.folder / f"{name}{PART}").unlink(missing_ok=True)


def guarded(field: str) -> str:
    """The field such that no table takes it for a formula, also one that splits at semicolons, tabs or lines."""
    return _RISKY.sub("'", field)


def unguarded(field: str) -> str:
    """The field as it was."""
    return _MARKED.sub("", field)


def as_csv(rows: Iterable[Printed]) -> bytes:
    """RFC 4180, UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(FIELDS)
    writer.writerows(map(guarded, row) for row in rows)
    return out.getvalue().encode()


def as_json(rows: Iterable[Printed]) -> bytes:
    """A list of objects, one a line."""
    lines = ",\n".join(json.dumps(row._asdict(), ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n".encode()


def as_sheet(rows: list[Printed]) -> bytes:
    """An Excel workbook of strings alone: no formula, no link, no name and no time in its properties."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": NO_TIME.replace(tzinfo=None)})
        for number, start in enumerate(range(0, max(len(rows), 1), ROWS_A_SHEET), start=1):
            sheet = book.add_worksheet("records" if number == 1 else f"records {number}")
            for line, row in enumerate(_with_header(rows[start : start + ROWS_A_SHEET])):
                for column, field in enumerate(row):
                    if field:
                        sheet.write_string(line, column, field)
    return out.getvalue()


def _with_header(rows: Iterable[Printed]) -> Iterator[Iterable[str]]:
    yield FIELDS
    for row in rows:
        yield map(guarded, row)


def _write(path: Path, content: bytes) -> None:
    """The content, on disk when this returns."""
    path.touch(mode=0o600)
    with path.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
