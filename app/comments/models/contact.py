"""How moderators can ask a writer back."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class CommentContact(Model):
    """The address a writer left for moderators' questions; on no page, in no feed, in no export."""

    __tablename__ = "comment_contact"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
