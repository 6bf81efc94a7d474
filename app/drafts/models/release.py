"""What readers are told of a guest's post: the exact words that were signed off, by whom, for whom, and when."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Self

from sqlalchemy import JSON, ForeignKey, String, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.drafts.models.draft import Draft
from app.drafts.models.signoff import Signoff
from app.extensions import Model, UtcDateTime, db
from app.kit import clock
from app.people.models import Member, Organisation


class Signer(NamedTuple):
    """Who signed off, under the name that they had then."""

    name: str
    at: datetime
    until: datetime | None  # they speak for the organisation no more
    member_id: int | None  # unknown of what was released before it was kept


class PostRelease(Model):
    """One guest's post as it was released; written with the release, gone with its recall."""

    __tablename__ = "post_release"

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), primary_key=True, autoincrement=False)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    words: Mapped[str] = mapped_column(Text)
    words_hash: Mapped[str] = mapped_column(String(64))
    signed: Mapped[list[list[str]]] = mapped_column(JSON)  # name and moment of each who signed off
    signed_by: Mapped[list[int] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # members, in the same order; none: unknown
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined")

    @classmethod
    def record(cls, draft: Draft, words: str, words_hash: str, signoffs: list[Signoff]) -> Self:
        row = db.session.get(cls, draft.id) or cls(draft_id=draft.id)
        row.slug, row.organisation_id, row.words, row.words_hash = draft.slug, _organisation(draft), words, words_hash
        row.signed = [[one.by.signature, one.at.isoformat(timespec="seconds")] for one in signoffs]
        row.signed_by, row.released_at = [one.member_id for one in signoffs], clock.now()
        db.session.add(row)
        return row

    @classmethod
    def of(cls, slug: str) -> Self | None:
        return db.session.scalar(select(cls).where(cls.slug == slug))

    @classmethod
    def forget(cls, draft: Draft) -> None:
        db.session.execute(delete(cls).where(cls.draft_id == draft.id))

    @property
    def title(self) -> str:
        """The first line of the words."""
        return self.words.partition("\n")[0].removeprefix("title: ")

    @property
    def signatures(self) -> list[tuple[str, datetime, int | None]]:
        """Name, moment and member of each."""
        ids: list[int | None] = [*(self.signed_by or [])] or [None] * len(self.signed)
        return [(name, datetime.fromisoformat(at), id_) for (name, at), id_ in zip(self.signed, ids, strict=True)]

    def signers(self) -> list[Signer]:
        """Who signed off, and until when each of them spoke for the organisation."""
        found = select(Member.id, Member.revoked_at).where(Member.id.in_(self.signed_by or []), ~Member.active)
        ended = {row.id: row.revoked_at for row in db.session.execute(found)} if self.signed_by else {}
        return [Signer(name, at, ended.get(id_) if id_ else None, id_) for name, at, id_ in self.signatures]


def ended_by_name(organisation: Organisation | None, signers: Sequence[Signer]) -> dict[str, datetime]:
    """Until when the people of a byline spoke for the organisation who do no more, by name.

    Of those who signed it is known who they are. A name that nobody signed with, or two, is nobody's unless only one
    person of the organisation ever had it.
    """
    told = organisation.ended_by_name() if organisation else {}
    people: defaultdict[str, dict[int, datetime | None]] = defaultdict(dict)
    for one in signers:
        if one.member_id:
            people[one.name.casefold()][one.member_id] = one.until
    for name, of_name in people.items():
        told.pop(name, None)
        until = next(iter(of_name.values()))
        if len(of_name) == 1 and until:
            told[name] = until
    return told


def _organisation(draft: Draft) -> int:
    assert draft.organisation_id, draft.slug  # noqa: S101 -- only guests' posts are recorded
    return draft.organisation_id
