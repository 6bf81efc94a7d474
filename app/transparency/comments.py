"""What became of readers' comments, month by month, and how long it took."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal, select

from app.comments.models import Comment, Gone, State, sampling
from app.comments.models.gone import was_looked_at
from app.comments.models.imported import is_imported
from app.comments.models.sampling import SEEN_BY, WINDOW, Rate
from app.comments.removal import Reason
from app.extensions import db
from app.kit import clock
from app.people.models import Decision
from app.transparency.months import month_in, month_of, months

Numbers = dict[str, Any]  # JSON values
Fates = Counter[tuple[str, str]]  # what became of comments, and by whom or for which reason
OTHER = "other"  # a reason in somebody's own words
FATES = ("published", "waiting", "spam", "removed", "withdrawn", "undecided")
LATELY = "lately"  # the last thirty days, beside the months


def count(kept: Mapping[str, float | None], also: Collection[str]) -> Numbers:
    """In all, over the last thirty days, and by month: of those in which something came, and of these `also`.

    `kept` are times of months that are over, as counted first.
    """
    fates, hours, rates = _fates(), _hours(), _rates()
    told = []
    for month in sorted({month for month in fates if fates[month]} | hours.keys() - {LATELY} | {*also}, reverse=True):
        took = kept[month] if month in kept else _middle(hours[month])
        told.append({"month": month, **_line(fates[month]), "hours_to_decision": took, "error_rate": rates.get(month)})
    total: Fates = sum(fates.values(), Counter())
    return {
        "total": {
            **_line(total),
            "published_by_judges": total["published", "judges"],
            "spam_by_judges": total["spam", "judges"],
        },
        "hours_to_decision": _middle(hours[LATELY]),
        "error_rate": _told(sampling.rate_now()),
        "months": told,
    }


def _fates() -> dict[str, Fates]:
    """By the month in which they were written: all that are here, and those that are deleted."""
    gone = db.session.scalars(select(Gone)).all()
    first = db.session.scalar(select(func.min(Comment.written_at)).where(_is_of_readers()))
    among = months(first or clock.now(), clock.now())
    found: defaultdict[str, Fates] = defaultdict(Counter, {month: Counter() for month in among})
    for month, fate, about, many in _here(among):
        found[month][fate, about] += many
    for row in gone:
        fate = "undecided" if row.state == State.WAITING else row.state.value
        found[row.month][fate, _whom(is_decided=row.is_decided)] += row.count
    return found


def received() -> dict[str, int]:
    """How many comments came in each month: those that are here, and those that are deleted."""
    return {month: fates.total() for month, fates in _fates().items()}


def _here(among: list[str]) -> list[tuple[str, str, str, int]]:
    """Month, fate, reason or by whom, and how many."""
    columns = (Comment.state, Comment.taken_back, Comment.removed_because, Comment.removed_key, was_looked_at())
    month_ = month_in(Comment.written_at, among).label("month")
    asked = select(month_, *columns).where(_is_of_readers()).subquery()
    found = []
    for row in db.session.execute(select(asked, func.count()).group_by(*asked.c)):
        month, state, taken_back, because, key, was_looked_at_, many = row
        if state == State.REMOVED and (because or key):
            found.append((month, "removed", Reason.of(key, because).key or OTHER, many))
        else:
            found.append((month, "withdrawn" if taken_back else state.value, _whom(is_decided=was_looked_at_), many))
    return found


def _is_of_readers() -> ColumnElement[bool]:
    """Written here, by somebody who is no member; what was brought in nobody here has judged."""
    return Comment.member_id.is_(None) & ~is_imported()


def _whom(*, is_decided: bool) -> str:
    return "person" if is_decided else "judges"


def _line(counts: Fates) -> Numbers:
    fates: Counter[str] = Counter()
    for (fate, _), many in counts.items():
        fates[fate] += many
    reasons = {about: many for (fate, about), many in sorted(counts.items()) if fate == "removed"}
    return {"received": fates.total(), **{fate: fates[fate] for fate in FATES}, "removed_for": reasons}


def _hours() -> defaultdict[str, list[float]]:
    """From a comment to the first decision of a person about it alone, by its month, and of the last thirty days."""
    about = literal("comment:") + cast(Comment.id, String)
    asked = select(Comment.written_at, func.min(Decision.at)).join(Decision, Decision.about == about)
    asked = asked.where(_is_of_readers(), Decision.deed.in_(SEEN_BY), Decision.bulk_id.is_(None))
    found: defaultdict[str, list[float]] = defaultdict(list)
    since = clock.now() - WINDOW
    for written_at, decided_at in db.session.execute(asked.group_by(Comment.id, Comment.written_at)):
        hours = (decided_at - written_at).total_seconds() / 3600
        found[month_of(decided_at)].append(hours)
        if decided_at >= since:
            found[LATELY].append(hours)
    return found


def _middle(hours: list[float]) -> float | None:
    return round(median(hours), 2) if hours else None


def _rates() -> dict[str, Numbers]:
    """How often the judges were wrong, by month of the spam."""
    found: defaultdict[str, list[sampling.Day]] = defaultdict(list)
    for day in sampling.days():
        found[f"{day.day:%Y-%m}"].append(day)
    return {month: _told(sampling.rate_of(drawn)) for month, drawn in found.items()}


def _told(rate: Rate) -> Numbers:
    share = None if rate.share is None else round(rate.share, 5)
    return {
        "spam": rate.spam,
        "drawn": rate.drawn,
        "looked_at": rate.looked_at,
        "wrong": rate.wrong,
        "share": share,
        "low": round(rate.low, 5),
        "high": round(rate.high, 5),
    }
