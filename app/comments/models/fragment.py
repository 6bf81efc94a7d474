"""A comment as it stands on its page, rendered in the transaction that changes what readers see of it."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text, delete, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.comments import rendering
from app.config import Language
from app.extensions import Model, db

if TYPE_CHECKING:
    from app.comments.models.comment import Comment


class Fragment(Model):
    """One comment's part of a page in one language; what is not there or made of older templates is rendered anew."""

    __tablename__ = "comment_fragment"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    lang: Mapped[Language] = mapped_column(String(2), primary_key=True)
    made_of: Mapped[str] = mapped_column(String(16))  # hash of what templates and words make of specimens
    html: Mapped[str] = mapped_column(Text)

    @classmethod
    def renew(cls, comments: "Iterable[Comment]") -> None:
        """Keep what readers see of the comments now, and nothing of those that they do not."""
        comments = list(comments)
        db.session.execute(delete(cls).where(cls.comment_id.in_([comment.id for comment in comments])))
        rows = [row for comment in comments if comment.was_shown for row in _rows(comment)]
        if rows:
            db.session.execute(insert(cls), rows)


def _rows(comment: "Comment") -> Iterator[dict[str, object]]:
    for code, made_of in rendering.all_made_of().items():
        html = rendering.kept(comment.said, code)
        yield {"comment_id": comment.id, "lang": code, "made_of": made_of, "html": html}
