"""A comment as a line of our own file, which `flask comments export` writes and `import` reads (docs/comments-file.md).

No line makes anybody verified. What only verified people can have written carries a seal of the site that exported it,
and means nothing on any other site.
"""

import hmac
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select

from app.comments.models import Comment, State
from app.comments.models.state import TakenBack
from app.config import campaign, settings
from app.extensions import db
from app.kit import impersonation, tokens
from app.kit.markup import COMMENT_MAX
from app.kit.names import NAME_MAX
from app.people.models import Member, Organisation
from app.people.models.organisation import protected_names

VERSION = 1
# what an erasure takes; Any: values of fields
WORDLESS: dict[str, Any] = {
    "name": "",
    "text": "",
    "alert": "",
    "reasons": [],
    "heard": None,
    "lesson": None,
    "edited_at": None,
}
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Said = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]  # PostgreSQL takes no such sign
Word = Annotated[str, Field(max_length=60)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Header(Strict):
    """The first line. By the count a file that was cut off is known; who writes one by hand may leave it out."""

    einzelfall: Literal["comments"] = "comments"
    version: int
    count: Annotated[int, Field(ge=0)] | None = None


class By(Strict):
    """The verified person who wrote it: whose, and a keyed hash of the address."""

    organisation: Word
    member: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Line(Strict):
    """One comment. What is as it mostly is, is left out."""

    key: Hash
    post: Annotated[str, Field(min_length=1, max_length=120)]
    parent: Hash | None = None
    name: Annotated[str, Field(max_length=NAME_MAX)] = ""
    text: Annotated[str, Field(max_length=COMMENT_MAX)] = ""
    state: State
    written_at: datetime
    published_at: datetime | None = None
    decided: bool = False
    blacked_out: bool = False
    taken_back: TakenBack | None = None
    removed_key: Annotated[str, Field(max_length=31, pattern=r"^[^\x00]*$")] = ""
    removed_because: Said = ""
    reasons: Annotated[list[Word], Field(max_length=60)] = []
    heard: dict[Word, Annotated[int, Field(ge=-1000, le=1000)]] | None = None
    alert: Said = ""
    repeats: Annotated[int, Field(ge=0, lt=2**31)] = 0
    lesson: Annotated[str, Field(pattern=r"^(spam|ham)$")] | None = None
    edits: Annotated[int, Field(ge=0, lt=2**31)] = 0
    edited_at: datetime | None = None
    by: By | None = None
    seal: Hash | None = None

    @property
    def fault(self) -> str:
        """What of it contradicts itself; nothing where it can be a comment."""
        if self.state is State.PUBLISHED and not (self.published_at and self.name and self.text):
            return "It is published and has no name, no text or no time of it."
        if self.taken_back and self.state is not State.REMOVED:
            return "Its writer took it back, and it stands."
        if self.taken_back is TakenBack.ERASED and self.text:
            return "Its writer had it deleted, and its words are here."
        if bool(self.name) != bool(self.text):
            return "It has a name without a text, or a text without a name."
        naive = [at for at in (self.written_at, self.published_at, self.edited_at) if at and at.tzinfo is None]
        return "One of its times has no zone." if naive else ""

    @property
    def is_sealed(self) -> bool:
        """Whether this very site wrote this very line."""
        return self.seal is not None and hmac.compare_digest(self.seal, _seal(self))

    def dumped(self) -> str:
        return self.model_dump_json(exclude_defaults=True)

    def without_words(self) -> Self:
        """The same without its words and what was made of them, as an erasure leaves it."""
        return self.model_copy(update=WORDLESS)


def line_of(comment: Comment, parent: str | None) -> str:
    """The comment as a line; `parent` is the key of what it answers.

    Of one that its writer took back the words stay behind: nobody can bring it back anywhere else.
    """
    member = comment.member
    line = Line(
        key=comment.key_hash,
        post=comment.post_slug,
        parent=parent,
        name=comment.name,
        text=comment.text,
        state=comment.state,
        written_at=comment.written_at,
        published_at=comment.published_at,
        decided=comment.is_decided,
        blacked_out=comment.is_redacted,
        taken_back=comment.taken_back,
        removed_key=comment.removed_key,
        removed_because=comment.removed_because,
        reasons=comment.reasons,
        heard=comment.heard,
        alert=comment.alert,
        repeats=comment.repeats,
        lesson=comment.lesson,
        edits=comment.edits,
        edited_at=comment.edited_at,
        by=By(organisation=member.organisation.slug, member=sign_of(member)) if member else None,
    )
    line = line.without_words() if line.taken_back is TakenBack.WITHDRAWN else line
    if member or could_be_taken_for_another(line.name):
        line = line.model_copy(update={"seal": _seal(line)})
    return line.dumped()


def read_line(raw: bytes) -> Line:
    """Raises ValueError with a sentence that says what is wrong with it."""
    try:
        line = Line.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{where}: {first['msg']}." if where else f"{first['msg']}.") from None
    if line.fault:
        raise ValueError(line.fault)
    return line


def header(count: int) -> str:
    """The first line of a file of so many comments."""
    return Header(version=VERSION, count=count).model_dump_json()


def read_header(raw: bytes) -> Header | None:
    """What the first line says; None where the file is none of ours, or of another version."""
    try:
        found = Header.model_validate_json(raw)
    except ValidationError:
        return None
    return found if found.version == VERSION and "einzelfall" in found.model_fields_set else None


def could_be_taken_for_another(name: str) -> bool:
    """Whether the name is, or is near, one that belongs to verified people."""
    known = (*protected_names(), campaign().carrier)  # which may not be entered yet on a new site
    return impersonation.compare(name, known).standing is not impersonation.Standing.FREE


def author_of(by: By) -> Member | None:
    """The member who wrote it, where there is one here, and of the same organisation."""
    asked = select(Member).join(Organisation).where(Organisation.slug == by.organisation)
    return next((one for one in db.session.scalars(asked) if sign_of(one) == by.member), None)


def sign_of(member: Member) -> str:
    """By what a member is known in a file: nobody learns the address from it."""
    return tokens.keyed(settings().secret_key, "member in a file", member.email)[:16].hex()


def _seal(line: Line) -> str:
    said = line.model_copy(update={"seal": None}).dumped()
    return tokens.keyed(settings().secret_key, "line of a file", said).hex()
