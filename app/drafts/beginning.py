"""How a draft begins: with a title, or with a file that stands on the shelf."""

from sqlalchemy import select

from app.config import settings
from app.drafts import copies
from app.drafts.models import Draft
from app.drafts.models.draft import hash_of_form
from app.drafts.text import EMPTY, file_hash
from app.extensions import db
from app.people.models import Member
from app.posts import source as file
from app.posts.post import Post
from app.posts.problem import Fault
from app.posts.shelf import shelf
from app.posts.slugs import LONGEST, slugify
from app.posts.source import Value
from app.posts.writing import changed

RESERVED = {"new", "files", "four-eyes"}  # pages of their own below /desk/drafts


def begin_new(title: str, *, by: Member, form_key: str = "") -> Draft:
    """A post that nobody has begun yet, for a member's organisation: the team, or the company of a guest."""
    slug = _free(slugify(title))
    told: dict[str, Value | None] = {"title": title, "slug": slug, "status": "draft", "authors": [_byline(by)]}
    if by.is_guest:
        told |= {"kind": "guest", "organisation": by.organisation.slug}
    source = changed(EMPTY.encode(), told).decode()
    key = hash_of_form(form_key, title, by) if form_key else ""
    return Draft.begin(slug, source, by=by, organisation=by.organisation if by.is_guest else None, form_key=key)


def open_file(post: Post, *, by: Member) -> Draft:
    """A post that stands on the shelf, as its file is now; raises `Fault` where that cannot be read."""
    try:
        data = post.path.read_bytes()
    except OSError as error:
        raise Fault(str(error.strerror)) from error
    file.read(data)
    return Draft.begin(post.slug, data.decode(), by=by, file_name=post.path.name, file_hash=file_hash(data))


def _byline(by: Member) -> Value:
    return {"name": by.first_name, "role": by.function} if by.function else by.first_name


def _free(slug: str) -> str:
    """The address, with a number where it is taken."""
    number, found = 1, slug
    while found in RESERVED or shelf().held(found) or Draft.by_slug(found) or _is_file(f"{found}.md"):
        number += 1
        found = f"{slug[: LONGEST - 5]}-{number}"
    return found


def _is_file(name: str) -> bool:
    """Whether a post has that file already, or a draft will: two in one file would overwrite each other."""
    if db.session.scalar(select(Draft.id).where(Draft.file_name == name).limit(1)):
        return True
    return any((folder / name).exists() for folder in (copies.folder(), settings().posts))
