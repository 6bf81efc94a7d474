"""A site is saved before its database is upgraded; without that it is not, and never by an older release."""

from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import text

from app.extensions import db
from app.site import upgrading
from app.site.backup import staging
from app.site.serve import prepare
from tests.ports import free_port
from tests.reports.receipts import make_report
from tests.site.backups import Instance


@pytest.fixture
def before(app: Flask) -> Flask:
    """A site on the database of the release before, with a report."""
    make_report(app)
    with app.app_context():
        downgrade(revision="-1")
        db.session.remove()
    return app


def saved(app: Flask) -> list[Path]:
    return sorted((Path(app.instance_path) / upgrading.FOLDER).glob("*"))


def test_an_upgrade_begins_with_a_backup_from_which_the_site_can_live(before: Flask, tmp_path: Path) -> None:
    with before.app_context():
        prepare()
        assert upgrading.revision() == upgrading.revisions()[0]
    (archive,) = saved(before)
    there = Instance(tmp_path / "elsewhere", tmp_path / "posts").restored(archive)  # and upgraded on the way
    with there.app():
        assert upgrading.revision() == upgrading.revisions()[0]
        assert db.session.scalar(text("SELECT count(*) FROM report")) == 1


def test_a_start_without_anything_to_upgrade_saves_nothing(app: Flask) -> None:
    with app.app_context():
        prepare()
    assert saved(app) == []


def test_the_first_start_saves_nothing(tmp_path: Path) -> None:
    with Instance(tmp_path / "new", tmp_path).app() as app:
        prepare()
        assert saved(app) == []


def test_without_a_backup_nothing_is_upgraded(before: Flask) -> None:
    (Path(before.instance_path) / upgrading.FOLDER).write_text("no folder, so nothing can be written")
    with before.app_context():
        at = upgrading.revision()
        with pytest.raises(upgrading.NotUpgraded, match=r"Nothing was changed\. Make room"):
            prepare()
        assert upgrading.revision() == at


def test_the_last_three_are_kept(before: Flask) -> None:
    folder = Path(before.instance_path) / upgrading.FOLDER
    folder.mkdir()
    for day in range(1, 6):
        (folder / f"before-upgrade-2011110{day}T090000Z-0001.tar").touch()
    (folder / ".before-upgrade-x.tar.abc.part").touch()  # somebody was killed
    with before.app_context():
        prepare()
    assert [path.name[15:23] for path in saved(before)][:2] == ["20111104", "20111105"]
    assert len(saved(before)) == 3


def test_an_older_release_leaves_a_newer_database_alone(app: Flask) -> None:
    with app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        db.session.commit()
        with pytest.raises(upgrading.NotUpgraded, match=r"is newer .* than this release"):
            prepare()
        assert upgrading.revision() == "9999"
    assert saved(app) == []


def test_an_interrupted_restore_is_no_empty_site(tmp_path: Path) -> None:
    there = Instance(tmp_path / "half", tmp_path)
    there.environ["EINZELFALL_PORT"] = str(free_port())  # a site may run beside the tests
    (there.folder / staging.FOLDER).mkdir(parents=True)
    done = there.flask("serve")
    assert (done.exit_code, "a restore was interrupted" in done.stderr) == (1, True)
    assert not (there.folder / "einzelfall.sqlite").exists()
