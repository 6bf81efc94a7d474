"""`flask reports import` and `export`: each row once, nothing guessed, every refusal named."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.extensions import db
from app.ledger.models import Entry, Kind, counter
from app.reports.models import Report, Source, TextState, erase

SHEETS = Path("data/imports/google-forms")
HEADER = (
    "Zeitstempel,In welcher Stadt hast Du Probleme?,Stadtteil / Ort (optional),"
    '"Welche Probleme hast Du? (Mehrfachauswahl möglich)",Welches Gerät nutzt Du?,'
    "Was hat Dir die Hotline gesagt?,Beschreibung (optional)\n"
)
GOOD = (
    '12.11.2011 17:58:36,Hamburg,Altona,"Datenverbindung vorhanden, aber sehr langsam, Kein Netz",'
    'Nokia N8,,"Nichts geht."\n'
)
NO_DATE = "gestern,Berlin,,Kein Netz,,,\n"


def sheet(folder: Path, *lines: str) -> str:
    path = folder / "answers.csv"
    path.write_text(HEADER + "".join(lines), "utf-8")
    return str(path)


def test_american_dates_are_asked_for_and_never_guessed(runner: FlaskCliRunner, app: Flask, shared: Path) -> None:
    file = str(shared / SHEETS / "sheets_en_US.csv")
    asked = runner.invoke(args=["reports", "import", file])
    assert asked.exit_code == 1
    assert "--date-order" in asked.stderr
    told = runner.invoke(args=["reports", "import", file, "--date-order", "mdy"])
    assert told.exit_code == 0
    assert "60 rows read: 60 imported" in told.stdout
    with app.app_context():
        assert counter() == 60


def test_the_same_answers_in_another_dialect_are_not_imported_again(runner: FlaskCliRunner, shared: Path) -> None:
    runner.invoke(args=["reports", "import", str(shared / SHEETS / "sheets_de.csv")])
    for other in ("excel_de_semicolon_cp1252.csv", "forms_direct_de.csv"):
        again = runner.invoke(args=["reports", "import", str(shared / SHEETS / other)])
        assert "0 imported, 60 here already, 0 refused." in again.stdout, other


def test_what_was_erased_since_does_not_come_back(runner: FlaskCliRunner, app: Flask, tmp_path: Path) -> None:
    """By its reporter, or as spam whose time was over: the hash of its key stays for that."""
    file = sheet(tmp_path, GOOD)
    runner.invoke(args=["reports", "import", file])
    with app.app_context():
        erase(db.session.get_one(Report, 1))
        db.session.commit()
    assert "0 imported, 1 here already" in runner.invoke(args=["reports", "import", file]).stdout
    with app.app_context():
        assert counter() == 0


def test_a_dry_run_checks_everything_and_changes_nothing(runner: FlaskCliRunner, app: Flask, tmp_path: Path) -> None:
    dry = runner.invoke(args=["reports", "import", sheet(tmp_path, GOOD, NO_DATE), "--dry-run"])
    assert dry.exit_code == 0
    assert "2 rows read: 1 would be imported, 0 here already, 1 refused." in dry.stdout
    with app.app_context():
        assert counter() == 0


def test_a_refused_row_is_named_by_its_line_and_the_others_come_in(runner: FlaskCliRunner, tmp_path: Path) -> None:
    done = runner.invoke(args=["reports", "import", sheet(tmp_path, GOOD, NO_DATE)])
    assert done.exit_code == 0
    assert "answers.csv:3: Zeitstempel:" in done.stderr
    assert "1 imported, 0 here already, 1 refused." in done.stdout


def test_a_file_in_which_nothing_can_be_used_is_a_failure(runner: FlaskCliRunner, tmp_path: Path) -> None:
    assert runner.invoke(args=["reports", "import", sheet(tmp_path, NO_DATE)]).exit_code == 1


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"a,b\n1,2\n", b"%PDF-1.4"])
def test_what_is_no_answer_of_the_form_is_refused_in_one_sentence(
    runner: FlaskCliRunner, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(content)
    refused = runner.invoke(args=["reports", "import", str(file)])
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: ")
    assert "Traceback" not in refused.output


def test_a_missing_file_is_bad_usage(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["reports", "import", "nowhere.csv"]).exit_code == 2


def test_an_imported_report_says_the_told_day_only_as_a_claim(
    runner: FlaskCliRunner, app: Flask, tmp_path: Path
) -> None:
    runner.invoke(args=["reports", "import", sheet(tmp_path, GOOD)])
    with app.app_context():
        report, entry = db.session.scalars(db.select(Report)).one(), db.session.scalars(db.select(Entry)).one()
        assert (report.source, entry.kind) == (Source.IMPORT, Kind.IMPORTED)
        assert str(entry.claimed_day) == "2011-11-12"
        assert report.told_at.year > 2011
        assert report.symptoms == ["data_slow", "no_network"]
        assert report.text_state == TextState.WAITING


def test_imported_words_are_on_no_page(runner: FlaskCliRunner, client: FlaskClient, tmp_path: Path) -> None:
    runner.invoke(args=["reports", "import", sheet(tmp_path, GOOD)])
    assert "Nichts geht." not in client.get("/").text


def test_an_export_holds_every_counted_report_and_no_secret(runner: FlaskCliRunner, app: Flask, tmp_path: Path) -> None:
    runner.invoke(args=["reports", "import", sheet(tmp_path, GOOD)])
    target = tmp_path / "out.jsonl"
    assert runner.invoke(args=["reports", "export", str(target)]).exit_code == 0
    exported = json.loads(target.read_text("utf-8"))
    assert (exported["place"], exported["district"], exported["text"]) == ("Hamburg", "Altona", "Nichts geht.")
    assert target.stat().st_mode & 0o077 == 0
    with app.app_context():
        report = db.session.scalars(db.select(Report)).one()
        assert report.nonce.hex() not in target.read_text("utf-8")
        assert report.receipt_hash not in target.read_text("utf-8")


def test_an_export_that_cannot_be_written_says_so_and_leaves_nothing(runner: FlaskCliRunner, tmp_path: Path) -> None:
    found = runner.invoke(args=["reports", "export", str(tmp_path / "nowhere" / "all.jsonl")])
    assert (found.exit_code, found.exception.__class__) == (1, SystemExit)
    assert "cannot be written" in found.output
