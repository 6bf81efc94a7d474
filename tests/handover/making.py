"""Handovers in each state, made through the site's own verbs."""

from random import Random

from flask import Flask

from app.extensions import db
from app.handover.models import Handover, HandoverAnswer
from app.handover.protocol import Deed
from app.kit import clock, tokens
from app.people.founding import found_organisations
from app.people.models import Decision, Member
from app.reports.models import Report, Told
from app.reports.models.report import receipt_of
from tests.cast import within
from tests.figures.telling import FIRST

NO_DATA = Told(("no_data",), "Berlin", district="Mitte")
SLOW = Told(("data_slow", "calls_drop"), "Berlin", district="Mitte")


def tell_crowd(app: Flask, *, each: int = 10, told: tuple[Told, ...] = (NO_DATA, SLOW)) -> list[str]:
    """So many reports of each kind, all in November 2011; answers their receipts."""

    def work() -> list[str]:
        found_organisations()
        keys = [tokens.new_key() for _ in range(each * len(told))]
        with clock.standing_at(FIRST):
            for number, key in enumerate(keys):
                Report.tell(told[number % len(told)], key)
        return [receipt_of(key) for key in keys]

    return within(app, work)


def propose(app: Flask, by: Member | None = None, to: str = "o2", k: int = 10) -> int:
    """A proposal, as the desk makes it; its number."""

    def work() -> int:
        who = db.session.get(Member, by.id) if by else None
        made = Handover.propose(to, k=k, by=who, chance=Random(1))
        db.session.flush()
        if who:
            Decision.record(Deed.PROPOSE, made.subject, by=who)
        return made.id

    return within(app, work)


def hand_over(app: Flask, to: str = "o2", k: int = 10) -> int:
    """A handover as the command line makes it; its number."""
    number = propose(app, None, to, k)

    def work() -> None:
        the(number).seal([("command line of the server", clock.now())], Random(2))

    within(app, work)
    return number


def answer(app: Flask, number: int, by: Member, text: str = "Wir bauen aus.", source: str = "") -> int:
    def work() -> HandoverAnswer:
        return HandoverAnswer.write(the(number), text, by=db.session.get_one(Member, by.id), source=source)

    return within(app, work).id


def the(number: int) -> Handover:
    return db.session.get_one(Handover, number)
