"""A publication: the ledger says when a post was released and for which moment, so that nobody can date it back."""

from datetime import datetime
from typing import Self

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db
from app.kit import clock
from app.ledger.models import Entry, Head, Kind
from app.posts.post import Post
from app.posts.shelf import Shelf


class Publication(Model):
    """One post with the moment from which it is public."""

    __tablename__ = "publication"

    slug: Mapped[str] = mapped_column(String(255), primary_key=True)
    publish_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    entry_seq: Mapped[int] = mapped_column(ForeignKey("ledger_entry.seq"))

    @classmethod
    def record(cls, post: Post) -> Self:
        """Write a released post into the ledger: its address, its `publish_at`, and the hash of its file."""
        entry = _tell(post, post.date)
        db.session.flush()
        made = cls(slug=post.slug, publish_at=post.date, entry_seq=entry.seq)
        db.session.add(made)
        return made

    @staticmethod
    def tell_correction(post: Post) -> None:
        """Write the hash of a corrected post's file into the ledger, with the moment since which it says that."""
        _tell(post, post.changed)


def record_new(shelf: Shelf) -> int:
    """Record every released post that the ledger does not know yet; how many there were."""
    fresh = unrecorded(shelf)
    if fresh:
        Head.take()  # several hosts look at once: one after the other, and each only at what is left
        fresh = unrecorded(shelf)
    for post in sorted(fresh, key=lambda post: (post.date, post.slug)):
        Publication.record(post)
    return len(fresh)


def unrecorded(shelf: Shelf) -> list[Post]:
    """Every released post that the ledger does not know yet."""
    known = {(slug, at) for slug, at in db.session.execute(select(Publication.slug, Publication.publish_at))}
    return [post for post in shelf.released() if (post.slug, post.date) not in known]


def _tell(post: Post, since: datetime) -> Entry:
    return Entry.append(
        Kind.PUBLISHED,
        minute=clock.minute(),
        commitment=bytes.fromhex(post.source_hash),
        subject=f"post:{_name(post)}@{since.astimezone(clock.BERLIN).isoformat(timespec='minutes')}",
    )


def _name(post: Post) -> str:
    """Its address, once it is public; of a post that is still to come the ledger must not tell more than a hash."""
    return post.slug[:120] if post.is_public_at(clock.now()) else post.source_hash[:16]
