"""Two act on a member at the same moment, each having read before the other wrote."""

import threading
from collections.abc import Callable, Iterator

from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.ledger.models import Entry, Kind
from app.people.models import Member, RecoveryCode
from tests.cast import make_guest, within


def at_once(app: Flask, work: Callable[[], Iterator[None]]) -> None:
    """Have two read, then act; who is too late may be refused."""
    have_read = threading.Barrier(2)

    def one() -> None:
        with app.app_context():
            steps = work()
            next(steps)
            db.session.rollback() if db.engine.dialect.name == "sqlite" else None  # which knows one writer at a time
            have_read.wait(10)
            try:
                next(steps, None)
                db.session.commit()
            except Exception:  # noqa: BLE001 -- whoever is refused
                db.session.rollback()

    both = [threading.Thread(target=one) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(30)


def test_two_who_revoke_a_guest_tell_the_ledger_once(on_each: Flask) -> None:
    id_ = make_guest(on_each).id

    def revoke() -> Iterator[None]:
        member = db.session.get_one(Member, id_)
        assert member.active
        yield
        member.revoke("gegangen")

    at_once(on_each, revoke)
    told = select(func.count()).where(Entry.kind == Kind.GUEST_REVOKED)
    assert within(on_each, lambda: db.session.scalar(told)) == 1


def test_two_who_make_recovery_codes_leave_one_set(on_each: Flask) -> None:
    id_ = make_guest(on_each).id

    def make() -> Iterator[None]:
        RecoveryCode.left(id_)
        yield
        RecoveryCode.make_anew(id_)

    at_once(on_each, make)
    assert within(on_each, lambda: RecoveryCode.left(id_)) == 10
