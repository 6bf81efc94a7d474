"""How long the files of a handover are kept; what is left half done is lost by nobody and kept for nothing."""

from pathlib import Path
from random import Random

import pytest
from flask import Flask

from app.extensions import db
from app.handover import archive
from app.handover.models import Handover
from app.kit import clock
from app.site.retention import enforce
from tests.cast import within
from tests.conftest import At
from tests.handover.making import propose, tell_crowd, the
from tests.page import Pages

DAY = 24 * 60  # minutes


def release(app: Flask, number: int) -> None:
    def work() -> None:
        archive.stage(the(number), the(number).seal([("Olga", clock.now())], Random(2)))

    within(app, work)
    within(app, lambda: archive.settle(the(number)))


def gone(app: Flask, *, is_dry: bool = False) -> int:
    return within(app, lambda: {rule.key: count for rule, count in enforce(is_dry=is_dry)}["handover-files"] or 0)


@pytest.fixture
def folder(app: Flask) -> Path:
    return Path(app.instance_path) / "handovers"


def test_files_go_after_thirty_days_and_the_manifest_stays(on_each: Flask, at: At) -> None:
    tell_crowd(on_each)
    number = propose(on_each)
    at(0)
    release(on_each, number)
    folder = Path(on_each.instance_path) / "handovers"
    assert sorted(path.name for path in (folder / "1").iterdir()) == sorted(archive.KINDS)
    at(30 * DAY - 60)
    assert gone(on_each) == 0
    at(30 * DAY + 60)
    assert gone(on_each, is_dry=True) == 1
    assert (folder / "1").is_dir()
    assert gone(on_each) == 1
    assert gone(on_each) == 0
    assert list(folder.iterdir()) == []
    assert within(on_each, lambda: archive.file_of(the(number), "records.csv")) is None
    assert on_each.test_client().get(f"/handovers/{number}/manifest.json").status_code == 200


def test_the_files_of_a_demo_stay_though_their_time_is_long_over(app: Flask, at: At, folder: Path) -> None:
    tell_crowd(app)
    number = propose(app)
    at(0)
    release(app, number)
    app.config["DEMO"] = True
    at(400 * DAY)
    assert gone(app) == 0
    assert (folder / "1").is_dir()


def test_what_a_release_left_that_came_to_nothing_is_deleted_at_once(app: Flask, folder: Path) -> None:
    tell_crowd(app)
    number = propose(app)
    with app.app_context():
        archive.stage(the(number), the(number).seal([("Olga", clock.now())], Random(2)))
        db.session.rollback()
        assert archive.file_of(the(number), "records.csv") is None
    assert len(list((folder / "1").iterdir())) == 4
    assert gone(app) == 1
    assert list(folder.iterdir()) == []


def test_a_folder_of_somebody_else_and_a_missing_one_do_no_harm(app: Flask, folder: Path) -> None:
    assert gone(app) == 0
    tell_crowd(app)
    release(app, propose(app))
    assert gone(app) == 0
    assert within(app, lambda: db.session.query(Handover).count()) == 1


def test_the_privacy_page_says_how_long(pages: Pages) -> None:
    page = pages.open("/privacy?lang=en")
    assert "Files of what was handed over; what the protocol says of them stays 30 days after the handover" in page.text
    assert page.links["Handovers"] == "/handovers/?lang=en"
