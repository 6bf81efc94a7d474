"""The words of a guest's post that somebody signed off: the latest, and every version before it was corrected."""

from typing import NamedTuple

from flask import Response, abort
from flask.typing import ResponseReturnValue

from app.drafts.models import PostRelease
from app.drafts.models.release import Released, Signer, signers_of
from app.kit import diff
from app.posts.post import Post
from app.posts.shelf import get_or_404
from app.site.views.room import bp, public_page
from app.web.headers import public


class Version(NamedTuple):
    """What was released at one moment, and what it changed."""

    number: int
    release: Released
    signers: list[Signer]
    changes: list[diff.Part]  # against the version before; of the first one nothing


def released_of(post: Post) -> PostRelease | None:
    """What was signed off of a guest's post, where that was done here."""
    return PostRelease.of(post.slug) if post.is_guest else None


@bp.get("/posts/<slug>/words")
def post_words(slug: str) -> ResponseReturnValue:
    """The words that were signed off, byte for byte: whoever wants to runs sha256sum on them."""
    return _as_file(_released_or_404(get_or_404(slug)))


@bp.get("/posts/<slug>/words/<int:number>")
def post_words_before(slug: str, number: int) -> ResponseReturnValue:
    """The same of one version; the last one's address stays when it is corrected."""
    found = _all_released(get_or_404(slug))
    return _as_file(found[number - 1]) if 0 < number <= len(found) else abort(404)


@bp.get("/posts/<slug>/versions")
def post_versions(slug: str) -> ResponseReturnValue:
    """Every version that readers were shown, the newest first: when, signed off by whom, its SHA-256, what changed."""
    found = get_or_404(slug)
    releases = _all_released(found)
    return public_page("site/versions.html", post=found, versions=_versions(releases)[::-1])


def _versions(releases: list[Released]) -> list[Version]:
    befores: list[Released | None] = [None, *releases]
    return [
        Version(number, one, signers, diff.parts(before.words, one.words) if before else [])
        for number, (one, signers, before) in enumerate(
            zip(releases, signers_of(releases), befores, strict=False), start=1
        )
    ]


def _all_released(post: Post) -> list[Released]:
    last = _released_or_404(post)
    return [*last.earlier(), last]


def _released_or_404(post: Post) -> PostRelease:
    return PostRelease.of(post.slug) or abort(404)  # whatever a file changed by hand says that it is


def _as_file(release: Released) -> Response:
    return public(Response(release.words.encode(), mimetype="text/plain"))
