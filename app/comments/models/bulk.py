"""A bulk: one decision on many comments, on exactly those that were counted, a slice at a time; and its undo."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from sqlalchemy import ForeignKey, Index, String, delete, insert, select, update
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.comments.models.comment import Comment, MovedMeanwhile
from app.comments.models.snapshot import Feedback
from app.comments.models.state import State
from app.extensions import Model, UtcDateTime, db, state_column, table_of
from app.kit import clock, tokens
from app.people.models import Member

UNDONE_WITHIN = timedelta(days=30)  # as long as what comments were before is kept
_OPEN = "stage IN ('running', 'undoing')"


class Stage(StrEnum):
    """How far a bulk is."""

    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class Fate(StrEnum):
    """What became of one comment of a bulk."""

    PENDING = "pending"
    DONE = "done"
    LEFT = "left"  # it had moved meanwhile
    HELD = "held"  # a person has to look at it: published only one by one
    UNDONE = "undone"
    KEPT = "kept"  # it has moved since, and stays where it is


class Bulk(Model):
    """Who wanted which comments to go where, and how far that has come."""

    __tablename__ = "comment_bulk"
    __table_args__ = (Index("ix_comment_bulk_open", "id", sqlite_where=sql(_OPEN), postgresql_where=sql(_OPEN)),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    was: Mapped[State] = mapped_column(state_column(State, "was"))
    to: Mapped[State] = mapped_column("goes_to", state_column(State, "goes_to"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    reason_key: Mapped[str] = mapped_column(String(31), default="", server_default=sql("''"))  # of a public reason
    cluster: Mapped[str] = mapped_column(String(16), default="")
    stage: Mapped[Stage] = mapped_column(state_column(Stage, "stage"), default=Stage.RUNNING)
    promised: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    undone: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    by: Mapped[Member] = relationship(lazy="joined")

    @classmethod
    def begin(
        cls,
        key: str,
        counted: Mapping[int, int],
        *,
        was: State,
        to: State,
        by: Member,
        reason: str = "",
        reason_key: str = "",
        cluster: str = "",
    ) -> tuple[Self, bool]:
        """A bulk about the comments counted, of which nothing has moved yet; or the one that came under the key."""
        known = tokens.digest(key)
        if found := db.session.scalar(select(cls).where(cls.key_hash == known)):
            return found, False
        made = cls(key_hash=known, member_id=by.id, was=was, to=to, reason=reason, cluster=cluster)
        made.promised, made.made_at, made.reason_key = len(counted), clock.now(), reason_key
        try:
            with db.session.begin_nested():
                db.session.add(made)
        except IntegrityError:  # the same form arrived twice at once
            return db.session.scalars(select(cls).where(cls.key_hash == known)).one(), False
        _note(made.id, counted)
        return made, True

    @classmethod
    def take(cls, id_: int) -> Self:
        """The bulk as it stands now, for one who moves a slice of it: nobody else does meanwhile."""
        found = select(cls).where(cls.id == id_).with_for_update(of=cls)
        return db.session.scalars(found.execution_options(populate_existing=True)).one()

    @classmethod
    def open_ids(cls) -> list[int]:
        """Those of which a part is still to be done or undone."""
        return list(db.session.scalars(select(cls.id).where(sql(_OPEN)).order_by(cls.id)))

    @classmethod
    def newest(cls, limit: int) -> list[Self]:
        return list(db.session.scalars(select(cls).order_by(cls.id.desc()).limit(limit)))

    @property
    def subject(self) -> str:
        return f"bulk:{self.id}"

    @property
    def is_open(self) -> bool:
        return self.stage in {Stage.RUNNING, Stage.UNDOING}

    @property
    def can_be_undone(self) -> bool:
        is_recent = self.made_at > clock.now() - UNDONE_WITHIN
        return self.stage in {Stage.RUNNING, Stage.DONE} and is_recent and bool(self.done or self.is_open)

    @property
    def left(self) -> int:
        """How many had moved meanwhile, once it is done."""
        return self.promised - self.done - self.held

    def undo(self) -> None:
        """From now on it goes back, slice by slice; what had not moved yet stays."""
        wanted = (Stage.RUNNING, Stage.DONE)
        turned = update(Bulk).where(Bulk.id == self.id, Bulk.stage.in_(wanted)).values(stage=Stage.UNDOING)
        db.session.flush()
        if not self.can_be_undone or not db.session.execute(turned).rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
            raise MovedMeanwhile(self.id)
        db.session.refresh(self)

    def finish(self) -> None:
        """Nothing is left to move."""
        if self.stage is Stage.RUNNING:
            self.stage, self.done_at = Stage.DONE, clock.now()
        else:
            self.stage, self.undone_at = Stage.UNDONE, clock.now()


class BulkItem(Model):
    """One comment of a bulk: the words in which it was counted, and what it was before."""

    __tablename__ = "comment_bulk_item"
    __table_args__ = (Index("ix_comment_bulk_item_fate", "bulk_id", "fate", "comment_id"),)

    bulk_id: Mapped[int] = mapped_column(ForeignKey("comment_bulk.id"), primary_key=True, autoincrement=False)
    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    edits: Mapped[int]
    fate: Mapped[Fate] = mapped_column(state_column(Fate, "fate"))
    was_decided: Mapped[bool | None]
    removed_because: Mapped[str | None] = mapped_column(String(300))
    removed_key: Mapped[str] = mapped_column(String(31), default="", server_default=sql("''"))
    lesson: Mapped[str | None] = mapped_column(String(8))
    ask_again_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    before_id: Mapped[int | None]  # the bulk that had moved it before
    feedback: Mapped[Feedback | None] = mapped_column(state_column(Feedback, "feedback"))
    feedback_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def _note(bulk_id: int, counted: Mapping[int, int]) -> None:
    """Keep which they are; those that were deleted since they were counted have moved, too."""
    low, high = min(counted, default=0), max(counted, default=0)
    there = db.session.scalars(select(Comment.id).where(Comment.id.between(low, high))).all()
    rows = [
        {"bulk_id": bulk_id, "comment_id": id_, "edits": counted[id_], "fate": Fate.PENDING}
        for id_ in sorted(counted.keys() & set(there))
    ]
    if rows:
        db.session.execute(insert(table_of(BulkItem)), rows)


def forget() -> int:
    """Delete what comments were before bulks of long ago; how many."""
    old = select(Bulk.id).where(Bulk.made_at < clock.now() - UNDONE_WITHIN, Bulk.stage.in_((Stage.DONE, Stage.UNDONE)))
    gone = db.session.execute(delete(BulkItem).where(BulkItem.bulk_id.in_(old)))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it


def left_of(bulk: Bulk, limit: int) -> list[BulkItem]:
    """Comments that did not move with the others, or not back."""
    fates = (Fate.LEFT, Fate.HELD, Fate.KEPT)
    found = select(BulkItem).where(BulkItem.bulk_id == bulk.id, BulkItem.fate.in_(fates))
    return list(db.session.scalars(found.order_by(BulkItem.comment_id).limit(limit)))
