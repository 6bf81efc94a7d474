"""A picture: whose it is, what it shows, and how it is written into a post."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Self

from sqlalchemy import ForeignKey, Select, String, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.config import Language, settings
from app.extensions import Model, UtcDateTime, db
from app.kit import clock, picture, tokens
from app.kit.picture import Size
from app.people.models import Member, Organisation

MOST_OF_ONE = 2000  # pictures of one organisation
LONGEST = 300  # characters of a text instead


class Picture(Model):
    """One picture of an organisation; its files lie under its name."""

    __tablename__ = "picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lang: Mapped[Language] = mapped_column(String(2))  # of the text instead
    alt: Mapped[str] = mapped_column(String(LONGEST))  # empty where it only decorates

    member: Mapped[Member] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")

    @classmethod
    def add(cls, name: str, *, alt: str, lang: Language, by: Member) -> Self:
        """The picture of that name; the same bytes are the same picture, and what was said of it first stays."""
        if found := cls.named(name):
            return found
        made = cls(name=name, organisation_id=by.organisation_id, member_id=by.id, alt=alt, lang=lang)
        made.uploaded_at = clock.now()
        db.session.add(made)
        db.session.flush()
        return made

    @classmethod
    def named(cls, name: str) -> Self | None:
        return db.session.scalar(select(cls).where(cls.name == name))

    @classmethod
    def count_of(cls, organisation_id: int) -> int:
        return db.session.scalar(select(func.count()).where(cls.organisation_id == organisation_id)) or 0

    @classmethod
    def shown_to(cls, member: Member, limit: int, offset: int = 0) -> list[Self]:
        """The newest first: to editors all, to guests those of their organisation."""
        found = cls._of(member).order_by(cls.id.desc()).limit(limit).offset(offset)
        return list(db.session.scalars(found))

    @classmethod
    def for_(cls, member: Member, id_: int) -> Self | None:
        """The picture of that number, where the member may see it."""
        return db.session.scalar(cls._of(member).where(cls.id == id_))

    @property
    def size(self) -> Size:
        return Size.of(self.name)

    @property
    def is_decorative(self) -> bool:
        return not self.alt

    @property
    def thumbnail(self) -> str:
        return picture.address(self.name, self.size.widths[0], "webp")

    @property
    def markdown(self) -> str:
        """The line by which a post shows it."""
        said = self.alt.replace("[", "(").replace("]", ")")
        return f"![{said}]({picture.PATH}{self.name})"

    @classmethod
    def _of(cls, member: Member) -> Select[Self]:
        found = select(cls)
        return found.where(cls.organisation_id == member.organisation_id) if member.is_guest else found


def digest_of(data: bytes, by: Member) -> str:
    """A hash of what was uploaded, of each organisation apart; keyed, so that who has a picture cannot ask who else."""
    said = f"{by.organisation_id}\0{hashlib.sha256(data).hexdigest()}"
    return tokens.keyed(settings().secret_key, "picture", said).hex()


def decorative_among(names: Collection[str]) -> dict[str, bool]:
    """Of these pictures those that there are, and whether they only decorate."""
    if not names:
        return {}
    rows = db.session.execute(select(Picture.name, Picture.alt).where(Picture.name.in_(names)))
    return {name: not alt for name, alt in rows}
