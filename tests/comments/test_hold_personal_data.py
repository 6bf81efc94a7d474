"""What tells who somebody is waits for a person, whatever judges and policy say; a person may black it out."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.jobs import judge_again
from app.comments.models import State
from app.site.audit import differences
from tests.akismet_server import AkismetServer
from tests.cast import SignedIn, make_post, reload, within
from tests.comments.reader import the_comment, write
from tests.conftest import At
from tests.page import Pages

NUMBER = "0171 2345678"
WORDS = f"Seit Tagen kein Netz in Mannheim. Ruft mich an: {NUMBER}, danke."


@pytest.fixture(autouse=True)
def netz(posts: Path) -> str:
    return make_post(posts)


@pytest.mark.parametrize("policy", ["open", "judged"], indirect=True)
@pytest.mark.parametrize("told", [{"text": WORDS}, {"name": f"Lena {NUMBER}"}], ids=["text", "name"])
def test_a_number_waits_for_a_person_though_akismet_finds_no_fault(
    with_akismet: AkismetServer, policy: str, app: Flask, pages: Pages, told: dict[str, str]
) -> None:
    write(pages.client, app, **told)
    comment = the_comment(app)
    assert (comment.state, comment.reasons[-1], comment.ask_again_at) == (State.WAITING, "personal-data", None)
    assert NUMBER not in pages.open("/posts/netz").text


@pytest.mark.parametrize("policy", ["open"], indirect=True)
def test_it_still_waits_when_akismet_answers_late(
    with_akismet: AkismetServer, policy: str, app: Flask, client: FlaskClient, at: At
) -> None:
    at(0)
    with_akismet.says("500")
    write(client, app, text=WORDS)
    with_akismet.says("ham")
    at(2)
    with app.app_context():
        judge_again.now()
    assert the_comment(app).state == State.WAITING
    assert "personal-data" in the_comment(app).reasons


@pytest.mark.parametrize("policy", ["open"], indirect=True)
def test_who_signs_with_the_own_name_does_not_wait(policy: str, app: Flask, client: FlaskClient) -> None:
    write(client, app, name="Lena", text="Bei mir in Köln genauso.\n\nViele Grüße\nLena")
    assert the_comment(app).state == State.PUBLISHED


def test_a_person_publishes_it_blacked_out_and_nobody_reads_the_number(app: Flask, pages: Pages, mo: SignedIn) -> None:
    write(pages.client, app, text=WORDS, name=f"Lena {NUMBER}")
    comment = the_comment(app)
    page = mo.page(f"/desk/comments/{comment.id}?lang=en")
    assert [mark.text for mark in page.root.all("mark")] == [NUMBER, NUMBER]
    assert [mark.text for mark in mo.page("/desk/comments?lang=en").root.all("mark")] == [NUMBER, NUMBER]
    mo.post(f"/desk/comments/{comment.id}/decisions", {"deed": "black-out", "seen": "waiting", "edits": "0"})
    read = pages.open("/posts/netz").text
    assert "Seit Tagen kein Netz in Mannheim." in read
    assert NUMBER not in read
    assert reload(app, comment).text == WORDS
    assert within(app, lambda: list(differences())) == []


def test_taken_away_and_brought_back_it_is_still_blacked_out(app: Flask, pages: Pages, mo: SignedIn) -> None:
    write(pages.client, app, text=WORDS)
    comment, path = the_comment(app), "/desk/comments/1/decisions"
    mo.page(str(mo.post(path, {"deed": "black-out", "seen": "waiting", "edits": "0"}).location))
    landing = mo.post(path, {"deed": "remove", "seen": "published", "edits": "0", "reason": "Beleidigung"}).location
    undo = mo.page(str(landing)).form("undo")
    mo.client.post(undo.action, data=undo.filled())
    assert reload(app, comment).is_redacted
    assert NUMBER not in pages.open("/posts/netz").text
    mo.post(path, {"deed": "publish", "seen": "published", "edits": "0"})
    assert NUMBER in pages.open("/posts/netz").text


@pytest.mark.parametrize("policy", ["open"], indirect=True)
@pytest.mark.parametrize(
    "hidden",
    [
        "Schreibt an ma**x@gm**x.de bitte.",
        "Schreibt an max*@*gmx.de bitte.",
        "Schreibt an [mich](https://x.example/max%40gmx.de) bitte.",
    ],
)
def test_markdown_hides_no_address(policy: str, app: Flask, pages: Pages, mo: SignedIn, hidden: str) -> None:
    write(pages.client, app, text=hidden)
    assert the_comment(app).state == State.WAITING
    mo.post("/desk/comments/1/decisions", {"deed": "black-out", "seen": "waiting", "edits": "0"})
    read = pages.open("/posts/netz").text
    assert "Schreibt an" in read
    assert "gmx" not in read
