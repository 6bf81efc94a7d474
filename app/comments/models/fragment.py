"""A comment as it stands on its page, rendered when it was published."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class Fragment(Model):
    """One comment's part of a page in one language; what is not there or made of older templates is rendered anew."""

    __tablename__ = "comment_fragment"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    lang: Mapped[str] = mapped_column(String(2), primary_key=True)
    made_of: Mapped[str] = mapped_column(String(16))  # hash of the templates and words it was rendered with
    html: Mapped[str] = mapped_column(Text)
