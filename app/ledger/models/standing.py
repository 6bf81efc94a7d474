"""Where the ledger stands: the live counter and the newest published checkpoint, in one question."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from app.extensions import db
from app.ledger.models.checkpoint import Checkpoint
from app.ledger.models.head import Head


class Standing(NamedTuple):
    """The counter now; size, root and time of the last checkpoint, None before the first one."""

    counter: int
    size: int | None
    root: bytes | None
    made_at: datetime | None


def standing() -> Standing:
    """Counter and checkpoint as every page shows them."""
    newest = select(func.max(Checkpoint.size)).scalar_subquery()
    found = (
        select(Head.counter, Checkpoint.size, Checkpoint.root, Checkpoint.made_at)
        .select_from(Head)
        .outerjoin(Checkpoint, Checkpoint.size == newest)
    )
    row = db.session.execute(found).first()
    return Standing(*row) if row else Standing(0, None, None, None)
