"""The whole file as editors write it: what they leave alone keeps its bytes, and no date takes a live post away."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app.kit import clock
from app.posts.writing import retyped
from tests.cast import SignedIn, read_posts
from tests.drafts.desk import begin, draft_of, open_file, publish, revisions, save, says

MIXED = b"---\r\ntitle: Alt\r\nslug: netz\r\ndate: 2011-11-12T20:00+01:00\r\n---\r\n\r\nEins.\nZwei.\r\nDrei.\n\n"


def whole(who: SignedIn, path: str, old: str, new: str) -> int:
    form = who.page(f"{path}?as=file").form("source")
    typed = form.values["source"].replace(old, new).replace("\n", "\r\n")  # as browsers send it
    return who.client.post(form.action, data=form.filled(source=typed)).status_code


def test_lines_that_nobody_touched_keep_their_ends(app: Flask, eda: SignedIn, posts: Path) -> None:
    posts.mkdir(exist_ok=True)
    (posts / "netz.md").write_bytes(MIXED)
    read_posts(app)
    path = open_file(eda, "netz")
    assert whole(eda, path, "", "") == 303
    assert len(revisions(app, path)) == 1  # nothing was changed
    assert whole(eda, path, "Zwei.", "Zwei und mehr.") == 303
    assert says(app, path).encode() == MIXED.replace(b"Zwei.", b"Zwei und mehr.").rstrip(b"\n") + b"\n"


def test_a_file_typed_anew_has_a_last_line_that_ends_and_the_mark_it_had() -> None:
    assert retyped(b"\xef\xbb\xbfa\r\nb", "a\nb\n") == b"\xef\xbb\xbfa\r\nb"
    assert retyped(b"\xef\xbb\xbfa\r\nb", "a\nc\nb\n") == b"\xef\xbb\xbfa\r\nc\r\nb\r\n"
    assert retyped(b"", "a\nb\n") == b"a\nb\n"


def test_a_date_ahead_takes_no_post_away_that_readers_see(app: Flask, eda: SignedIn, client: FlaskClient) -> None:
    path = begin(eda, "Eigenes")
    save(eda, path, body="Eins.", authors="Eda")
    assert publish(eda, path).status_code == 303
    released = draft_of(app, path).released
    date = next(line for line in says(app, path).splitlines() if line.startswith("date:"))
    ahead = (clock.now() + timedelta(days=3)).isoformat(timespec="minutes")
    assert whole(eda, path, date, f"date: {ahead}") == 303
    answer = publish(eda, path)
    assert (answer.status_code, "cannot be moved ahead" in answer.text) == (422, True)
    assert draft_of(app, path).released == released
    assert client.get("/posts/eigenes").status_code == 200
    assert whole(eda, path, f"date: {ahead}", "date: 2011-11-12T20:00+01:00") == 303
    assert publish(eda, path).status_code == 303
    assert "12. November 2011" in client.get("/posts/eigenes").text
