"""The three files say the same, nothing in them is a formula, nothing is lost."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.handover.attack.sheet import read_sheet
from app.handover.files import Delivery, as_csv, as_sheet, guarded, unguarded
from app.handover.manifest import FIELDS
from app.handover.printed import UNPRINTABLE, Printed, _plain

STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def _rows(texts: list[str]) -> list[Printed]:
    return [Printed("Deutschland", "Berlin", text[:60], "", "2011-11", "no_data;sms", text) for text in texts]


def _table(rows: list[Printed]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(rows).decode(), newline=""), strict=True))


@pytest.fixture(scope="module")
def attacks(shared: Path) -> list[str]:
    """Every attack string that outside tests use, as words come out of the database."""
    files = sorted((shared / "data" / "security").glob("*.jsonl"))
    lines = (line for path in files for line in path.read_text("utf-8").splitlines())
    found = [_plain(json.loads(line)["s"].encode("utf-8", "ignore").decode()) for line in lines]
    return [one for one in found if one]


def test_no_attack_string_becomes_a_formula_and_none_is_lost(attacks: list[str]) -> None:
    rows = _rows(attacks)
    table = _table(rows)
    assert tuple(table[0]) == FIELDS
    assert len(attacks) > 5_000
    for row, read in zip(rows, table[1:], strict=True):
        assert [unguarded(field) for field in read] == list(row)
        assert not [field for field in read if field.strip().startswith(STARTS) or field.startswith(STARTS)]


def test_a_sheet_holds_strings_alone(attacks: list[str]) -> None:
    rows = _rows(attacks)
    content = as_sheet(rows)
    sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    for row, cells in zip(rows, list(sheet.iter_rows())[1:], strict=True):
        assert [unguarded(str(cell.value or "")) for cell in cells] == list(row)
        assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "inlineStr"}
        assert not [cell for cell in cells if str(cell.value or "").lstrip().startswith(STARTS)]
    assert read_sheet(content) == [tuple(row) for row in rows]


def test_a_sheet_names_nobody_no_time_and_no_link() -> None:
    with zipfile.ZipFile(io.BytesIO(as_sheet(_rows(["https://o2.example/", "mailto:a@o2.example"])))) as book:
        assert not [name for name in book.namelist() if "rels" in name and b"hyperlink" in book.read(name)]
        core = book.read("docProps/core.xml").decode()
        assert "<dc:creator></dc:creator>" in core
        assert core.count("1980-01-01T00:00:00Z") == 2
        assert {one.date_time[0] for one in book.infolist()} == {1980}


@pytest.mark.parametrize(
    ("field", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("＝1", "'＝1"),
        ("kein Netz;=cmd|x", "kein Netz;'=cmd|x"),
        ("eins\n-80 dBm", "eins\n'-80 dBm"),
        ("'n Netz", "''n Netz"),
        ("seit 3-4 Tagen", "seit 3-4 Tagen"),
    ],
)
def test_a_field_is_marked_where_a_table_would_calculate(field: str, safe: str) -> None:
    assert (guarded(field), unguarded(safe)) == (safe, field)


@given(st.text(alphabet=st.sampled_from("=+-@'; \t\r\n\ufeffaä＝"), max_size=12))
def test_every_mark_can_be_taken_off_again(field: str) -> None:
    assert unguarded(guarded(field)) == field


def test_the_files_say_the_same_in_one_order() -> None:
    rows = _rows([_plain("zwei\r\nZeilen"), 'ein "Zitat", und', "=1"])
    files = Delivery.of(rows, {"k": 10}).files
    said = json.loads(files["records.json"])
    assert [tuple(one.values()) for one in said] == [tuple(row) for row in rows] == read_sheet(files["records.xlsx"])
    assert files["records.csv"].count(b"\r\n") == 4
    assert UNPRINTABLE.sub("", "a\x00b\ud800c\uffff") == "abc"
