"""A backup holds everything, and an empty instance elsewhere lives on from it, on either database."""

import stat
import tarfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.ledger.models import Checkpoint
from app.people.models import SignIn
from app.site.audit import differences
from tests.cast import make_comment, make_editor, make_post, make_question, within
from tests.reports.receipts import STATES
from tests.site.backups import Instance, age_key, back_up, contents


@pytest.fixture
def site(app: Flask, posts: Path) -> Flask:
    """A campaign with reports in every state, an erased one, comments, people, files."""
    instance = Path(app.instance_path)
    receipts = [make(app) for make in STATES.values()]
    make_question(app, receipts[0])
    answered = make_comment(app, name="Lena „📵“", email="lena@reader.example")
    make_comment(app, by=make_editor(app), parent=answered)
    within(app, Checkpoint.make)
    make_post(instance / "posts", "aus-dem-browser")
    files = {"handovers/1/records.csv": "a;b", "uploads/2011/bild.jpg": "\0\xff", "campaign.toml": ""}
    for path, text in files.items():
        (instance / path).parent.mkdir(parents=True, exist_ok=True)
        (instance / path).write_text(text, "utf-8")
    return app


def elsewhere(tmp_path: Path, database: str = "") -> Instance:
    return Instance(tmp_path / "elsewhere", tmp_path / "posts", database)


def test_the_site_lives_on_elsewhere_with_every_row_and_file(site: Flask, tmp_path: Path) -> None:
    receipt = STATES["counted"](site)
    archive, before = back_up(site, tmp_path / "site.tar"), contents(site)
    with elsewhere(tmp_path).restored(archive).app() as app:
        assert contents(app) == before
        assert list(differences()) == []
        assert app.test_client().get(f"/reports/{receipt}").status_code == 200
        assert app.secret_key == site.secret_key
        made = elsewhere(tmp_path).folder
        for name in ("posts/aus-dem-browser.md", "handovers/1/records.csv", "uploads/2011/bild.jpg", "ledger_key"):
            assert (made / name).read_bytes() == (Path(site.instance_path) / name).read_bytes()
        assert not (made / "limits.sqlite").exists()


def test_whoever_was_signed_in_signs_in_anew_after_a_restore(site: Flask, tmp_path: Path) -> None:
    """Which sessions were ended since the backup, by their owner or by a revocation, it cannot know."""
    within(site, lambda: SignIn.begin(1, "Firefox · Linux"))
    archive = back_up(site, tmp_path / "site.tar")
    assert within(site, lambda: len(SignIn.open_for(1))) == 1
    with elsewhere(tmp_path).restored(archive).app():
        assert SignIn.open_for(1) == []
        assert len(db.session.scalars(select(SignIn)).all()) == 1


def test_it_moves_to_postgresql_goes_on_there_and_comes_back(site: Flask, tmp_path: Path, postgres: str) -> None:
    archive, before = back_up(site, tmp_path / "site.tar"), contents(site)
    with elsewhere(tmp_path, postgres).restored(archive).app() as app:
        assert contents(app) == before
        STATES["counted"](app)  # the next id is free, the ledger goes on
        make_comment(app)
        assert list(differences()) == []
        after, again = contents(app), back_up(app, tmp_path / "again.tar")
    with Instance(tmp_path / "back", tmp_path / "posts").restored(again).app() as app:
        assert contents(app) == after


def test_an_archive_tells_only_its_owner_and_names_what_is_in_it(site: Flask, tmp_path: Path) -> None:
    archive = back_up(site, tmp_path / "site.tar")
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    assert "rows/report/000000.jsonl.gz" in names
    assert names[-2:] == ["manifest.json", "sha256"]
    assert not any(part in name for name in names for part in ("outbox", "erasures", "jobs", "limits", "logs", "lock"))
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_it_is_never_written_over_a_file_unless_forced(site: Flask, tmp_path: Path) -> None:
    target = tmp_path / "kept.tar"
    target.write_text("an older one")
    refused = site.test_cli_runner().invoke(args=["backup", "create", str(target)])
    assert (refused.exit_code, target.read_text()) == (1, "an older one")
    back_up(site, target, "--force")
    assert tarfile.is_tarfile(target)


def test_an_encrypted_one_is_read_by_each_of_its_keys_and_by_nobody_else(site: Flask, tmp_path: Path) -> None:
    keys = [age_key(tmp_path / f"{name}.txt") for name in ("one", "two", "stranger")]
    archive = back_up(site, tmp_path / "site.age", "--to", keys[0][0], "--to", keys[1][0])
    assert b"jsonl" not in archive.read_bytes()
    there = elsewhere(tmp_path)
    assert "--identity" in there.refuses(archive)
    assert "other keys" in there.refuses(archive, "--identity", keys[2][1])
    there.restored(archive, "--identity", keys[1][1])


def test_of_an_instance_without_a_database_there_is_no_backup(tmp_path: Path) -> None:
    done = elsewhere(tmp_path).flask("backup", "create", tmp_path / "nothing.tar")
    assert (done.exit_code, "holds nothing yet" in done.stderr) == (1, True)
    assert not (tmp_path / "nothing.tar").exists()


@pytest.mark.parametrize("arguments", [("create",), ("create", "x.tar", "--to", "ssh-rsa"), ("restore", "missing.tar")])
def test_bad_usage_is_told_apart(app: Flask, arguments: tuple[str, ...]) -> None:
    assert app.test_cli_runner().invoke(args=["backup", *arguments]).exit_code == 2


def test_a_configuration_that_is_there_already_stays_and_a_site_that_is_there_too(site: Flask, tmp_path: Path) -> None:
    (Path(site.instance_path) / "config.toml").write_text("workers = 3\n")
    archive, there = back_up(site, tmp_path / "site.tar"), elsewhere(tmp_path)
    there.folder.mkdir()
    (there.folder / "config.toml").write_text("workers = 1\n")
    assert "config.toml was here already" in there.flask("backup", "restore", archive).stderr
    assert (there.folder / "config.toml").read_text() == "workers = 1\n"
    with there.app() as app:
        before = contents(app)
        again = there.flask("backup", "restore", archive)
        assert (again.exit_code, "not empty" in again.stderr) == (1, True)
        assert contents(app) == before


def test_settings_under_which_it_would_not_work_are_refused(site: Flask, tmp_path: Path) -> None:
    (Path(site.instance_path) / "config.toml").write_text('database_url = "postgresql://elsewhere/site"\n')
    archive, there = back_up(site, tmp_path / "site.tar"), elsewhere(tmp_path)
    assert "another database" in there.refuses(archive)
    there.environ["EINZELFALL_SECRET_KEY"] = "another one"
    assert "no receipt would open" in there.refuses(archive)
