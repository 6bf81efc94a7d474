"""Comments that readers found helpful: a mark a device. It sorts, and proves nothing."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.config import settings
from app.extensions import Model, db, table_of
from app.kit import tokens
from app.spam.models.upsert import insert_into

if TYPE_CHECKING:
    from app.comments.models.comment import Comment


class Mark(Model):
    """That somebody found a comment helpful; the device is known to this comment only, and by a keyed hash."""

    __tablename__ = "helpful_mark"

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    device: Mapped[str] = mapped_column(String(32), primary_key=True)


class Helpful(Model):
    """How many devices found a comment helpful; always what the marks say, as `flask audit` recounts."""

    __tablename__ = "comment_helpful"
    __table_args__ = (Index("ix_comment_helpful_post", "post_slug", "marks", "comment_id"),)

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    post_slug: Mapped[str] = mapped_column(String(120))
    marks: Mapped[int]


def mark(comment: "Comment", device: str) -> None:
    """Note that this device found it helpful, once."""
    new = insert_into(Mark).on_conflict_do_nothing().returning(Mark.device)
    if db.session.execute(new, {"comment_id": comment.id, "device": _known(comment, device)}).first():
        row = {"comment_id": comment.id, "post_slug": comment.post_slug, "marks": 1}
        one_more = {"marks": table_of(Helpful).c.marks + 1}
        db.session.execute(
            insert_into(Helpful).on_conflict_do_update(index_elements=["comment_id"], set_=one_more), row
        )


def unmark(comment: "Comment", device: str) -> None:
    """Take the mark of this device back."""
    own = (Mark.comment_id == comment.id) & (Mark.device == _known(comment, device))
    if db.session.execute(delete(Mark).where(own).returning(Mark.device)).first():
        fewer = update(Helpful).where(Helpful.comment_id == comment.id)
        db.session.execute(fewer.values(marks=Helpful.marks - 1).execution_options(synchronize_session=False))


def marks_of(comment: "Comment") -> int:
    return db.session.scalar(select(Helpful.marks).where(Helpful.comment_id == comment.id)) or 0


def forget(id_: int) -> None:
    """Of a comment that readers do not see any more no marks are kept."""
    for table in (Mark, Helpful):
        db.session.execute(delete(table).where(table.comment_id == id_))


def faults() -> Iterator[str]:
    """Each comment whose number is not that of its marks."""
    made = {
        row[0]: row[1] for row in db.session.execute(select(Mark.comment_id, func.count()).group_by(Mark.comment_id))
    }
    kept = {row[0]: row[1] for row in db.session.execute(select(Helpful.comment_id, Helpful.marks))}
    for id_ in sorted(made.keys() | kept.keys()):
        if made.get(id_, 0) != kept.get(id_, 0):
            yield f"comment {id_} says that {kept.get(id_, 0)} found it helpful, its marks are {made.get(id_, 0)}"


def _known(comment: "Comment", device: str) -> str:
    """The device as this comment knows it; under another one it is somebody else."""
    return tokens.keyed(settings().secret_key, "helpful", f"{comment.id}\0{device}").hex()[:32]
