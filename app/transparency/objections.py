"""What was said against decisions and against comments, and what became of it."""

from collections import Counter, defaultdict
from statistics import median
from typing import Any

from sqlalchemy import func, select

from app.comments.models import appeal
from app.extensions import db
from app.notices.models import Ground, Notice, Outcome
from app.people.models import Decision
from app.transparency.months import month_of

Numbers = dict[str, Any]  # JSON values


def appeals() -> Numbers:
    """The log keeps what became of those whose comment is gone by now."""
    made = select(Decision.deed, func.count()).where(Decision.deed.in_(("appeal-grant", "appeal-reject")))
    by_deed = {row[0]: row[1] for row in db.session.execute(made.group_by(Decision.deed))}
    granted, rejected = by_deed.get("appeal-grant", 0), by_deed.get("appeal-reject", 0)
    is_open = appeal.count_open()
    return {"lodged": granted + rejected + is_open, "granted": granted, "rejected": rejected, "open": is_open}


def notices() -> Numbers:
    """By ground and by outcome in all, by month only how many: a single one says nothing of whom it is about."""
    asked = select(Notice.ground, Notice.outcome, Notice.received_at, Notice.decided_at)
    grounds, outcomes, months = Counter[Ground](), Counter[Outcome](), defaultdict[str, int](int)
    hours = []
    for ground, outcome, received_at, decided_at in db.session.execute(asked):
        grounds[ground] += 1
        months[month_of(received_at)] += 1
        if outcome is not None and decided_at is not None:
            outcomes[outcome] += 1
            hours.append((decided_at - received_at).total_seconds() / 3600)
    return {
        "received": grounds.total(),
        "open": grounds.total() - outcomes.total(),
        "grounds": {ground.value: grounds[ground] for ground in Ground},
        "outcomes": {outcome.value: outcomes[outcome] for outcome in Outcome},
        "months": dict(sorted(months.items(), reverse=True)),
        "hours_to_decision": round(median(hours), 2) if hours else None,
    }
