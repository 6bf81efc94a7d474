"""From the bytes of a file to a post, or to what is wrong with them."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from markupsafe import Markup

from app.kit import markup
from app.posts import front_matter, source
from app.posts.bodies import Bodies
from app.posts.front_matter import FrontMatter
from app.posts.post import UNDATED, Author, Post, Tag
from app.posts.problem import Fault, Problem
from app.posts.slugs import slugify
from app.posts.words import signed_words, text_of

EXCERPT = 220  # characters

_EMBED = re.compile(r"(?m)^ {0,3}\[\[([\w -]{1,40})\]\][ \t]*$")


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file; without a post at least one problem is fatal."""

    post: Post | None
    problems: tuple[Problem, ...]


def read(path: Path, data: bytes, bodies: Bodies | None = None) -> Reading:
    """Read a post, whose HTML `bodies` may know. Whatever the bytes are, the answer is a `Reading`, no exception."""
    try:
        found = source.read(data)
        matter, faults = front_matter.parse(found)
    except Fault as fault:
        return Reading(None, (_problem(path, fault, is_fatal=True),))
    hints = tuple(_problem(path, fault) for fault in front_matter.likely_typos(found.values, found.lines))
    if matter is None:
        return Reading(None, tuple(_problem(path, fault, is_fatal=True) for fault in faults) + hints)
    return _written(path, data, found, matter, hints, bodies=bodies)


def _written(
    path: Path,
    data: bytes,
    found: source.Source,
    matter: FrontMatter,
    hints: tuple[Problem, ...],
    *,
    bodies: Bodies | None,
) -> Reading:
    keep = partial(bodies.kept, _hash(data), f"{matter.lang}\n{found.body}") if bodies else _anew
    try:
        body = markup.post(found.body, lang=matter.lang, title=matter.title, keep=keep)
    except Exception as error:  # noqa: BLE001 -- whatever Markdown stumbles over, the other posts stay
        fault = Fault(f"The text cannot be turned into a page ({type(error).__name__}).")
        return Reading(None, (_problem(path, fault, is_fatal=True), *hints))
    if not (matter.title or body.first_heading):
        fault = Fault("The post has no title: neither a “title” nor a first line that begins with “# ”.", 1)
        return Reading(None, (_problem(path, fault, is_fatal=True), *hints))
    remarks = (_problem(path, fault) for fault in _remarks(found, matter))
    return Reading(_post(path, data, found, matter, body), (*hints, *remarks))


def _words_hash(found: source.Source) -> str:
    return _hash(signed_words(text_of(found)))


def _post(path: Path, data: bytes, found: source.Source, matter: FrontMatter, body: markup.Rendered) -> Post:
    return Post(
        slug=matter.slug or slugify(path.stem),
        title=matter.title or body.first_heading or "",
        date=matter.date or UNDATED,
        updated=matter.updated,
        status=matter.status,
        kind=matter.kind,
        lang=matter.lang,
        authors=tuple(Author(person.name, person.role, slugify(person.name)) for person in matter.authors),
        organisation=matter.organisation,
        organisation_slug=slugify(matter.organisation) if matter.organisation else None,
        summary=matter.summary or markup.excerpt(body.plain, EXCERPT),
        tags=tuple({slugify(name): Tag(name, slugify(name)) for name in matter.tags}.values()),
        image=matter.image,
        image_alt=matter.image_alt,
        comments=_comments(matter),
        comment_policy=matter.comment_policy,
        aliases=matter.aliases,
        translation_of=matter.translation_of,
        extra=MappingProxyType(dict(matter.model_extra or {})),
        body=body,
        path=path,
        source_hash=_hash(data),
        words_hash=_words_hash(found),
        follows=matter.follows,
        reply_to=matter.reply_to,
    )


def _comments(matter: FrontMatter) -> front_matter.Comments:
    """Under a reply nobody comments unless its file says so: nothing is to be joined to it."""
    is_closed = matter.kind is front_matter.Kind.REPLY and "comments" not in matter.model_fields_set
    return front_matter.Comments.CLOSED if is_closed else matter.comments


def _remarks(found: source.Source, matter: FrontMatter) -> list[Fault]:
    """What is allowed but hardly meant."""
    remarks = []
    if matter.image and not matter.image_alt:
        remarks.append(
            Fault("image has no image_alt: say what it shows to those who cannot see it.", found.lines["image"])
        )
    if matter.kind is front_matter.Kind.GUEST and not matter.authors:
        remarks.append(Fault("A guest post should name its authors.", found.lines["kind"]))
    if matter.reply_to and matter.updated:
        remarks.append(Fault("A reply stays as it was sent; updated says that it was changed.", found.lines["updated"]))
    for embed in _EMBED.finditer(found.body):
        if embed[1] not in list(markup.Embed):
            known = " and ".join(f"[[{name}]]" for name in markup.Embed)
            line = found.body_line + found.body.count("\n", 0, embed.start())
            remarks.append(Fault(f"[[{embed[1]}]] embeds nothing; {known} are known.", line))
    return remarks


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _anew(write: Callable[[], Markup]) -> Markup:
    return write()


def _problem(path: Path, fault: Fault, *, is_fatal: bool = False) -> Problem:
    return Problem(path, fault.line, fault.reason, is_fatal)
