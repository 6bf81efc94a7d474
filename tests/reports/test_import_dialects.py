"""The answers of the form of 2011 in all five dialects of CSV, through the real command.

Of the sheet with all 7,691 answers the first thousand are brought in here, the demo has the others:
tests/site/test_load_demo.py counts them.
"""

import csv
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func

from app.extensions import db
from app.ledger.models import counter
from app.reports.importing import BATCH
from app.reports.models import PlaceState, Report
from app.reports.sheets import Mapping, Row, read
from tests.reports.test_import import GOOD, sheet

DIALECTS = {  # file, what has to be said, rows
    "sheets_de.csv": ([], 60),
    "sheets_en_US.csv": (["--date-order", "mdy"], 60),
    "excel_de_semicolon_cp1252.csv": ([], 60),
    "forms_direct_de.csv": ([], 60),
}
FORMS = "data/imports/google-forms"
KEY_OF_GOOD = "cf485328a27f4d7626d9b1dd10d5804d1a9641dec22e6ad1415526bd4e76513f"  # as imports have stored it


@pytest.mark.parametrize("name", DIALECTS)
def test_every_row_of_every_dialect_comes_in_once(runner: FlaskCliRunner, app: Flask, shared: Path, name: str) -> None:
    said, rows = DIALECTS[name]
    bring_in_twice(runner, app, ["reports", "import", str(shared / FORMS / name), *said], rows)


def test_a_thousand_rows_come_in_batch_by_batch_and_once(
    runner: FlaskCliRunner, app: Flask, shared: Path, tmp_path: Path
) -> None:
    with (shared / FORMS / "sheets_de_full_7691.csv").open(encoding="utf-8", newline="") as whole:
        rows = list(csv.reader(whole))[: 1 + 5 * BATCH + 1]
    with (tmp_path / "sheet.csv").open("w", encoding="utf-8", newline="") as part:
        csv.writer(part).writerows(rows)
    bring_in_twice(runner, app, ["reports", "import", str(tmp_path / "sheet.csv")], 5 * BATCH + 1)


def bring_in_twice(runner: FlaskCliRunner, app: Flask, command: list[str], rows: int) -> None:
    assert f"{rows} rows read: {rows} imported, 0 here already, 0 refused." in runner.invoke(args=command).stdout
    again = runner.invoke(args=command)
    assert f"{rows} rows read: 0 imported, {rows} here already, 0 refused." in again.stdout
    with app.app_context():
        known = db.select(func.count()).select_from(Report).where(Report.place_state == PlaceState.KNOWN)
        assert counter() == rows
        assert (db.session.scalar(known) or 0) / rows > 0.98


def test_a_row_keeps_the_key_under_which_it_was_imported_long_ago(tmp_path: Path) -> None:
    [row] = read(Path(sheet(tmp_path, GOOD)), Mapping.default())
    assert isinstance(row, Row)
    assert row.key == KEY_OF_GOOD
