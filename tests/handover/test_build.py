"""`flask handover build`: four files and an entry, all or nothing."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.handover.files import NAMES
from app.handover.models import Handover, State
from app.ledger.models import Entry, Kind
from tests.handover.telling import propose, tell

pytestmark = pytest.mark.usefixtures("inside")


def test_the_files_are_what_the_manifest_and_the_ledger_say(runner: FlaskCliRunner, tmp_path: Path) -> None:
    tell(45)
    out = tmp_path / "new" / "folder"
    done = runner.invoke(args=["handover", "build", "--k", "10", "--to", "O2", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "Delivery 1 to O2: 30 rows in 1 cells of at least 30" in done.output
    assert sorted(path.name for path in out.iterdir()) == sorted(NAMES)
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert {name: sha256((out / name).read_bytes()).hexdigest() for name in manifest["files"]} == manifest["files"]
    assert [one["by"] for one in manifest["released"]] == ["command line of the server"]
    entry = db.session.scalars(select(Entry).where(Entry.kind == Kind.HANDOVER)).one()
    assert entry.commitment == sha256((out / "manifest.json").read_bytes()).digest()
    checked = runner.invoke(args=["handover", "check", str(out)])
    assert checked.exit_code == 0, checked.output
    assert "with the figures of reports, weeks and symptoms and the ledger" in checked.output


@pytest.mark.parametrize("is_committed", [True, False])
def test_the_only_copy_is_kept_where_the_database_has_the_handover(
    runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_committed: bool
) -> None:
    tell(45)
    out, commit = tmp_path / "out", db.session.commit

    def break_off() -> None:
        """The line to the database breaks before, or just after, it has committed."""
        if is_committed:
            commit()
        raise OperationalError("COMMIT", {}, ConnectionError())

    monkeypatch.setattr(db.session, "commit", break_off)
    done = runner.invoke(args=["handover", "build", "--to", "o2", "--out", str(out)])
    assert done.exit_code == 1
    assert {path.name for path in out.iterdir()} == ({f"{name}.part" for name in NAMES} if is_committed else set())


def test_a_disk_that_fails_after_the_commit_is_told_apart(runner: FlaskCliRunner, tmp_path: Path) -> None:
    tell(45)
    out = tmp_path / "out"

    def occupy(*_: object) -> None:
        (out / "records.json").mkdir()

    event.listen(db.session, "after_commit", occupy, once=True)
    done = runner.invoke(args=["handover", "build", "--to", "o2", "--out", str(out)])
    assert done.exit_code == 1
    assert "handed over, but" in done.output
    assert (out / "records.json.part").exists()
    assert len(Handover.released()) == 1


def test_nobody_of_the_organisations_is_a_name_too(runner: FlaskCliRunner, tmp_path: Path) -> None:
    tell(45)
    done = runner.invoke(args=["handover", "build", "--to", "Bundesnetzagentur", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0
    assert [(one.recipient, one.organisation_slug) for one in Handover.released()] == [("Bundesnetzagentur", None)]


@pytest.mark.parametrize(("arguments", "says"), [(["--k", "4"], "5 or more"), (["--k", "50"], "45 reports wait")])
def test_a_refused_deed_leaves_nothing(runner: FlaskCliRunner, tmp_path: Path, arguments: list[str], says: str) -> None:
    tell(45)
    done = runner.invoke(args=["handover", "build", "--to", "o2", "--out", str(tmp_path / "out"), *arguments])
    assert done.exit_code == 1
    assert says in done.output
    assert list((tmp_path / "out").iterdir()) == []
    assert db.session.scalar(select(Handover)) is None


def test_a_proposal_at_the_desk_is_not_passed_by(runner: FlaskCliRunner, tmp_path: Path) -> None:
    tell(45)
    propose()
    done = runner.invoke(args=["handover", "build", "--to", "o2", "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert "released or discarded" in done.output


def test_a_folder_that_holds_a_delivery_is_not_written_over(runner: FlaskCliRunner, tmp_path: Path) -> None:
    tell(45)
    (tmp_path / "records.csv").write_text("earlier")
    done = runner.invoke(args=["handover", "build", "--to", "o2", "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert (tmp_path / "records.csv").read_text() == "earlier"
    assert db.session.scalar(select(Handover)) is None


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_done(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    tell(45)
    (tmp_path / "file").touch()
    done = runner.invoke(args=["handover", "build", "--to", "o2", "--out", str(tmp_path / "file" / "out")])
    assert done.exit_code == 1
    assert "cannot be written" in done.output
    assert db.session.scalar(select(Handover.state).where(Handover.state != State.DISCARDED)) is None


@pytest.mark.parametrize("command", ["build", "check"])
def test_each_command_explains_itself(runner: FlaskCliRunner, command: str) -> None:
    said = runner.invoke(args=["handover", command, "--help"])
    assert said.exit_code == 0
    assert "--k" in said.output
    assert runner.invoke(args=["handover", command]).exit_code == 2
