"""What a comment said before, and what its writer wants it to say: nothing unchecked stands before readers."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from sqlalchemy import JSON, ForeignKey, Index, String, Text, delete, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.comments.models import lessons
from app.comments.models.advice import PERSONAL, tells_who, where_to
from app.comments.models.comment import Comment, MovedMeanwhile
from app.comments.models.link import is_open
from app.comments.models.readable import readable
from app.comments.models.snapshot import Snapshot
from app.comments.models.state import State
from app.comments.models.taking import take
from app.config import Policy
from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock, markup, tongue
from app.spam.verdict import Judgement, Verdict

KEPT_FOR = timedelta(days=90)
MOST_EDITS = 20  # of one comment within that time: each is kept, judged, and looked at by a person
EDITED_SPAM = "edited-spam"  # why a comment waits for a person and for nobody else: as it was first, judges knew it


class EditedEnough(Exception):
    """Its writer has changed the comment as often as anybody may."""


class Place(StrEnum):
    """Where a revision is."""

    WAITING = "waiting"  # new words of a comment that readers see; they see the old ones meanwhile
    REPLACED = "replaced"  # words that stood here once
    REFUSED = "refused"  # new words that a person did not let through
    DROPPED = "dropped"  # new words that waited until their writer found others


class Revision(Model):
    """Words of a comment that are not those it says now."""

    __tablename__ = "comment_revision"
    __table_args__ = (
        Index(
            "ix_comment_revision_waiting",
            "comment_id",
            unique=True,
            sqlite_where=sql("place = 'waiting'"),
            postgresql_where=sql("place = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    place: Mapped[Place] = mapped_column(state_column(Place, "place"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # replaced or refused
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    alert: Mapped[str] = mapped_column(String(300), default="")

    comment: Mapped[Comment] = relationship(lazy="joined")

    @classmethod
    def waiting_of(cls, comment: Comment) -> Self | None:
        """The new words of a comment that have not been decided on."""
        return db.session.scalar(select(cls).where(cls.comment_id == comment.id, cls.place == Place.WAITING))

    @classmethod
    def of(cls, comment: Comment) -> list[Self]:
        """Everything that a comment said or was to say, oldest first."""
        return list(db.session.scalars(select(cls).where(cls.comment_id == comment.id).order_by(cls.id)))

    @classmethod
    def propose(cls, comment: Comment, text: str) -> Self:
        """New words of a comment that readers see, to be judged; a later proposal takes an earlier one's place.

        The earlier one stays under its number: whoever was shown that one decides on nothing else.
        """
        earlier = cls.waiting_of(comment)
        if earlier:
            earlier._leave(Place.DROPPED)  # noqa: SLF001 -- our own class
        made = cls(comment_id=comment.id, text=text, place=Place.WAITING, written_at=clock.now())
        db.session.add(made)
        db.session.flush()
        return made

    @property
    def tells_who(self) -> bool:
        """Whether something in the new words tells who somebody is."""
        return tells_who(self.comment.post_slug, self.comment.name, self.text, markup.comment(self.text))

    @property
    def why(self) -> list[str]:
        """All that a person should look at."""
        is_told = PERSONAL in self.reasons or not self.tells_who
        return self.reasons if is_told else [*self.reasons, PERSONAL]

    @property
    def is_blacked_out(self) -> bool:
        """Whether readers would see something else than is written: what is shown blacked out stays so."""
        comment = self.comment
        return comment.is_redacted and (readable(self.text) != self.text or comment.shown_name != comment.name)

    def receive(self, judgement: Judgement, policy: Policy) -> None:
        """Act on the judges' advice: let the words through, or leave them to a person; spam, too, is told nothing."""
        led = where_to(judgement, policy, lambda: self.tells_who)
        self.reasons, self.alert = led.reasons, led.alert
        if led.to is State.PUBLISHED and not self.comment.is_redacted:
            self.accept()

    def accept(self, *, as_written: bool = False) -> None:
        """Have the comment say these words; those it said until now are kept in their place.

        What was shown blacked out stays so, unless a person wants it as written.
        """
        take(self.comment)
        before = self.comment.text, _since(self.comment)
        if not self._leave(Place.REPLACED) or not self.comment.is_shown:
            raise MovedMeanwhile(self.comment_id)
        _say(self.comment, self.text, edited_at=clock.now(), as_written=as_written)
        self.text, self.written_at = before

    def refuse(self) -> None:
        """Leave the comment as it is."""
        if not self._leave(Place.REFUSED):
            raise MovedMeanwhile(self.comment_id)

    def _leave(self, to: Place) -> bool:
        """Compare and set; False if somebody else has decided."""
        db.session.flush()
        waits = (Revision.id == self.id) & (Revision.place == Place.WAITING)
        left = update(Revision).where(waits).values(place=to, ended_at=clock.now()).returning(Revision.id)
        is_left = db.session.scalar(left.execution_options(synchronize_session=False)) is not None
        db.session.refresh(self)
        return is_left


def edit(comment: Comment, text: str) -> Revision | None:
    """Change the words of a comment that its writer has taken; None where no reader saw the old ones.

    What readers see changes only by `Revision.accept`; whoever judges a comment that waits sees the new words.
    """
    if not is_open(comment):
        raise MovedMeanwhile(comment.id)
    if _count_of(comment) >= MOST_EDITS:
        raise EditedEnough(comment.id)
    if comment.is_shown:
        return Revision.propose(comment, text)
    old = Revision(comment_id=comment.id, text=comment.text, place=Place.REPLACED, written_at=_since(comment))
    old.ended_at = clock.now()
    db.session.add(old)
    _say(comment, text, edited_at=comment.edited_at)
    return None


def judged_anew(comment: Comment, judgement: Judgement, policy: Policy, *, edits: int) -> None:
    """Act on what judges say of an edited comment that waits; of one that they took for spam only a person decides."""
    if comment.state is not State.SPAM:
        comment.receive(judgement, policy, of=edits)
    elif judgement.verdict not in {Verdict.SPAM, Verdict.DISCARD} and comment.edits == edits:
        comment.doubt([*judgement.reasons, EDITED_SPAM])


def count_waiting() -> int:
    """How many comments have new words that wait for a person."""
    return db.session.scalar(select(func.count()).select_from(Revision).where(Revision.place == Place.WAITING)) or 0


def waiting(limit: int, offset: int = 0) -> list[Revision]:
    """New words that wait, oldest first."""
    found = select(Revision).where(Revision.place == Place.WAITING).order_by(Revision.id)
    return list(db.session.scalars(found.limit(limit).offset(offset)))


def forget() -> int:
    """Delete words that stood somewhere, or were refused, long ago; how many."""
    old = delete(Revision).where(Revision.ended_at < clock.now() - KEPT_FOR)
    return len(db.session.execute(old.returning(Revision.id)).all())


def _count_of(comment: Comment) -> int:
    of_it = select(func.count()).select_from(Revision).where(Revision.comment_id == comment.id)
    return db.session.scalar(of_it) or 0


def _since(comment: Comment) -> datetime:
    """Since when it says what it says."""
    replaced = (Revision.comment_id == comment.id) & (Revision.place == Place.REPLACED)
    last = db.session.scalar(select(func.max(Revision.ended_at)).where(replaced))
    return last or comment.written_at


def _say(comment: Comment, text: str, *, edited_at: datetime | None, as_written: bool = False) -> None:
    """Readers are told of an edit only where they could have read the old words."""
    lessons.teach(comment, None)  # it was taught by the old words; a person decides anew
    with comment.before_readers(comment.state):
        comment.text, comment.lang = text, tongue.of(text)
        comment.is_redacted = comment.is_redacted and not as_written
        comment.html = str(markup.comment(comment.readable))
        comment.edits, comment.edited_at = comment.edits + 1, edited_at
    Snapshot.says(comment.id, text)
