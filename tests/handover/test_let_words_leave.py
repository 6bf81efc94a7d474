"""Own words leave only where a person has released them, blacked out, beside rows enough that have none."""

import csv
import io
import json

import pytest
from sqlalchemy import select

from app.extensions import db
from app.handover.files import Delivery
from app.reports.models import Report, TextState
from tests.handover.telling import hand_over, propose, seal, tell

pytestmark = pytest.mark.usefixtures("on_each", "inside")

NUMBER = "0171 2345678"
RELEASED = f"Am Bahnhof tot, ruft {NUMBER} an."
UNREAD = "Das hat noch niemand gelesen."


def _words(delivery: Delivery) -> list[str]:
    rows = csv.DictReader(io.StringIO(delivery.files["records.csv"].decode(), newline=""))
    said = [row for row in rows if row["text"]]
    assert all(row["symptoms"] == "" for row in said)
    assert [row["text"] for row in said] == [row["text"] for row in _json(delivery) if row["text"]]
    return [row["text"] for row in said]


def _json(delivery: Delivery) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(delivery.files["records.json"])
    return found


def _tell_with_words() -> None:
    tell(40)
    for one in tell(4, text=RELEASED):
        one.decide_text(TextState.RELEASED)
    tell(6, text=UNREAD)
    db.session.commit()


def test_released_words_leave_blacked_out_and_no_others() -> None:
    _tell_with_words()
    said = _words(hand_over())
    assert len(said) == 4
    assert all(words.startswith("Am Bahnhof tot, ruft [") and NUMBER not in words for words in said)


def test_at_least_k_rows_of_a_cell_have_no_words() -> None:
    for one in tell(20, text=RELEASED):
        one.decide_text(TextState.RELEASED)
    db.session.commit()
    assert len(_words(hand_over())) == 10


def test_words_withdrawn_between_proposal_and_seal_stay() -> None:
    _tell_with_words()
    proposed = propose()
    for one in db.session.scalars(select(Report).where(Report.text_state == TextState.RELEASED)).all():
        one.decide_text(TextState.WAITING)
    db.session.commit()
    assert _words(seal(proposed)) == []
