"""The commitment: whoever has a record and its nonce can show what was counted; nobody else learns anything."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.kit.clock import BERLIN
from app.ledger.models import Entry, Kind, commit_to, new_nonce
from app.reports.models import Report, Source, Told
from tests.ledger.telling import HAMBURG, entry_of, tell

CHANGES: tuple[dict[str, Any], ...] = (
    {"symptoms": ("data_slow",)},
    {"place": "Hamburk"},
    {"district": ""},
    {"since": "weeks"},
    {"hotline": "other"},
    {"device": "N95"},
    {"text": "Seit Wochen nichts!"},
    {"claimed_at": datetime(2011, 11, 12, 20, 0, tzinfo=UTC)},
)


def test_it_is_what_anybody_computes_from_the_record(on_each: Flask) -> None:
    with on_each.app_context():
        report = tell()
        record = {
            "claimed_at": None,
            "device": "",
            "district": "Altona",
            "hotline": "",
            "place": "Hamburg",
            "since": "",
            "symptoms": ["calls_out", "data_slow"],
            "text": "Seit Wochen nichts.",
        }
        canonical = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        assert entry_of(report).commitment == hashlib.sha256(report.nonce + canonical).digest()


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_another_answer_is_another_commitment(change: dict[str, Any]) -> None:
    nonce = new_nonce()
    assert commit_to(replace(HAMBURG, **change).record(), nonce) != commit_to(HAMBURG.record(), nonce)


def test_the_same_words_twice_look_like_nothing_alike(app: Flask) -> None:
    with app.app_context():
        one, other = tell(), tell()
        assert entry_of(one).commitment != entry_of(other).commitment
        assert len(one.nonce) == len(other.nonce) == 32


def test_the_order_of_symptoms_does_not_matter() -> None:
    nonce = new_nonce()
    turned = replace(HAMBURG, symptoms=tuple(reversed(HAMBURG.symptoms)))
    assert commit_to(turned.record(), nonce) == commit_to(HAMBURG.record(), nonce)


@pytest.mark.parametrize("zone", [UTC, BERLIN, timezone(timedelta(hours=-5))], ids=["utc", "berlin", "far"])
def test_it_holds_after_the_database_gave_the_record_back(on_each: Flask, zone: Any) -> None:
    with on_each.app_context():
        claimed = datetime(2011, 11, 15, 23, 30, tzinfo=zone)
        told = Told(symptoms=("no_data",), place="Münster", text="Zeile eins\nZeile „zwei“ 📵", claimed_at=claimed)
        id_ = Report.tell(told, "a key of the import", source=Source.IMPORT).id
        db.session.commit()
        db.session.expunge_all()
        report = db.session.get_one(Report, id_ or 1)
        assert report.is_what_was_counted()


def test_an_imported_report_carries_its_told_day_as_a_claim(app: Flask) -> None:
    with app.app_context():
        late = datetime(2011, 11, 15, 23, 30, tzinfo=UTC)
        report = Report.tell(replace(HAMBURG, claimed_at=late), "a key of the import", source=Source.IMPORT)
        db.session.commit()
        assert entry_of(report).kind is Kind.IMPORTED
        assert str(entry_of(report).claimed_day) == "2011-11-16", "the day in Germany"


def test_nothing_says_the_second_of_an_arrival(on_each: Flask) -> None:
    with on_each.app_context():
        tell()
        db.session.expunge_all()
        report, entry = db.session.get_one(Report, 1), db.session.get_one(Entry, 0)
        for at in (report.told_at, entry.minute):
            assert (at.second, at.microsecond) == (0, 0)
            assert at.utcoffset() == timedelta(0)
