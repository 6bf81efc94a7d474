"""All that is told, counted at one moment: a fixed number of questions, however much there is."""

from typing import Any

from app.extensions import db, read_one_moment
from app.spam.judges import judges
from app.spam.rules import AKISMET, RULES, Mode, mode_of
from app.transparency import comments, guests, objections, posts
from app.transparency.models import Account
from app.transparency.months import month_of

Numbers = dict[str, Any]  # JSON values


def count() -> Account:
    """Count everything and keep it. Nobody waits meanwhile; the caller commits."""
    read_one_moment()
    numbers = _numbers(Account.last())
    db.session.rollback()
    return Account.keep(numbers)


def _numbers(last: Account | None) -> Numbers:
    notices = objections.notices()
    return {
        "comments": comments.count(_kept(last), notices["months"]),
        "appeals": objections.appeals(),
        "notices": notices,
        "means": _means(),
        "guests": guests.log(),
        "posts": posts.log(),
    }


def _kept(last: Account | None) -> dict[str, float | None]:
    """Times of months that were over at the last count: much of what was decided then is deleted by now."""
    if last is None:
        return {}
    told = last.numbers["comments"]["months"]
    return {one["month"]: one["hours_to_decision"] for one in told if one["month"] < month_of(last.counted_at)}


def _means() -> Numbers:
    """Which automatic means are at work."""
    modes, bench = judges().modes(), judges()
    now = {key: modes.get(key, mode_of(key)) for key in RULES}
    by_mode = {mode.value: [key for key in RULES if now[key] is mode] for mode in (Mode.ENFORCE, Mode.OBSERVE)}
    asks_akismet = bench.akismet is not None and modes.get(AKISMET, mode_of(AKISMET)) is not Mode.OFF
    return {"rules": by_mode, "akismet": asks_akismet}
