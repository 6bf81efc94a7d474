"""What came lately, counted within its window, by many at once, and known by hashes only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.spam.models import RecentTally, TextCluster
from app.spam.models.cluster import comparable_hash
from tests.cast import within

NOON = datetime(2011, 11, 20, 12, 0, 40, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TEXT = "Seit drei Wochen geht abends in Altona gar nichts mehr, und die Hotline nennt mich einen Einzelfall."
OTHER = "Gespräche brechen nach einer Minute ab, auch im Freien, auch mit einem zweiten Telefon von Freunden."
WRITERS = 8


def noted(text: str, at: datetime) -> tuple[str | None, int]:
    return TextCluster.note_all([comparable_hash(text)], at)[0]


def counted(kind: str, value: str, window: timedelta, at: datetime) -> int:
    return RecentTally.note_all([(kind, value)], window, at)[0]


def test_similar_texts_are_counted_for_an_hour_and_then_anew(on_each: Flask) -> None:
    with on_each.app_context():
        first, earlier = noted(TEXT, NOON)
        assert first
        assert earlier == 0
        for number in range(1, 4):
            assert noted(f"{TEXT.upper()} {number}", NOON + 19 * number * MINUTE) == (first, number)
        assert noted(TEXT, NOON + HOUR) == (first, 0)
        assert noted(OTHER, NOON)[1] == 0
        db.session.commit()
        assert db.session.query(TextCluster).count() == 2


def test_short_texts_belong_to_no_cluster(app: Flask) -> None:
    with app.app_context():
        assert [noted("Bei mir auch!", NOON) for _ in range(5)] == [(None, 0)] * 5


def test_things_are_counted_by_kind_and_within_their_window(on_each: Flask) -> None:
    with on_each.app_context():
        assert [counted("place", "hamburg", MINUTE, NOON) for _ in range(3)] == [0, 1, 2]
        assert counted("answers", "hamburg", HOUR, NOON) == 0
        assert counted("place", "hamburg", MINUTE, NOON + MINUTE) == 0
        assert counted("answers", "hamburg", HOUR, NOON + 59 * MINUTE) == 1


def test_eight_writers_at_once_miss_none(on_each: Flask) -> None:
    """Each takes the place, then the answers, then the text, as reports do; nobody waits for ever."""
    start, each = Barrier(WRITERS), 6

    def write(number: int) -> list[int]:
        with on_each.app_context():
            start.wait()
            return [_note(number, step) for step in range(each)]

    with ThreadPoolExecutor(WRITERS) as pool:
        earlier = [one for seen in pool.map(write, range(WRITERS)) for one in seen]
    assert sorted(earlier) == list(range(WRITERS * each))
    assert within(on_each, lambda: counted("place", "same", HOUR, NOON)) == WRITERS * each


def _note(number: int, step: int) -> int:
    counted("place", "same", HOUR, NOON)
    counted("answers", f"{(number + step) % 3}", HOUR, NOON)
    _, earlier = noted(TEXT, NOON)
    db.session.commit()
    return earlier


def test_what_is_noted_together_is_counted_as_if_one_had_come_after_the_other(on_each: Flask) -> None:
    """Texts that nobody has seen before, near copies of them and others, in any order, with what was there before."""
    texts = [TEXT, OTHER, f"{TEXT} 1", "Kurz", TEXT.upper(), f"{OTHER} 2", TEXT, OTHER]
    things = [("place", "kiel"), ("answers", "kiel"), ("place", "kiel"), ("place", "bonn"), ("place", "kiel")]
    with on_each.app_context():
        noted(OTHER, NOON), counted("place", "bonn", HOUR, NOON)
        one_by_one = [noted(text, NOON) for text in texts], [counted(*thing, HOUR, NOON) for thing in things]
        db.session.rollback()
        noted(OTHER, NOON), counted("place", "bonn", HOUR, NOON)
        hashes = [comparable_hash(text) for text in texts]
        assert (TextCluster.note_all(hashes, NOON), RecentTally.note_all(things, HOUR, NOON)) == one_by_one
    assert [count for _, count in one_by_one[0]] == [0, 1, 1, 0, 2, 2, 3, 3]
    assert one_by_one[1] == [0, 0, 1, 1, 2]


def test_no_word_and_no_second_is_kept(app: Flask) -> None:
    with app.app_context():
        noted(TEXT, NOON)
        counted("place", "altona", MINUTE, NOON)
        cluster = db.session.scalars(select(TextCluster)).one()
        tally = db.session.scalars(select(RecentTally)).one()
        assert "altona" not in f"{cluster.id} {tally.hash}"
        assert {cluster.began_at.second, cluster.last_seen_at.second, tally.began_at.second} == {0}


def test_all_of_it_is_forgotten_after_a_day(on_each: Flask) -> None:
    with on_each.app_context():
        noted(TEXT, NOON)
        counted("place", "altona", MINUTE, NOON)
        day = timedelta(hours=24)
        assert (TextCluster.forget(NOON + day - MINUTE), RecentTally.forget(NOON + day - MINUTE)) == (0, 0)
        assert (TextCluster.forget(NOON + day + MINUTE), RecentTally.forget(NOON + day + MINUTE)) == (1, 1)
