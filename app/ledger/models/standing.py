"""Where the ledger stands: the live counter and the newest published checkpoint, in one question."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from app.extensions import Model, db


class Standing(NamedTuple):
    """The counter now; size, root and time of the last checkpoint, None before the first one."""

    counter: int
    size: int | None
    root: bytes | None
    made_at: datetime | None


def standing() -> Standing:
    """Counter and checkpoint as every page shows them."""
    row = db.session.execute(_asked()).first()
    return Standing(*row) if row else Standing(0, None, None, None)


@cache
def _asked() -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    """Made once: every page asks it, and making it takes longer than asking."""
    head, checkpoint = Model.metadata.tables["ledger_head"], Model.metadata.tables["ledger_checkpoint"]
    newest = select(func.max(checkpoint.c.size)).scalar_subquery()
    found = select(head.c.counter, checkpoint.c.size, checkpoint.c.root, checkpoint.c.made_at)
    return found.select_from(head).outerjoin(checkpoint, checkpoint.c.size == newest)
