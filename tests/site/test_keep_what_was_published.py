"""A restored site forgets nothing that was erased and falls behind nothing that was published, or says so in public."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.comments.models import Comment, State
from app.extensions import db
from app.ledger import outside
from app.ledger.models import Checkpoint, Recovery
from app.reports.models import Erasure, Report
from app.site.audit import differences
from app.site.retention import enforce
from tests.cast import make_comment, make_post, within
from tests.conftest import At
from tests.page import Page
from tests.reports.receipts import do, ledger_says, make_report, row, tell
from tests.site.backups import Instance, back_up

DAY = 24 * 60  # minutes


@pytest.fixture
def there(tmp_path: Path) -> Instance:
    return Instance(tmp_path / "elsewhere", tmp_path / "posts")


def log_of(app: Flask) -> Path:
    return Path(app.instance_path) / outside.FILE


def publish(app: Flask) -> str:
    """A checkpoint; answers its note."""
    return within(app, Checkpoint.make).note


def test_what_was_erased_after_the_backup_stays_erased(
    app: Flask, client: FlaskClient, there: Instance, tmp_path: Path
) -> None:
    erased, kept = tell(client, text="Das soll niemand mehr lesen."), tell(client)
    archive = back_up(app, tmp_path / "site.tar")
    later = tell(client)
    for receipt in (erased, later):
        assert do(client, receipt, "erasures").status_code == 303
    with there.restored(archive, "--erasures", log_of(app)).app() as site:
        assert [row(site, receipt) is None for receipt in (erased, kept, later)] == [True, False, True]
        assert ledger_says(site) == ["counted", "counted", "uncounted erased"]
        assert {one.receipt_hash for one in db.session.scalars(select(Erasure))} == {
            line.value for line in outside.read(log_of(app))
        }
        assert list(differences()) == []
        assert site.test_client().get(f"/reports/{erased}").status_code == 410
    assert b"niemand mehr lesen" not in (there.folder / "einzelfall.sqlite").read_bytes()
    assert outside.read(there.folder / outside.FILE) == outside.read(log_of(app))


def test_what_retention_has_deleted_since_does_not_come_back(
    app: Flask, posts: Path, at: At, there: Instance, tmp_path: Path
) -> None:
    make_post(posts)
    spam = make_comment(app, state=State.SPAM, name="Kaufe hier")
    make_comment(app, parent=spam, name="Lena")
    archive = back_up(app, tmp_path / "site.tar")
    at(31 * DAY)
    with app.app_context():
        assert {rule.key: count for rule, count in enforce() if count} == {"comment-spam": 1}
    with there.restored(archive, "--erasures", log_of(app)).app():
        assert [one.name for one in db.session.scalars(select(Comment).order_by(Comment.id))] == ["", "Lena"]


def test_a_line_is_on_disk_before_the_erasure_and_none_is_when_it_is_taken_back(app: Flask) -> None:
    receipt = make_report(app)
    with app.app_context():
        outside.tell(outside.REPORT, ["ab" * 32])
        db.session.execute(select(Report))
        db.session.rollback()
        db.session.commit()
    assert not log_of(app).exists()
    log_of(app).mkdir()  # no line can be written
    assert do(app.test_client(), receipt, "erasures").status_code == 503
    assert row(app, receipt) is not None
    log_of(app).rmdir()
    assert do(app.test_client(), receipt, "erasures").status_code == 303
    assert [line.kind for line in outside.read(log_of(app))] == [outside.REPORT]


def test_the_log_names_nobody_and_no_receipt(app: Flask, client: FlaskClient) -> None:
    receipt = tell(client, text="Ich heiße Lena Vogt.")
    do(client, receipt, "erasures")
    said = log_of(app).read_text()
    assert json.loads(said).keys() == {"on", "report"}
    assert not any(word in said for word in (receipt, "Lena", "Hamburg", "Altona"))


def test_a_line_torn_by_a_power_cut_is_let_go_and_the_next_one_is_read(app: Flask) -> None:
    log_of(app).write_text('{"on": "2011-11-24", "report": "ab')
    with app.app_context():
        outside.tell(outside.COMMENT, ["cd" * 32])
        db.session.execute(select(Report))
        db.session.commit()
    assert [(line.kind, line.value) for line in outside.read(log_of(app))] == [("comment", "cd" * 32)]


def test_a_log_that_was_spoilt_is_refused(app: Flask, there: Instance, tmp_path: Path) -> None:
    archive, log = back_up(app, tmp_path / "site.tar"), tmp_path / "erasures.log"
    log.write_text('{"on": "2011-11-24", "rep0rt": "ab"}\n')
    assert "line 1" in there.refuses(archive, "--erasures", log)
    forged = {"on": "2011-11-24", "checkpoint": "einzelfall.example/ledger\n9\nAAAA\ncounter 9\n"}
    log.write_text(f"{json.dumps(forged)}\n")
    assert "no checkpoint" in there.refuses(archive, "--erasures", log)


@pytest.fixture
def older(app: Flask, tmp_path: Path) -> Path:
    """An archive that is three reports and a checkpoint behind the site."""
    make_report(app)
    publish(app)
    archive = back_up(app, tmp_path / "site.tar")
    for _ in range(3):
        make_report(app)
    publish(app)
    return archive


def test_it_does_not_fall_behind_a_published_checkpoint(app: Flask, older: Path, there: Instance) -> None:
    there.folder.mkdir()
    (there.folder / outside.FILE).write_bytes(log_of(app).read_bytes())  # put there, and not named
    assert "checkpoint of 4 entries" in there.refuses(older)


def test_nor_behind_one_that_somebody_kept(app: Flask, older: Path, there: Instance, tmp_path: Path) -> None:
    kept = tmp_path / "note"
    kept.write_text(app.test_client().get("/ledger/checkpoint").text, "utf-8")
    with served(tmp_path) as url:
        assert "checkpoint of 4 entries" in there.refuses(older, "--checkpoint", f"{url}/note")
        assert "no checkpoint could be read" in there.refuses(older, "--checkpoint", f"{url}/missing")
    kept.write_text(kept.read_text("utf-8").replace("counter 4", "counter 5"), "utf-8")
    assert "not signed by the key" in there.refuses(older, "--checkpoint", kept)


def test_who_accepts_that_says_it_in_public(app: Flask, older: Path, there: Instance, tmp_path: Path) -> None:
    lost = app.test_client().get("/ledger/checkpoint").text.split("\n")
    with there.restored(older, "--erasures", log_of(app), "--accept-rollback").app() as site:
        (said,) = Recovery.all()
        assert (said.size, said.counter, said.lost_size, said.lost_counter) == (1, 1, 4, 4)
        assert list(differences()) == []
        for lang, word in (("en", "Lines that were lost"), ("de", said.lost_root.hex())):
            page = Page(site.test_client().get(f"/ledger/?lang={lang}").text, "/ledger/")
            assert word in page.text
            assert said.lost_root.hex() in page.text
        assert lost[1] == "4"
        db.session.rollback()
        make_report(site)
        publish(site)
        newer = back_up(site, tmp_path / "newer.tar")
    again = Instance(tmp_path / "again", tmp_path / "posts")
    with again.restored(newer, "--erasures", there.folder / outside.FILE).app():
        assert len(Recovery.all()) == 1  # said once: what was lost then is no reason to refuse


def test_without_a_recovery_the_ledger_page_says_nothing_of_one(app: Flask) -> None:
    assert "recoveries" not in app.test_client().get("/ledger/?lang=en").text


def test_another_ledger_of_the_same_length_is_no_continuation(
    app: Flask, older: Path, there: Instance, tmp_path: Path
) -> None:
    with there.restored(older, "--erasures", log_of(app), "--accept-rollback").app() as site:
        for _ in range(5):
            make_report(site)
        other = back_up(site, tmp_path / "other.tar")
    again = Instance(tmp_path / "again", tmp_path / "posts")
    assert "does not continue the checkpoint of 4" in again.refuses(other, "--erasures", log_of(app))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder under an address of its own."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]  # handed through

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
