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


def note(text: str) -> int:
    """How often one text came before."""
    return Fingerprint.note_all([text], NOON)[0]


def test_texts_noted_together_are_counted_as_if_one_had_come_after_the_other() -> None:
    note(TEXT)
    other = TEXT.replace("Pillen", "Uhren")
    assert Fingerprint.note_all([TEXT, other, "Bei mir auch!", TEXT, other, TEXT], NOON) == [1, 0, 0, 2, 1, 3]
    assert note(TEXT) == 4


def test_a_text_is_counted_however_it_is_spaced_and_marked() -> None:
    assert note(TEXT) == 0
    assert note(TEXT.upper().replace(" ", "\u200b  ").replace("!", " ...")) == 1
    assert note(TEXT.replace("ll", "\u00adll")) == 2
    assert note(TEXT + " Nur heute") == 0


def test_what_many_honest_people_say_is_not_counted() -> None:
    assert [note("Bei mir auch!") for _ in range(3)] == [0, 0, 0]


def test_no_word_of_the_text_is_kept() -> None:
    note(TEXT)
    (row,) = db.session.scalars(select(Fingerprint)).all()
    assert "pillen" not in row.hash.lower()
    assert (row.first_seen_at, row.count) == (NOON, 1)


def test_a_submission_that_is_rolled_back_was_never_counted() -> None:
    note(TEXT)
    db.session.rollback()
    assert note(TEXT) == 0


def test_old_fingerprints_are_forgotten_and_young_ones_kept() -> None:
    note(TEXT)
    Fingerprint.forget(NOON + KEPT_FOR)
    assert note(TEXT) == 1
    Fingerprint.forget(NOON + KEPT_FOR + timedelta(seconds=1))
    assert note(TEXT) == 0
