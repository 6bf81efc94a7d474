"""Lists of posts: all, of a tag, of an author, of an organisation."""

from flask import abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.figures.models import Grant
from app.kit import clock
from app.people.models import Organisation
from app.people.models.proof import Proof
from app.posts.shelf import shelf
from app.site.views.room import bp, page_of, public_page
from app.web.language import language


@bp.get("/posts/")
def posts() -> ResponseReturnValue:
    found = shelf().listing(clock.now(), language())
    return public_page("site/posts.html", heading=_("All posts"), **page_of(found))


@bp.get("/tags/<tag>")
def tag(tag: str) -> ResponseReturnValue:
    found = shelf().tagged(tag, clock.now(), language()) or abort(404)
    name = next(one.name for post in found for one in post.tags if one.slug == tag)
    heading = _("Posts on “%(tag)s”", tag=name)
    return public_page("site/posts.html", heading=heading, about={"tag": tag}, **page_of(found))


@bp.get("/authors/<slug>")
def author(slug: str) -> ResponseReturnValue:
    found = shelf().by_author(slug, clock.now(), language()) or abort(404)
    who = next(one for post in found for one in post.authors if one.slug == slug)
    heading = _("Posts by %(name)s", name=who.name)
    return public_page("site/posts.html", heading=heading, author=who, about={"slug": slug}, **page_of(found))


@bp.get("/organisations/<slug>")
def organisation(slug: str) -> ResponseReturnValue:
    """Who an organisation is, and how it was verified."""
    found = Organisation.of(slug) or abort(404)
    listed = shelf().of_organisation(slug, clock.now(), language())
    people = [member for member in found.members if member.active]
    former = [member for member in found.members if member.revoked_at]
    about = {"people": people, "former": former, "grants": Grant.all_ever(found), "proofs": Proof.of(found)}
    return public_page("site/organisation.html", organisation=found, **about, **page_of(listed))
