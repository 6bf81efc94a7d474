from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.spam.models import KEPT_FOR, Fingerprint

NOON = datetime(2011, 11, 20, 12, 0, tzinfo=UTC)
TEXT = "Die besten Pillen der Stadt, heute zum halben Preis und frei Haus geliefert!"


@pytest.fixture(autouse=True)
def database(tmp_path: Path) -> Iterator[None]:
    site = Flask(__name__)
    site.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path / 'fingerprints.sqlite'}"
    db.init_app(site)
    with site.app_context():
        Fingerprint.metadata.create_all(db.engine, tables=[Fingerprint.__table__])  # type: ignore[list-item] # typed as FromClause, is a Table
        yield
        db.session.remove()
        db.engine.dispose()


def test_a_text_is_counted_however_it_is_spaced_and_marked() -> None:
    assert Fingerprint.note(TEXT, NOON) == 0
    assert Fingerprint.note(TEXT.upper().replace(" ", "\u200b  ").replace("!", " ..."), NOON) == 1
    assert Fingerprint.note(TEXT.replace("ll", "\u00adll"), NOON) == 2
    assert Fingerprint.note(TEXT + " Nur heute", NOON) == 0


def test_what_many_honest_people_say_is_not_counted() -> None:
    assert [Fingerprint.note("Bei mir auch!", NOON) for _ in range(3)] == [0, 0, 0]


def test_no_word_of_the_text_is_kept() -> None:
    Fingerprint.note(TEXT, NOON)
    (row,) = db.session.scalars(select(Fingerprint)).all()
    assert "pillen" not in row.hash.lower()
    assert (row.first_seen_at, row.count) == (NOON, 1)


def test_a_submission_that_is_rolled_back_was_never_counted() -> None:
    Fingerprint.note(TEXT, NOON)
    db.session.rollback()
    assert Fingerprint.note(TEXT, NOON) == 0


def test_old_fingerprints_are_forgotten_and_young_ones_kept() -> None:
    Fingerprint.note(TEXT, NOON)
    Fingerprint.forget(NOON + KEPT_FOR)
    assert Fingerprint.note(TEXT, NOON) == 1
    Fingerprint.forget(NOON + KEPT_FOR + timedelta(seconds=1))
    assert Fingerprint.note(TEXT, NOON) == 0
