"""A comment as it stands on its page, rendered in the transaction that changes what readers see of it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Insert, String, Text, delete, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.comments import rendering
from app.comments.rendering import Said
from app.config import Language
from app.extensions import Model, db, table_of

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
        cls.keep([comment.said for comment in comments if comment.was_shown])

    @classmethod
    def keep(cls, said: Sequence[Said]) -> None:
        """Keep what readers see of comments of which nothing is kept yet."""
        rows = [row for one in said for row in _rows(one)]
        if rows:
            db.session.execute(_insert(), rows)


@cache
def _insert() -> Insert:
    return insert(table_of(Fragment))


def _rows(said: Said) -> Iterator[dict[str, object]]:
    for code, made_of in rendering.all_made_of().items():
        html = rendering.kept(said, code)
        yield {"comment_id": said.id, "lang": code, "made_of": made_of, "html": html}
