"""The public protocol: the same for everyone, true to the ledger, complete in both languages."""

import hashlib
import json
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.handover.protocol import Deed
from app.kit.atom import ATOM
from app.ledger.models import Entry
from app.people.models import Decision, Member
from tests.cast import make_editor, make_guest, make_owner, within
from tests.handover.making import answer, hand_over, propose, tell_crowd, the
from tests.handover.test_release_handover import give
from tests.page import Pages
from tests.site.test_pages import queries

ENTRY = f"{{{ATOM}}}entry"
MOST = 6  # questions to the database, the foot of the page included


def titles(client: FlaskClient) -> list[str]:
    """What the feed says, the newest first."""
    root = ET.fromstring(client.get("/handovers/feed.atom?lang=en").data)  # noqa: S314 -- our own
    return [entry.findtext(f"{{{ATOM}}}title") or "" for entry in root.findall(ENTRY)]


def test_before_the_first_one_the_page_says_how_it_is_done(pages: Pages) -> None:
    page = pages.open("/handovers/?lang=en")
    assert "Nothing has been handed over so far." in page.text
    assert "Why nobody can be found in it" in page.text
    assert pages.open("/handovers/").lang == "de"
    assert titles(pages.client) == []


def test_a_handover_says_what_its_manifest_says(app: Flask, pages: Pages) -> None:
    make_guest(app)
    tell_crowd(app)
    tell_crowd(app, each=2)
    number = hand_over(app)
    page, manifest = pages.open(f"/handovers/{number}?lang=en"), json.loads(within(app, lambda: the(number).manifest))
    figures = {dt.text: dd.text for dt, dd in zip(page.root.all("dt"), page.root.all("dd"), strict=True)}
    assert figures["Rows"] == str(manifest["rows"])
    assert figures["Groups"] == str(manifest["cells"])
    assert figures["Smallest group (k)"] == str(manifest["k_reached"])
    assert figures["Reports that waited on"] == str(manifest["waiting"])
    for name, hash_ in manifest["files"].items():
        assert figures[name] == hash_
    assert figures["Root of the ledger before it"] == manifest["ledger"]["root"]
    assert "Released, " in page.text
    assert "at the command line of the server" in page.text


def test_the_manifest_is_the_one_that_the_ledger_has_sealed(app: Flask, pages: Pages) -> None:
    tell_crowd(app)
    number = hand_over(app)
    served = pages.client.get(f"/handovers/{number}/manifest.json")
    assert served.mimetype == "application/json"
    with app.app_context():
        entry = db.session.get_one(Entry, the(number).entry_seq)
    assert entry.commitment == hashlib.sha256(served.data).digest()
    page = pages.open(f"/handovers/{number}")
    assert hashlib.sha256(served.data).hexdigest() in page.text
    line = pages.client.get(next(link for link in page.links.values() if link.startswith("/ledger/entries")))
    assert json.loads(line.data)["commitment"] == hashlib.sha256(served.data).hexdigest()


def test_of_a_proposal_the_public_reads_who_and_no_figure(app: Flask, pages: Pages) -> None:
    eda = make_editor(app)
    make_owner(app)
    tell_crowd(app)
    number = propose(app, eda)
    assert "Proposed" in pages.open(f"/handovers/{number}?lang=en").text
    for path in ("/handovers/?lang=en", f"/handovers/{number}?lang=en"):
        assert not list(pages.open(path).root.all("dd")), path
    assert pages.client.get(f"/handovers/{number}/manifest.json").status_code == 404
    assert titles(pages.client) == ["Handover 1 to O2 is proposed"]


def test_the_feed_tells_each_step_and_each_answer(app: Flask, client: FlaskClient) -> None:
    eda, olga, gabi = make_editor(app), make_owner(app), make_guest(app)
    tell_crowd(app)
    number = propose(app, eda)
    for who in (eda, olga):
        give(app, number, who)
        note(app, number, who)
    answer(app, number, gabi)
    assert sorted(titles(client)) == [
        "Handover 1 to O2 has left the house",
        "Handover 1 to O2 is proposed",
        "Handover 1 to O2: released by the first person, waits for the second",
        "O2 answers to handover 1",
    ]


def test_it_costs_the_same_however_many_there_are(app: Flask, pages: Pages) -> None:
    gabi, found = make_guest(app), []
    for _ in range(3):
        tell_crowd(app)
        answer(app, hand_over(app), gabi)
        for path in ("/handovers/", "/handovers/1"):  # from then on it is known that they are everyone's
            pages.open(path)
        with queries(app) as asked:
            pages.open("/handovers/")
            pages.open("/handovers/1")
        found.append(len(asked))
    assert len(set(found)) == 1
    assert found[0] <= 2 * MOST


def note(app: Flask, number: int, who: Member) -> None:
    """What the desk notes of a release."""
    within(app, lambda: Decision.record(Deed.RELEASE, the(number).subject, by=db.session.get(Member, who.id)))


@pytest.mark.parametrize("path", ["0", "999999", "99999999999999999999", "1/manifest.json", "x"])
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/handovers/{path}").status_code == 404
