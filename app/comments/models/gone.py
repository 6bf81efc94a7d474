"""Comments whose rows are deleted: how many there were, so that numbers about them stay true."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.comments.models.state import State
from app.extensions import Model, db, state_column
from app.kit import clock

ADD = text(
    "INSERT INTO comment_gone (month, state, is_decided, count) VALUES (:month, :state, :is_decided, :count)"
    " ON CONFLICT (month, state, is_decided) DO UPDATE SET count = comment_gone.count + excluded.count"
)


class Left(NamedTuple):
    """Of a row that is deleted: when the comment was written, where it was, whether a person had looked at it."""

    written_at: datetime
    state: State
    is_decided: bool


def was_looked_at() -> ColumnElement[bool]:
    """Of a row of `comment`: a person has decided about it alone; who decides on many at once looks at none."""
    comment = Model.metadata.tables["comment"]
    return (comment.c.is_decided & comment.c.bulk_id.is_(None)).label("was_looked_at")


class Gone(Model):
    """How many readers' comments of a month were deleted, by where they were."""

    __tablename__ = "comment_gone"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    state: Mapped[State] = mapped_column(state_column(State, "state"), primary_key=True)
    is_decided: Mapped[bool] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column()

    @classmethod
    def add(cls, left: Iterable[Left]) -> None:
        counts = Counter((f"{at.astimezone(clock.BERLIN):%Y-%m}", state.value, is_) for at, state, is_ in left)
        for (month, state, is_decided), count in sorted(counts.items()):
            values = {"month": month, "state": state, "is_decided": is_decided, "count": count}
            db.session.execute(ADD, values)
