"""How moderators can ask a writer back, and by what writers find their comments again."""

from datetime import timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db
from app.kit import clock

KEPT_FOR = timedelta(days=180)


class CommentContact(Model):
    """The address a writer left for moderators' questions; on no page, in no feed, in no export of the site."""

    __tablename__ = "comment_contact"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))


def forget() -> int:
    """Delete the addresses of comments that were written long ago; how many."""
    comment = Model.metadata.tables["comment"]
    old = select(comment.c.id).where(comment.c.written_at < clock.now() - KEPT_FOR)
    gone = delete(CommentContact).where(CommentContact.comment_id.in_(old)).returning(CommentContact.comment_id)
    return len(db.session.execute(gone).all())
