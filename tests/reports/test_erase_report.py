"""Erasing: everything goes but a hash, which keeps a late repetition from bringing the report back."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.extensions import db
from app.kit import tokens
from app.ledger.models import Entry
from app.reports.models import Erasure
from tests.cast import make_question
from tests.page import Pages
from tests.reports.receipts import EMAIL, STATES, assert_true, do, ledger_says, row, tell
from tests.reports.telling import JSON, URL, said, with_key

KEY = "a-key-of-its-own"
WORDS = "Am Deich steht mein Telefon still"


def test_nothing_is_left_but_a_hash_and_the_lines_of_the_ledger(database: str, request: pytest.FixtureRequest) -> None:
    app: Flask = request.getfixturevalue("app")
    client: FlaskClient = request.getfixturevalue("client")
    code = tell(client, KEY, text=WORDS)
    nonce = getattr(row(app, code), "nonce", b"")
    do(client, code, "follow-ups")
    do(client, code, "contact")
    make_question(app, code)
    answer = do(client, code, "erasures")
    assert answer.location == "/reports/erased"
    assert client.get(answer.location).status_code == 200
    tables = ("report", "follow_up", "follow_up_contact", "follow_up_question")
    with app.app_context():
        left = {name: db.session.execute(text(f"SELECT * FROM {name}")).all() for name in tables}  # noqa: S608 -- our tables
        dump = str([db.session.execute(text(f'SELECT * FROM "{name}"')).all() for name in db.metadata.tables])  # noqa: S608 -- our tables
        kept = Erasure.of(code)
    assert left == {name: [] for name in tables}
    assert kept
    assert kept.receipt_hash == tokens.digest(code)
    assert not [one for one in (WORDS, EMAIL, code, KEY, nonce.hex(), repr(nonce)) if one in dump]
    assert ledger_says(app) == ["counted", "uncounted erased"]
    assert_true(app, 0)


def test_it_is_asked_once_and_says_what_goes_and_what_stays(app: Flask, pages: Pages) -> None:
    code = tell(pages.client)
    page = pages.read(do(pages.client, code, "erasures", {"sure": "perhaps"}), f"{URL}/{code}/erasures?lang=en")
    assert row(app, code)
    answer = pages.post(page.form("sure"))
    assert (answer.status_code, answer.location) == (303, "/reports/erased")
    assert code not in pages.open(answer.location).html


def test_a_late_repetition_of_the_form_is_told_calmly_and_stores_nothing(app: Flask, pages: Pages) -> None:
    code = tell(pages.client, KEY)
    do(pages.client, code, "erasures")
    for sent in (with_key(KEY), {"key": KEY}):
        page = pages.read(pages.client.post(f"{URL}?lang=en", data=sent), URL, 410)
        assert "does not come back" in page.text
        late = pages.client.post(URL, data=sent, headers=JSON)
        assert (late.status_code, bool(said(late)["error"])) == (410, True)
    assert row(app, code) is None
    assert_true(app, 0)
    assert pages.client.post(URL, data=with_key()).status_code == 303, "another report is welcome"


def test_also_what_does_not_count_can_be_erased(app: Flask, client: FlaskClient) -> None:
    for where, make in STATES.items():
        code = make(app)
        before = ledger_says(app)
        do(client, code, "erasures")
        assert row(app, code) is None
        counted = ["uncounted erased"] if where in {"counted", "returned"} else []
        assert ledger_says(app) == before + counted
        assert_true(app, 0)


def test_proofs_of_the_others_hold(app: Flask, client: FlaskClient) -> None:
    first, other = STATES["counted"](app), STATES["counted"](app)
    do(client, first, "erasures")
    kept = row(app, other)
    assert kept
    with app.app_context():
        db.session.add(kept)
        assert kept.is_what_was_counted()
        assert all(entry.is_what_was_written for entry in db.session.scalars(db.select(Entry)))


@pytest.mark.sqlite("its file is overwritten at once; PostgreSQL lets go of a row when it vacuums")
def test_its_words_are_not_left_in_the_file_of_the_database(app: Flask, client: FlaskClient) -> None:
    code = tell(client, text=WORDS)
    do(client, code, "erasures")
    with app.app_context():
        db.engine.dispose()
    for file in Path(app.instance_path).glob("einzelfall.sqlite*"):
        assert WORDS.encode() not in file.read_bytes(), file.name
