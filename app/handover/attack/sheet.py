"""The rows of a workbook, read without the library that wrote it; a formula or a link in it is refused."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree import ElementTree as ET  # expat itself stops entities that grow (2.4.1); nothing is fetched

from app.handover.files import unguarded
from app.handover.manifest import FIELDS

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHEETS = re.compile(r"xl/worksheets/sheet([0-9]+)\.xml")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ECMA-376, 22.4.2.4


class Unreadable(Exception):
    """A file is not what a delivery is made of; the message says why."""


def read_sheet(content: bytes) -> list[tuple[str, ...]]:
    """All rows of all sheets, without the header. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            names = sorted((int(found[1]), name) for name in book.namelist() if (found := SHEETS.fullmatch(name)))
            shared = list(_shared(book))
            return [row for _, name in names for row in _rows(book.open(name), shared)]
    except (zipfile.BadZipFile, ET.ParseError, KeyError, ValueError, IndexError) as error:
        raise Unreadable(f"the workbook cannot be read ({error})") from None


def _rows(file: IO[bytes], shared: list[str]) -> Iterator[tuple[str, ...]]:
    is_header = True
    for _, element in ET.iterparse(file):  # noqa: S314 -- see above
        if element.tag in {f"{MAIN}f", f"{MAIN}hyperlink"}:
            raise Unreadable("the workbook holds a formula or a link")
        if element.tag == f"{MAIN}row":
            row = _row(element, shared)
            if is_header and row != FIELDS:
                raise Unreadable(f"the workbook begins with {', '.join(row)}")
            if not is_header:
                yield tuple(map(unguarded, row))
            is_header = False
            element.clear()


def _row(element: ET.Element, shared: list[str]) -> tuple[str, ...]:
    fields = [""] * len(FIELDS)
    for cell in element.iter(f"{MAIN}c"):
        column = ord(cell.get("r", "A")[0]) - ord("A")
        kind, value = cell.get("t"), cell.findtext(f"{MAIN}v") or ""
        fields[column] = shared[int(value)] if kind == "s" else value if kind == "str" else _words(cell)
    return tuple(fields)


def _shared(book: zipfile.ZipFile) -> Iterator[str]:
    if "xl/sharedStrings.xml" in book.namelist():
        for _, element in ET.iterparse(book.open("xl/sharedStrings.xml")):  # noqa: S314 -- see above
            if element.tag == f"{MAIN}si":
                yield _words(element)


def _words(element: ET.Element) -> str:
    words = "".join(part.text or "" for part in element.iter(f"{MAIN}t"))
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), words)
