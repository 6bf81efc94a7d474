"""What readers are told of a guest's post: the exact words that were signed off, by whom, for whom, and when."""

from collections import defaultdict
from collections.abc import Collection, Sequence
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


class Released:
    """Words that were released, with who signed them off."""

    words: Mapped[str] = mapped_column(Text)
    words_hash: Mapped[str] = mapped_column(String(64))
    signed: Mapped[list[list[str]]] = mapped_column(JSON)  # name and moment of each who signed off
    signed_by: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))  # members, likewise; none: unknown
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)

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
        return signers_of([self])[0]


class PostRelease(Released, Model):
    """One guest's post as it was released last; written with the release, gone with its recall."""

    __tablename__ = "post_release"

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), primary_key=True, autoincrement=False)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))

    organisation: Mapped[Organisation] = relationship(lazy="joined")

    @classmethod
    def record(cls, draft: Draft, words: str, words_hash: str, signoffs: list[Signoff]) -> Self:
        """What readers are told from now on; what they were told before stays to be read beside it."""
        row = db.session.get(cls, draft.id)
        if row:
            EarlierRelease.keep(row)
        row = row or cls(draft_id=draft.id)
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

    def earlier(self) -> "list[EarlierRelease]":
        """What was released before it was corrected, the oldest first."""
        return EarlierRelease.of([self.draft_id])


class EarlierRelease(Released, Model):
    """What readers read of a guest's post until it was corrected, numbered from 1."""

    __tablename__ = "earlier_release"

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    @classmethod
    def keep(cls, release: PostRelease) -> Self:
        made = cls(draft_id=release.draft_id, number=len(release.earlier()) + 1)
        for name in ("words", "words_hash", "signed", "signed_by", "released_at"):
            setattr(made, name, getattr(release, name))
        db.session.add(made)
        db.session.flush()
        return made

    @classmethod
    def of(cls, draft_ids: Collection[int]) -> list[Self]:
        """Of some posts, each the oldest first."""
        found = select(cls).where(cls.draft_id.in_(draft_ids)).order_by(cls.draft_id, cls.number)
        return list(db.session.scalars(found))


def signers_of(releases: Sequence[Released]) -> list[list[Signer]]:
    """Who signed each of them off, in one question."""
    ids = {id_ for one in releases for id_ in one.signed_by or []}
    found = select(Member).where(Member.id.in_(ids))
    ended = {one.id: one.verified_until for one in db.session.scalars(found)} if ids else {}
    return [
        [Signer(name, at, ended.get(id_) if id_ else None, id_) for name, at, id_ in one.signatures] for one in releases
    ]


def ended_by_name(organisation: Organisation | None, signers: Sequence[Signer]) -> dict[str, datetime]:
    """Until when the people of a byline spoke for the organisation who do no more, by name.

    Of those who signed it is known who they are. A name that nobody signed with, or two, is nobody's unless only one
    person of the organisation ever had it.
    """
    told = Member.ended_by_name(organisation) if organisation else {}
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
