"""In which mode a rule is, where somebody has set it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, String, update
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db, state_column
from app.spam.models.upsert import insert_into
from app.spam.rules import KEYS, Mode, mode_of


class ChangedMeanwhile(Exception):
    """The rule is no longer in the mode in which whoever decides saw it."""


class RuleMode(Model):
    """The mode of one rule. A rule without a row is in the mode in which it ships."""

    __tablename__ = "rule_mode"

    rule: Mapped[str] = mapped_column(String(40), primary_key=True)
    mode: Mapped[Mode] = mapped_column(state_column(Mode, "mode"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def change(cls, rule: str, mode: Mode, *, seen: Mode, now: datetime) -> None:
        """Set a rule's mode; KeyError for a rule that there is not."""
        if rule not in KEYS:
            raise KeyError(rule)
        first = {"rule": rule, "mode": mode_of(rule), "set_at": now}
        db.session.execute(insert_into(cls).values(first).on_conflict_do_nothing())
        same = update(cls).where(cls.rule == rule, cls.mode == seen).values(mode=mode, set_at=now)
        changed = cast("CursorResult[Any]", db.session.execute(same))  # Any: it answers no rows
        if not changed.rowcount:
            raise ChangedMeanwhile(rule)


def known(rows: Mapping[str, Mode]) -> dict[str, Mode]:
    """The modes of rules that this release has."""
    return {rule: mode for rule, mode in rows.items() if rule in KEYS}
