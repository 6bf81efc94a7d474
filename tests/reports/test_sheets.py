"""What the importer reads from the table of a Google Form."""

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import clock
from app.reports.sheets import (
    DateOrder,
    DateOrderNeeded,
    Mapping,
    Row,
    UnreadableFile,
    read,
)
from app.reports.sheets.answers import split_answers, tidy
from app.web.moving import Fault

HEADER = [
    "Zeitstempel",
    "In welcher Stadt hast Du Probleme?",
    "Stadtteil / Ort (optional)",
    "Welche Probleme hast Du? (Mehrfachauswahl möglich)",
    "Welches Gerät nutzt Du?",
    "Was hat Dir die Hotline gesagt?",
    "Beschreibung (optional)",
]
SLOW = "Datenverbindung vorhanden, aber sehr langsam"
STUCK = "Datenverbindung vorhanden, aber kein Datenverkehr"
NIGHT = "12.11.2011 17:58:36"
MAPPING = Mapping.default()
SMALL = ("excel_de_semicolon_cp1252.csv", "forms_direct_de.csv", "sheets_de.csv", "sheets_en_US.csv")


def row(told_at: str = NIGHT, place: str = "Kiel", symptoms: str = SLOW, text: str = "") -> list[str]:
    return [told_at, place, "", symptoms, "", "", text]


def table(*rows: list[str], delimiter: str = ",") -> str:
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADER, *rows])
    return out.getvalue()


@pytest.fixture
def sheet(tmp_path: Path) -> "Sheet":
    return Sheet(tmp_path / "answers.csv")


class Sheet:
    """A file of answers."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def reads(self, content: str | bytes, order: DateOrder | None = None) -> list[Row | Fault]:
        self.path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read(self.path, MAPPING, order))

    def read_row(self, content: str, order: DateOrder | None = None) -> Row:
        [found] = self.reads(content, order)
        assert isinstance(found, Row), found
        return found

    def fault(self, content: str, order: DateOrder | None = None) -> Fault:
        [found] = self.reads(content, order)
        assert isinstance(found, Fault), found
        return found

    def refusal(self, content: str | bytes) -> str:
        with pytest.raises(UnreadableFile) as refused:
            self.reads(content)
        return str(refused.value)


def answers(path: Path) -> list[Row]:
    found = list(read(path, MAPPING, DateOrder.MDY))
    assert [one for one in found if isinstance(one, Fault)] == []
    return [one for one in found if isinstance(one, Row)]


def test_all_7691_answers_of_the_form_of_2011_are_read(shared: Path) -> None:
    rows = answers(shared / "data/imports/google-forms/sheets_de_full_7691.csv")
    assert len(rows) == len({row.key for row in rows}) == 7691
    assert (rows[0].told_at, rows[0].place) == (datetime(2011, 11, 12, 16, 58, 36, tzinfo=UTC), "Bottrop")
    counts = Counter(symptom for row in rows for symptom in row.symptoms)
    assert (counts["data_slow"], counts["data_stuck"], counts["calls_in"]) == (5073, 4806, 2399)
    assert {row.hotline for row in rows} == {"", *MAPPING.hotline}
    assert sum("Sonstiges: MMS, E-Mail gehen nicht" in row.text for row in rows) == 79


@pytest.mark.parametrize("name", SMALL)
def test_the_same_answers_have_the_same_keys_in_every_dialect(shared: Path, name: str) -> None:
    folder = shared / "data/imports/google-forms"
    full = answers(folder / "sheets_de_full_7691.csv")[:60]
    assert answers(folder / name) == full


def test_line_numbers_are_those_of_the_file_even_after_cells_of_several_lines(shared: Path) -> None:
    path = shared / "data/imports/google-forms/sheets_de_full_7691.csv"
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    assert all(row.place in lines[row.line - 1] for row in answers(path))


@pytest.mark.parametrize(
    ("cell", "keys", "other"),
    [
        (f"{SLOW}, {STUCK}, Kein Netz", ("data_slow", "data_stuck", "no_network"), ""),
        (f"Kein Netz;{SLOW}", ("data_slow", "no_network"), ""),
        ("Sonstiges: MMS, E-Mail gehen nicht", (), "Sonstiges: MMS, E-Mail gehen nicht"),
        (f"nur im Zug, {SLOW}, abends; nachts", ("data_slow",), "nur im Zug; abends; nachts"),
        ("Im Zug oft Kein Netz", (), "Im Zug oft Kein Netz"),
        ("Datenverbindung vorhanden, Kein Netz", ("no_network",), "Datenverbindung vorhanden"),
        ("KEIN  NETZ,Kein Netz", ("no_network",), ""),
        (" ,;, ", (), ""),
    ],
)
def test_options_with_commas_are_found_and_the_rest_is_kept(cell: str, keys: tuple[str, ...], other: str) -> None:
    assert split_answers(cell, MAPPING.symptom_options) == (keys, other)


def test_an_answer_that_is_no_option_ends_the_text(sheet: Sheet) -> None:
    found = sheet.read_row(table(row(symptoms=f"{SLOW}, nur im Zug", text="Seit Mai.")))
    assert (found.symptoms, found.text) == (("data_slow",), "Seit Mai.\nnur im Zug")


@pytest.mark.parametrize(
    ("told_at", "moment"),
    [
        ("12.11.2011 17:58:36", "2011-11-12T16:58:36+00:00"),
        ("12.07.2011 17:58", "2011-07-12T15:58:00+00:00"),
        ("2011/11/12 5:58:36 nachm. MEZ", "2011-11-12T16:58:36+00:00"),
        ("2011/07/12 12:05:00 vorm. MESZ", "2011-07-11T22:05:00+00:00"),
        ("2011/11/12 12:05:00 PM GMT+1", "2011-11-12T11:05:00+00:00"),
        ("31.12.9999 23:59:00 GMT-5", None),
        ("2011/11/12 5:58:36 AM EET", None),
        ("2011-11-12T17:58:36Z", "2011-11-12T17:58:36+00:00"),
        ("2011-11-12 17:58:36-05:30", "2011-11-12T23:28:36+00:00"),
        ("30.10.2011 02:30:00", "2011-10-30T00:30:00+00:00"),
        ("27.03.2011 02:30:00", None),
        ("30.02.2011 10:00:00", None),
        ("25.13.2011 10:00:00", None),
        ("12.11.2011 25:00:00", None),
        ("2011/11/12 13:00:00 nachm. MEZ", None),
        ("12.11.11 10:00:00", None),
        ("12.11.2011", None),
        ("12.11.0011 10:00:00", None),
        ("2011-11-12 10:00+99", None),
        ("gestern abend", None),
        ("", None),
    ],
)
def test_a_time_is_read_as_it_is_written_or_the_row_is_refused(sheet: Sheet, told_at: str, moment: str | None) -> None:
    [found] = sheet.reads(table(row(told_at)))
    if moment:
        assert isinstance(found, Row)
        assert found.told_at.isoformat() == moment
    else:
        assert isinstance(found, Fault)
        assert (found.line, found.column) == (2, "Zeitstempel")


@pytest.mark.parametrize("told_at", ["11/12/2011 17:58:36", "25/12/2011 17:58:36", "11-12-2011 17:58"])
def test_whether_day_or_month_comes_first_is_asked_and_never_guessed(sheet: Sheet, told_at: str) -> None:
    with pytest.raises(DateOrderNeeded, match="Line 3") as asked:
        sheet.reads(table(row(), row(told_at)))
    assert asked.value.example == told_at


def test_the_order_that_was_said_is_kept_to(sheet: Sheet) -> None:
    content = table(row("11/12/2011 10:00:00"))
    assert sheet.read_row(content, DateOrder.DMY).told_at.month == 12
    assert sheet.read_row(content, DateOrder.MDY).told_at.month == 11
    assert "year in front" in sheet.fault(content, DateOrder.ISO).reason
    assert "calendar" in sheet.fault(table(row("25/12/2011 10:00:00")), DateOrder.MDY).reason


def test_what_is_said_to_be_told_tomorrow_is_refused(sheet: Sheet) -> None:
    tomorrow = f"{clock.now() + timedelta(days=1):%d.%m.%Y %H:%M:%S}"
    assert "future" in sheet.fault(table(row(tomorrow))).reason


def test_a_row_that_says_neither_where_nor_what_is_refused(sheet: Sheet) -> None:
    assert "neither where nor what" in sheet.fault(table(row(place=" ", symptoms=""))).reason
    assert sheet.read_row(table(row(place=""))).place == ""
    assert sheet.read_row(table(row(symptoms=""))).symptoms == ()


def test_a_cell_that_is_too_long_refuses_its_row_and_no_other(sheet: Sheet) -> None:
    found = sheet.reads(table(row(place="x" * 121), row(), row(symptoms=" " * 9 + "," * 99_999)))
    assert [(type(one), one.line) for one in found] == [(Fault, 2), (Row, 3), (Fault, 4)]
    assert found[0] == Fault(2, HEADER[1], "121 characters are more than 120.")


def test_a_row_of_another_width_is_refused_and_blank_rows_are_none(sheet: Sheet) -> None:
    content = table() + "\n,,,,,,\n" + f"{NIGHT},Kiel\n" + f"{NIGHT},Kiel,,Kein Netz,,,,more\n"
    assert [(one.line, "cells" in str(one)) for one in sheet.reads(content)] == [(4, True), (5, True)]


def test_equal_rows_keep_keys_of_their_own_that_stay_when_read_again(sheet: Sheet) -> None:
    content = table(row(), row(), row("12.11.2011 17:58:37"))
    keys = [one.key for one in sheet.reads(content) if isinstance(one, Row)]
    assert len(set(keys)) == 3
    assert keys == [one.key for one in sheet.reads(content) if isinstance(one, Row)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n\n", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        ("Zeitstempel".encode("utf-16"), "UTF-16"),
        (table(row(text="a\0b")).encode(), "Line 2 has a NUL"),
        (table(row(text="grün")).encode("cp1252") + b"\x81", "Line 3 is neither UTF-8 nor"),
        (table(row()).encode("cp850"), "no column"),
        (b"name,mail\nLena,lena@example.org\n", 'no column "Zeitstempel" or "Timestamp"'),
        (table().replace("Beschreibung (optional)", "E-Mail").encode(), '"E-Mail"'),
        (table().replace("Beschreibung (optional)", "Timestamp").encode(), "Two columns"),
        ((table(row()) + f'{NIGHT},"Kiel').encode(), "begins in line 3 is not CSV"),
        (b"<html><body>Sign in</body></html>", "no column"),
    ],
)
def test_a_file_that_is_not_the_table_is_refused_with_a_sentence(sheet: Sheet, content: bytes, says: str) -> None:
    assert says in sheet.refusal(content)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(UnreadableFile, match="cannot be opened"):
            read(path, MAPPING)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=80)
FORMATS = ("%d.%m.%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %I:%M:%S %p")
START = datetime(2011, 11, 1, tzinfo=UTC)
TOLD = st.tuples(
    st.integers(0, 120 * 24 * 3600).map(lambda seconds: START + timedelta(seconds=seconds)),
    CELLS,
    st.lists(st.sampled_from(sorted(MAPPING.symptoms)), min_size=1, unique=True),
    CELLS,
)


@given(
    told=st.lists(TOLD, max_size=5),
    dialect=st.tuples(
        st.sampled_from(",;\t"),
        st.sampled_from(["utf-8", "utf-8-sig"]),
        st.sampled_from([", ", ";"]),
        st.sampled_from(FORMATS),
    ),
)
def test_what_was_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    told: list[tuple[datetime, str, list[str], str]],
    dialect: tuple[str, str, str, str],
) -> None:
    delimiter, encoding, joint, date = dialect
    path = tmp_path_factory.mktemp("sheet") / "answers.csv"
    rows = [
        row(at.strftime(date), place, joint.join(MAPPING.symptoms[key][0] for key in keys), text)
        for at, place, keys, text in told
    ]
    path.write_bytes(table(*rows, delimiter=delimiter).encode(encoding))
    found = answers(path)
    assert [(one.place, set(one.symptoms), one.text) for one in found] == [
        (tidy(place), set(keys), tidy(text)) for _, place, keys, text in told
    ]
    assert [one.told_at + timedelta(hours=1) for one in found] == [at for at, *_ in told]
