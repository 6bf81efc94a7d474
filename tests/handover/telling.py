"""Reports to hand over, and handovers of them."""

import random
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from app.extensions import db
from app.handover.files import Delivery
from app.handover.models import Handover
from app.kit import clock, tokens
from app.reports.models import Report, Source, Told

AT = datetime(2011, 11, 20, 12, 0, tzinfo=UTC)
RELEASES = [("Olga", AT), ("Eda", AT)]


def tell(
    count: int,
    place: str = "Berlin",
    district: str = "",
    *,
    at: datetime = AT,
    symptoms: Iterable[str] = ("no_data", "sms"),
    text: str = "",
    claimed_at: datetime | None = None,
) -> list[Report]:
    """So many reports of a moment, committed; half of them name one symptom, half all."""
    told = tuple(symptoms)
    with clock.standing_at(at):
        made = [
            Report.tell(
                Told(told[: 1 + n % len(told)], place, district, text=text, claimed_at=claimed_at),
                tokens.new_key(),
                source=Source.IMPORT if claimed_at else Source.FORM,
            )
            for n in range(count)
        ]
        db.session.commit()
    return made


def propose(k: int = 10, *, at: datetime = AT, seed: int = 1) -> Handover:
    with clock.standing_at(at):
        made = Handover.propose("o2", k=k, by=None, chance=random.Random(seed))
        db.session.commit()
    return made


def seal(handover: Handover, *, at: datetime = AT, seed: int = 2) -> Delivery:
    with clock.standing_at(at):
        delivery = handover.seal(RELEASES, random.Random(seed))
        db.session.commit()
    return delivery


def hand_over(k: int = 10, *, at: datetime = AT, seed: int = 1) -> Delivery:
    return seal(propose(k, at=at, seed=seed), at=at, seed=seed)


def cells_of(delivery: Delivery) -> Counter[tuple[str, ...]]:
    """How many rows each label has, as printed in the table."""
    lines = delivery.files["records.csv"].decode().split("\r\n")[1:-1]
    return Counter(tuple(line.split(",")[:5]) for line in lines)
