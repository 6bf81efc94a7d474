"""From bytes to a table: encoding, delimiter, quotes, and the line each row begins on."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.reports.sheets.errors import UnreadableFile

MAX_BYTES = 64 * 1024 * 1024
NUL = b"\0"
DELIMITERS = (",", ";", "\t")
NOT_TEXT = {
    b"PK\x03\x04": "a workbook or an archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}

Missing = Callable[[tuple[str, ...]], int]


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the table and the line of the file it begins on; quoted cells may span lines."""

    line: int
    cells: tuple[str, ...]


def read_records(path: Path, missing: Missing) -> list[Record]:
    """The header, then the rows that are not blank.

    The delimiter is the one under which the first row lacks the fewest columns, as `missing` counts them.
    """
    text = _decoded(_content(path))
    delimiter = min(DELIMITERS, key=lambda mark: missing(_first_row(text, mark)))
    records = list(_records(text, delimiter))
    if not records:
        raise UnreadableFile("The file is empty.")
    return records


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"The file cannot be opened: {error.strerror}.") from error


def _decoded(content: bytes) -> str:
    """UTF-8, or what Excel on Windows writes; a wrong guess shows in a header that is not known."""
    for magic, kind in NOT_TEXT.items():
        if content.startswith(magic):
            raise UnreadableFile(f"The file is {kind}, not CSV. Save it as CSV (UTF-8).")
    if NUL in content:
        line = content.count(b"\n", 0, content.index(NUL)) + 1
        raise UnreadableFile(f"Line {line} has a NUL byte; CSV has none.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded_from_windows(content)


def _decoded_from_windows(content: bytes) -> str:
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"Line {line} is neither UTF-8 nor Windows-1252. Save the file as CSV (UTF-8).") from error


def _first_row(text: str, delimiter: str) -> tuple[str, ...]:
    """The first row that is not blank, leniently: under a wrong delimiter quotes look misplaced."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return next((tuple(cells) for cells in rows if any(cell.strip() for cell in cells)), ())
    except csv.Error:
        return ()


def _records(text: str, delimiter: str) -> Iterator[Record]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Record(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(
            f"The row that begins in line {line} is not CSV ({error}); is a quotation mark left open?"
        ) from error
