"""A post with its comments."""

from datetime import datetime
from functools import partial
from typing import NamedTuple

from flask import abort, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.comments.forms import CommentForm
from app.comments.models import Filter, Listing, Thread
from app.config import Language, campaign, settings
from app.drafts import signed
from app.drafts.models import PostRelease
from app.drafts.models.release import Signer, ended_by_name
from app.kit import clock
from app.people.models import Organisation
from app.posts import structured
from app.posts.labels import label as label_of
from app.posts.labels import organisation_name
from app.posts.post import Post
from app.posts.shelf import get_or_404, shelf
from app.promises.line import lines_of
from app.promises.models import Promise
from app.reports.forms import ReportForm
from app.site.views.room import bp, public_page, render_part
from app.site.views.words import released_of
from app.spam import form_token
from app.web.addresses import address, address_in
from app.web.language import ALL, language, other_languages
from app.web.parts import kept


class WrittenBy(NamedTuple):
    """For whom a post was written, and of a guest's who signed it off and speaks for them no more."""

    organisation: Organisation | None
    released: PostRelease | None
    signers: list[Signer]
    ended: dict[str, datetime]
    corrected: bool


class Facts(NamedTuple):
    """What machines read of a post."""

    meta: dict[str, str]
    json_ld: Markup


@bp.get("/posts/<slug>")
def post(slug: str) -> ResponseReturnValue:
    found = get_or_404(slug)
    if signed.is_altered(found.slug):
        return public_page("site/altered.html", post=found)
    thread = _thread(found)
    if thread.is_beyond:
        abort(404)
    which = _filter()
    asks_for_all = request.args.get("page") == ALL and which is None
    return public_page(
        "site/post.html",
        post=found,
        parts=found.body.parts,
        answered=shelf().answered_by(found, clock.now()),
        replies=shelf().replies(found, clock.now(), language()),
        **_series(found),
        facts=partial(_facts, found),
        written_by=partial(_written_by, found),
        promises=kept("promises", found.slug, clock.today(), make=partial(_promises, found)),
        thread=partial(_thread, found),
        shown_page=ALL if asks_for_all else thread.page,
        shown_filter=which,
        **_first_page(found) if asks_for_all and not thread.fits_on_one else {},
        comment_form=lambda: CommentForm(formdata=None),
        form=lambda: ReportForm(formdata=None),
        key="",
        form_token=form_token.issue(clock.now()),
        other_languages=_other_languages(found),
    )


def _thread(post: Post) -> Thread | Listing:
    """The page of comments that is asked for; a post that shows none has none."""
    takes_answers, page = post.takes_comments, request.args.get("page", 1, type=int)
    if which := _filter():
        return Listing.of(post.slug, which, page, takes_answers=takes_answers)
    if request.args.get("page") == ALL:
        return Thread.whole(post.slug, takes_answers=takes_answers)
    return Thread.of(post.slug, page, takes_answers=takes_answers)


def _filter() -> Filter | None:
    """What of the comments is asked for; None is all of them, 404 what there is not."""
    asked = request.args.get("filter", "")
    if asked and asked not in set(Filter):
        abort(404)
    return Filter(asked) if asked else None


def _first_page(post: Post) -> dict[str, str]:
    """What a page says of itself that shows the same as the first one: that this is the one to know."""
    return {"canonical_url": settings().base_url + address("site.post", slug=post.slug)}


def _other_languages(post: Post) -> list[tuple[Language, str, str]]:
    """The way to the translation where there is one, else to the same post among words of that language."""
    written: dict[str, str] = {one.lang: one.slug for one in shelf().translations(post, clock.now())}
    return [
        (
            code,
            name,
            address_in(code, "site.post", slug=written[code]) if written.get(code, post.slug) != post.slug else here,
        )
        for code, name, here in other_languages()
    ]


def _promises(post: Post) -> str:
    """What was promised in it, in the order of its text; nothing if nothing was."""
    made = sorted(lines_of(Promise.of_post(post.slug)), key=lambda line: post.body.plain.find(line.promise.sentence))
    return render_part("promises/_of_post.html", promises=made) if made else ""


def _series(post: Post) -> dict[str, object]:
    """What it follows up, what follows it up, and from three on all of them."""
    now, lang = clock.now(), language()
    whole = shelf().series(post, now, lang)
    return {
        "follows": shelf().followed_up(post, now, lang),
        "continued": shelf().continued(post, now, lang),
        "series": whole if len(whole) > 2 else (),
    }


def _organisation(post: Post) -> Organisation | None:
    """Whose verification its page tells; a reply of somebody who is no verified guest tells none."""
    is_vouched_for = not post.is_reply or post.is_guest
    return Organisation.of(post.organisation_slug) if post.organisation_slug and is_vouched_for else None


def _written_by(post: Post) -> WrittenBy:
    organisation, released = _organisation(post), released_of(post)
    signers = released.signers() if released else []
    ended = ended_by_name(organisation, signers) if post.is_guest else {}
    return WrittenBy(organisation, released, signers, ended, corrected=bool(released and released.earlier()))


def _facts(post: Post) -> Facts:
    own, label, base_url = campaign(), label_of(post), settings().base_url
    who = _written_by(post)
    said = structured.json_ld(
        post,
        base_url=base_url,
        site_name=own.name,
        label=label,
        organisation=organisation_name(post) or None,
        ended=who.ended,
        comment_count=Thread.of(post.slug).size.shown,
        answered=shelf().answered_by(post, clock.now()),
        replies=shelf().replies(post, clock.now(), post.lang),
        follows=shelf().followed_up(post, clock.now(), post.lang),
    )
    meta = structured.open_graph(post, base_url=base_url, site_name=own.name, label=label)
    return Facts(meta, structured.data_block(said))
