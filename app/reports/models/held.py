"""Held reports, in groups that one decision may settle: a cluster of similar texts, or the same signals."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, func, select

from app.extensions import db
from app.reports.models.arrival import SIMILAR
from app.reports.models.report import Report
from app.reports.models.states import State

READ = 5_000  # held reports that are grouped for one look


@dataclass(slots=True)
class Group:
    """Held reports that look as if they were of one kind. `first` is the oldest of them."""

    key: str
    signals: tuple[str, ...]
    cluster: str | None
    first: int
    text: str
    place: str
    oldest: datetime
    count: int = 1


def count_held() -> int:
    return db.session.scalar(select(func.count()).select_from(Report).where(Report.state == State.HELD)) or 0


def held_groups() -> list[Group]:
    """The groups, those that hold most first."""
    told = (Report.id, Report.signals, Report.cluster, Report.text, Report.place, Report.told_at)
    held = select(*told).where(Report.state == State.HELD).order_by(Report.id).limit(READ)
    groups: dict[str, Group] = {}
    for row in db.session.execute(held):
        key = group_key(row.signals, row.cluster)
        if found := groups.get(key):
            found.count += 1
        else:
            cluster = row.cluster if SIMILAR in row.signals else None
            groups[key] = Group(key, tuple(row.signals), cluster, row.id, row.text, row.place, row.told_at)
    return sorted(groups.values(), key=lambda group: (-group.count, group.first))


def held_in(key: str, limit: int) -> list[Report]:
    """The first held reports of a group, as they stand now."""
    found = select(Report).where(Report.state == State.HELD, _belongs(key)).order_by(Report.id).limit(limit)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def group_key(signals: Sequence[str], cluster: str | None) -> str:
    """What a group is called in forms."""
    return f"cluster:{cluster}" if cluster and SIMILAR in signals else "signals:" + "+".join(signals)


def _belongs(key: str) -> ColumnElement[bool]:
    kind, _, value = key.partition(":")
    signals = cast(Report.signals, String)
    if kind == "cluster":
        return (Report.cluster == value) & signals.contains(f'"{SIMILAR}"')
    return signals == json.dumps([one for one in value.split("+") if one])
