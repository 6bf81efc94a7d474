"""What readers are told of a guest's post: the exact words that were signed off, by whom, for whom, and when."""

from datetime import datetime
from typing import Self

from sqlalchemy import JSON, ForeignKey, String, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.drafts.models.draft import Draft
from app.drafts.models.signoff import Signoff
from app.extensions import Model, UtcDateTime, db
from app.kit import clock
from app.people.models import Organisation


class PostRelease(Model):
    """One guest's post as it was released; written with the release, gone with its recall."""

    __tablename__ = "post_release"

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), primary_key=True, autoincrement=False)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    words: Mapped[str] = mapped_column(Text)
    words_hash: Mapped[str] = mapped_column(String(64))
    signed: Mapped[list[list[str]]] = mapped_column(JSON)  # name and moment of each who signed off
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined")

    @classmethod
    def record(cls, draft: Draft, words: str, words_hash: str, signoffs: list[Signoff]) -> Self:
        row = db.session.get(cls, draft.id) or cls(draft_id=draft.id)
        row.slug, row.organisation_id, row.words, row.words_hash = draft.slug, _organisation(draft), words, words_hash
        row.signed = [[one.by.signature, one.at.isoformat(timespec="seconds")] for one in signoffs]
        row.released_at = clock.now()
        db.session.add(row)
        return row

    @classmethod
    def of(cls, slug: str) -> Self | None:
        return db.session.scalar(select(cls).where(cls.slug == slug))

    @classmethod
    def forget(cls, draft: Draft) -> None:
        db.session.execute(delete(cls).where(cls.draft_id == draft.id))

    @property
    def signers(self) -> list[tuple[str, datetime]]:
        return [(name, datetime.fromisoformat(at)) for name, at in self.signed]


def _organisation(draft: Draft) -> int:
    assert draft.organisation_id, draft.slug  # noqa: S101 -- only guests' posts are recorded
    return draft.organisation_id
