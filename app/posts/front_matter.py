"""The front matter of a post: which keys there are, what each may hold, and what to say if it does not."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any, get_args
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from app.config import Language, Policy
from app.posts.problem import Fault
from app.posts.slugs import is_slug, slugify
from app.posts.source import Source, Value


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Kind(StrEnum):
    UPDATE = "update"
    GUEST = "guest"
    PRESS = "press"
    MILESTONE = "milestone"
    REPLY = "reply"  # under the right of reply (Gegendarstellung, § 20 MStV)


class Comments(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    OFF = "off"


YEARS = range(1970, 3000)
OTHER_WORDS = {  # what other programs call our keys
    "author": "authors",
    "categories": "tags",
    "category": "tags",
    "datum": "date",
    "description": "summary",
    "draft": "status",
    "excerpt": "summary",
    "language": "lang",
    "moderation": "comment_policy",
    "permalink": "slug",
    "policy": "comment_policy",
    "published": "date",
    "redirect_from": "aliases",
    "follow_up_to": "follows",
    "follows_up": "follows",
    "in_reply_to": "reply_to",
}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _slug(text: str) -> str:
    if not is_slug(text):
        raise ValueError(f"may hold only a–z, 0–9 and single hyphens, as in “{slugify(text)}”")
    return text


def _moment(value: object) -> datetime:
    text = re.sub(r"\s+(?=[+-])", "", value) if isinstance(value, str) else ""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError(f"needs a time with its zone, as in {moment:%Y-%m-%dT%H:%M}+01:00")
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        if "needs a time" in str(error):
            raise
        raise ValueError("is not a date; write it as 2011-11-12T20:00+01:00") from None
    if moment.year not in YEARS:
        raise ValueError(f"lies outside the years {YEARS[0]} to {YEARS[-1]}")
    return moment


def _picture(path: str) -> str:
    if not path.startswith("/") or urlsplit(path).netloc or "\\" in path:
        raise ValueError("must be a path on this site that begins with /: no picture comes from elsewhere")
    return path


def _old_path(alias: str) -> str:
    """The path under which a post was known; an alias without a slash is an earlier slug."""
    path = unquote(alias if alias.startswith("/") else f"/posts/{alias}")
    if not path.isprintable() or urlsplit(path).netloc or set(path) & set("\\?#") or ":/" in path:
        raise ValueError("must be paths on this site, as in /old/address")
    return path.rstrip("/") or "/"


def _several(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _people(value: object) -> object:
    people = value if isinstance(value, list) else [value]
    return [{"name": person} if isinstance(person, str) else person for person in people]


Line = Annotated[str, Field(max_length=300), AfterValidator(_one_line)]
Slug = Annotated[str, AfterValidator(_slug)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Picture = Annotated[str, Field(max_length=500), AfterValidator(_picture)]
OldPath = Annotated[str, Field(max_length=500), AfterValidator(_old_path)]
Tags = Annotated[tuple[Annotated[Line, Field(min_length=1)], ...], BeforeValidator(_several), Field(max_length=30)]


class AuthorMatter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Line = Field(min_length=1)
    role: Line = ""


Authors = Annotated[tuple[AuthorMatter, ...], BeforeValidator(_people), Field(max_length=30)]


class FrontMatter(BaseModel):
    """Every key the site knows. What it does not know is kept in `model_extra`."""

    model_config = ConfigDict(frozen=True, extra="allow")
    title: Line | None = None
    slug: Slug | None = None
    date: Moment | None = None
    updated: Moment | None = None
    status: Status = Status.PUBLISHED
    kind: Kind = Kind.UPDATE
    lang: Language = "de"
    authors: Authors = ()
    organisation: Line | None = None
    summary: Annotated[str, Field(max_length=1000), AfterValidator(_one_line)] | None = None
    tags: Tags = ()
    image: Picture | None = None
    image_alt: Line = ""
    comments: Comments = Comments.OPEN
    comment_policy: Policy | None = None
    aliases: Annotated[tuple[OldPath, ...], BeforeValidator(_several), Field(max_length=100)] = ()
    translation_of: Slug | None = None
    follows: Slug | None = None
    reply_to: Slug | None = None


KEYS = tuple(FrontMatter.model_fields)


def parse(source: Source) -> tuple[FrontMatter | None, list[Fault]]:
    """The front matter, or every fault in it; a value left empty counts as not given."""
    given = {key: value for key, value in source.values.items() if value not in ("", [], {})}
    try:
        matter = FrontMatter.model_validate(given)
    except ValidationError as error:
        return None, [_fault(detail, source) for detail in error.errors()]
    faults = list(_contradictions(matter, source.lines))
    return (None, faults) if faults else (matter, [])


def likely_typos(values: Mapping[str, Value], lines: Mapping[str, int]) -> list[Fault]:
    """Unknown keys that look like a known one, each with the key that was probably meant."""
    meant = ((key, _meant(key)) for key in values if key not in KEYS)
    return [
        Fault(f"Unknown key: {key} → {known}? It is kept, but does nothing.", lines[key])
        for key, known in meant
        if known
    ]


def _meant(key: str) -> str | None:
    word = key.strip().lower().replace("-", "_").replace(" ", "_")
    return OTHER_WORDS.get(word) or next(iter(get_close_matches(word, KEYS, n=1, cutoff=0.75)), None)


def _contradictions(matter: FrontMatter, lines: Mapping[str, int]) -> list[Fault]:
    faults = []
    if matter.date is None and matter.status is not Status.DRAFT:
        reason = f"A post that is {matter.status} needs a date, as in “date: 2011-11-12T20:00+01:00”."
        faults.append(Fault(reason, lines.get("status", 1)))
    if matter.kind is Kind.GUEST and not matter.organisation:
        faults.append(Fault("A guest post needs the organisation whose view it is.", lines.get("kind", 1)))
    if matter.kind is Kind.REPLY and not matter.reply_to:
        reason = "A reply needs the slug of the post that it answers, as in “reply_to: our-post”."
        faults.append(Fault(reason, lines.get("kind", 1)))
    if matter.follows and matter.follows == matter.slug:
        faults.append(Fault("A post cannot follow up itself.", lines["follows"]))
    if matter.reply_to and matter.kind not in {Kind.REPLY, Kind.GUEST}:
        reason = "Only a reply (“kind: reply”), or a guest post that is one, can have a reply_to."
        faults.append(Fault(reason, lines["reply_to"]))
    return faults


def _fault(detail: ErrorDetails, source: Source) -> Fault:
    key = str(detail["loc"][0]) if detail["loc"] else ""
    written = source.values.get(key)
    shown = f" “{written[:60]}”" if isinstance(written, str) else ""
    is_policy = key == "comments" and written in get_args(Policy)
    hint = "; who reads a comment first is said by comment_policy" if is_policy else ""
    return Fault(f"{key}{shown} {_complaint(detail)}{hint}.", source.lines.get(key))


def _complaint(detail: ErrorDetails) -> str:
    context: dict[str, Any] = detail.get("ctx", {})  # Any: pydantic's, its keys depend on the kind of error
    last = str(detail["loc"][-1])[:40] if detail["loc"] else ""
    match detail["type"]:
        case "value_error":
            return str(context["error"])
        case "enum" | "literal_error":
            return f"must be one of {context['expected'].replace(chr(39), '')}" + _nearest(detail["input"], context)
        case "string_too_long" | "too_long":
            return f"is too long; {context['max_length']} is the most"
    return {
        "string_type": "must be text, not a list",
        "tuple_type": "must be a list",
        "model_type": "must be a list of names, or of entries with a name and a role",
        "missing": f"needs a {last} in each entry",
        "extra_forbidden": f"knows a name and a role in each entry, not “{last}”",
    }.get(detail["type"], f"cannot be used: {detail['msg'][:1].lower()}{detail['msg'][1:]}")


def _nearest(written: object, context: Mapping[str, Any]) -> str:
    options = re.findall(r"'([^']+)'", context["expected"])
    near = get_close_matches(str(written).lower(), options, n=1)
    return f"; {near[0]} was probably meant" if near else ""
