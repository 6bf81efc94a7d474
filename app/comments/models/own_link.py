"""A link to all comments with which an address was left: mailed to that address, good for a day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import String, delete, exists, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.comments.models.comment import Comment
from app.comments.models.contact import CommentContact
from app.comments.models.size import ThreadSize
from app.extensions import Model, UtcDateTime, db
from app.kit import clock, tokens

LASTS = timedelta(days=1)
A_DAY = 3  # letters to one address, whoever asks for them
SHOWN = 200  # comments of one address, the newest


class OwnLink(Model):
    """One such link. Whoever opens it reads the mailbox; nothing else is known of them."""

    __tablename__ = "comment_own_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    @classmethod
    def issue(cls, email: str) -> str | None:
        """The secret of a new link; None where nobody is written to.

        That is an address that was left with no comment, and one to which enough links went within the day.
        """
        going = select(func.count()).select_from(cls).where(cls.email == email.lower(), cls.ends_at > clock.now())
        if (db.session.scalar(going) or 0) >= A_DAY:
            return None
        if not db.session.scalar(select(exists().where(func.lower(CommentContact.email) == email.lower()))):
            return None
        token = tokens.new_token()
        db.session.add(cls(token_hash=tokens.digest(token), email=email.lower(), ends_at=clock.now() + LASTS))
        return token

    @classmethod
    def by(cls, token: str) -> Self | None:
        """The link of a secret, while it is good."""
        found = db.session.get(cls, tokens.digest(token))
        return found if found and found.ends_at > clock.now() else None

    @classmethod
    def forget(cls) -> int:
        """Delete the links whose day is over; how many."""
        return len(db.session.execute(delete(cls).where(cls.ends_at < clock.now()).returning(cls.token_hash)).all())

    def comments(self) -> list[Comment]:
        """The comments with which the address was left, newest first."""
        left = select(CommentContact.comment_id).where(func.lower(CommentContact.email) == self.email)
        found = select(Comment).where(Comment.id.in_(left), Comment.text != "")
        return list(db.session.scalars(found.order_by(Comment.id.desc()).limit(SHOWN)))

    def take(self, ids: Sequence[int]) -> list[Comment]:
        """Those of them with these numbers, which nobody else changes until the caller's transaction ends."""
        own = [one for one in self.comments() if one.id in set(ids)]
        ThreadSize.take([one.post_slug for one in own])
        found = select(Comment).where(Comment.id.in_([one.id for one in own])).order_by(Comment.post_slug, Comment.id)
        taken = db.session.scalars(found.with_for_update(of=Comment).execution_options(populate_existing=True))
        return [one for one in taken if one.text]
