"""What left the house at the desk: loaded by those who may, answered by those to whom it was made."""

import hashlib
import json
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.handover import archive
from app.handover.files import NAMES
from app.handover.models import HandoverAnswer
from tests.cast import (
    GABI,
    VERA,
    SignedIn,
    make_guest,
    make_other_guest,
    make_post,
    read_posts,
    within,
)
from tests.desk.handovers import open_new, release
from tests.desk.rooms import counts
from tests.handover.making import hand_over, tell_crowd
from tests.page import Pages


@pytest.fixture
def released(app: Flask, eda: SignedIn, olga: SignedIn) -> str:
    """The path of a handover to O2 that has left the house."""
    tell_crowd(app)
    path = open_new(eda)
    release(eda, path)
    release(olga, path)
    return path


def test_the_files_are_the_bytes_that_the_manifest_names(app: Flask, released: str, eda: SignedIn) -> None:
    manifest = json.loads(eda.get(f"{released}/files/manifest.json").data)
    for name in NAMES:
        answer = eda.get(f"{released}/files/{name}")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"] == f"attachment; filename=handover-1-{name}"
        assert answer.content_type == archive.KINDS[name]
        if name != "manifest.json":
            assert hashlib.sha256(answer.data).hexdigest() == manifest["files"][name]
    folder = Path(app.instance_path) / "handovers" / "1"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_guests_of_the_recipient_load_and_answer_and_others_see_nothing(
    app: Flask, released: str, pages: Pages
) -> None:
    make_guest(app)
    make_other_guest(app)
    gabi, vera = SignedIn(app, GABI), SignedIn(app, VERA)
    assert released in gabi.page("/desk/handovers").links.values()
    assert gabi.get(f"{released}/files/records.csv").status_code == 200
    form = gabi.page(released).form("text")
    for _ in range(2):
        assert gabi.client.post(form.action, data=form.filled(text="Wir bauen aus.")).status_code == 303
    assert within(app, lambda: db.session.query(HandoverAnswer).count()) == 1
    assert "Gabi O2 · " in pages.open("/handovers/1").text

    assert released not in vera.page("/desk/handovers").links.values()
    before, token = counts(app), vera.token
    for path in (released, f"{released}/files/records.csv", f"{released}/files/manifest.json"):
        assert vera.get(path).status_code == 404
    answer = vera.client.post(f"{released}/answers", data={"csrf_token": token, "text": "Wir auch."})
    assert answer.status_code == 404
    assert counts(app) == before


def test_an_editor_enters_an_answer_with_its_source(
    app: Flask, posts: Path, released: str, eda: SignedIn, pages: Pages
) -> None:
    make_post(posts, "antwort")
    read_posts(app)
    for text, source in (("Wir schauen.", "https://o2.example/a"), ("Wir bauen.", "/posts/antwort")):
        form = eda.page(released).form("source")
        assert eda.client.post(form.action, data=form.filled(text=text, source=source)).status_code == 303
    page = pages.open("/handovers/1?lang=en")
    assert page.links["https://o2.example/a"] == "https://o2.example/a"
    assert "entered by the editorial team" in page.text
    assert [words for words in ("Wir schauen.", "Wir bauen.") if words not in page.text] == []
    assert "O2 · verified" not in page.text


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("", "https://o2.example/a"),
        ("Wir bauen.", ""),
        ("Wir bauen.", "javascript:alert(1)"),
        ("Wir bauen.", "/posts/no-such-post"),
        ("Wir bauen.", "//o2.example/a"),
        ("x" * 5001, "https://o2.example/a"),
    ],
)
def test_an_answer_without_a_true_source_is_refused_with_everything_kept(
    app: Flask, released: str, eda: SignedIn, text: str, source: str
) -> None:
    form = eda.page(released).form("source")
    page = Pages(eda.client).send(form, 422, text=text, source=source)
    kept = page.form("source").values
    assert (kept["text"], kept["source"]) == (text, source)
    assert within(app, lambda: db.session.query(HandoverAnswer).count()) == 0


def test_a_crash_between_commit_and_rename_loses_no_file(app: Flask, released: str, eda: SignedIn) -> None:
    folder = Path(app.instance_path) / "handovers" / "1"
    before = eda.get(f"{released}/files/records.csv").data
    (folder / "records.csv").rename(folder / "records.csv.part")
    assert eda.get(f"{released}/files/records.csv").data == before
    (folder / "records.csv.part").write_bytes(before[1:])
    assert eda.get(f"{released}/files/records.csv").status_code == 404


def test_a_file_that_was_changed_is_not_handed_out(app: Flask, released: str, eda: SignedIn) -> None:
    (Path(app.instance_path) / "handovers" / "1" / "records.csv").write_text("something else")
    assert eda.get(f"{released}/files/records.csv").status_code == 404
    assert eda.get(f"{released}/files/records.json").status_code == 200


def test_what_a_command_handed_over_has_no_files_at_the_desk(app: Flask, eda: SignedIn) -> None:
    tell_crowd(app)
    number = hand_over(app)
    assert eda.get(f"/desk/handovers/{number}/files/records.csv").status_code == 404
    assert eda.get(f"/desk/handovers/{number}/files/manifest.json").status_code == 200
    assert "were written by a command on the server" in eda.page(f"/desk/handovers/{number}?lang=en").text
