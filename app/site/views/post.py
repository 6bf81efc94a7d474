"""A post with its comments."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from app.comments.forms import CommentForm
from app.comments.models import Thread
from app.config import campaign, settings
from app.kit import clock
from app.people.models import Organisation
from app.posts import structured
from app.posts.labels import guest_label, organisation_name
from app.posts.post import Post
from app.posts.shelf import get_or_404
from app.reports.forms import ReportForm
from app.site.views.room import bp, public_page
from app.spam import form_token


@bp.get("/posts/<slug>")
def post(slug: str) -> ResponseReturnValue:
    found = get_or_404(slug)
    thread = Thread.of(found.slug, request.args.get("page", 1, type=int))
    if thread.is_beyond:
        abort(404)
    label, name = guest_label(found), campaign().name
    return public_page(
        "site/post.html",
        post=found,
        parts=found.body.parts,
        organisation=_organisation(found),
        thread=thread,
        comment_form=CommentForm(formdata=None),
        form=ReportForm(formdata=None),
        key="",
        form_token=form_token.issue(clock.now()),
        meta=structured.open_graph(found, base_url=settings().base_url, site_name=name, label=label),
        json_ld=_json_ld(found, label, thread.total),
    )


def _organisation(post: Post) -> Organisation | None:
    return Organisation.of(post.organisation_slug) if post.organisation_slug else None


def _json_ld(post: Post, label: str | None, comments: int) -> str:
    facts = structured.json_ld(
        post,
        base_url=settings().base_url,
        site_name=campaign().name,
        label=label,
        organisation=organisation_name(post) or None,
        comment_count=comments,
    )
    return structured.data_block(facts)
