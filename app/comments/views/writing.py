"""Answering a post."""

import re

import structlog
from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError

from app.comments.forms import CommentForm
from app.comments.models import Comment, State, topic
from app.comments.models import helpful as marks
from app.comments.models.advice import policy_of
from app.comments.models.comment import code_of
from app.comments.models.thread import size_of
from app.comments.models.writing import Heard, Stored, Writing, hear_all, stored_under, write_all
from app.comments.views.room import address, bp
from app.config import settings
from app.extensions import db, limiter, only_read
from app.kit import clock, markup, tokens
from app.kit.pen import TooMany
from app.people.models.organisation import protected_names
from app.posts.post import Post
from app.posts.shelf import shelf
from app.spam import form_token
from app.spam.judges import judges
from app.spam.submission import Submission
from app.surge import pressure
from app.web import headers, peers, pens, submission
from app.web.errors import wants_json
from app.web.language import language

DEVICE = re.compile(r"[0-9a-f]{32}")  # what a browser makes up, once
MOST = 2**31 - 1  # comments that can be numbered
log = structlog.get_logger()


@bp.get("/posts/<slug>/comments/<int:id>")
def permalink(slug: str, id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """The page on which a comment stands now; its number changes where spam is taken out before it."""
    post = _post(slug)
    found = db.session.get(Comment, id) if id <= MOST else None
    if found is None or found.post_slug != post.slug or not found.was_shown:
        abort(404)
    return headers.public(redirect(address(found), 303))


@bp.get("/posts/<slug>/comments.json")
def how_many(slug: str) -> ResponseReturnValue:
    """How many comments readers see, for pages that are open; kept as every public answer is."""
    return headers.public(jsonify(shown=size_of(_post(slug).slug).shown))


@bp.post("/posts/<slug>/comments/<int:id>/helpful")
@limiter.limit(submission.FUSE)
def helpful(slug: str, id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """A device finds a comment helpful, or does not any more: `helpful` is `yes` or `no`."""
    return submission.unless_outage(lambda: _marked(slug, id), lambda _status: "")


@bp.get("/posts/<slug>/comments/new")
def new(slug: str) -> ResponseReturnValue:
    post, form = _post(slug), CommentForm(parent=request.args.get("parent", ""))
    return _page(post, form, 200, key=tokens.new_key())


@bp.post("/posts/<slug>/comments")
@limiter.limit(submission.FUSE)
def create(slug: str) -> ResponseReturnValue:
    post, form = _post(slug), CommentForm()
    return submission.unless_outage(lambda: _create(post, form), lambda status: _page(post, form, status))


def _create(post: Post, form: CommentForm) -> ResponseReturnValue:
    if not form.validate_on_submit() or not _is_open(post, form):
        known = _sent_before(form)
        if known:
            return _thanks(known, form.key.data)
        return submission.refuse(form, lambda status: _page(post, form, status))
    if form.preview.data == "change":
        return _page(post, form, 200)
    if form.preview.data or not form.has_key:
        return _check(post, form)
    stored = pens.write(write_all, _writing(post, form))  # safe before the outside world is asked
    return _thanks(_judged(stored, stored.asks, post.slug) if stored.asks else stored, form.key.data)


def _check(post: Post, form: CommentForm) -> ResponseReturnValue:
    """What it will look like, by the renderer that readers' pages are made with; nothing is stored."""
    seen = {"preview": markup.comment(form.text.data), "name": form.name.data}
    return submission.ask_to_check(form, "comments/check.html", seen, post=post, parent=_parent(post, form))


def _writing(post: Post, form: CommentForm) -> Writing:
    """The comment to be stored; in a surge nobody outside is asked while its writer waits."""
    parent = _parent(post, form)
    return Writing(
        form.key.data,
        post.slug,
        _submission(post, form, parent),
        post.policy,
        parent,
        is_judged_later=pressure.is_on(),
        wants_letters=form.follow.data,
        is_question=form.question.data,
        hand=form.hand.data or "",
    )


def _sent_before(form: CommentForm) -> Stored | None:
    """What is stored under the form's key, whatever the form says now."""
    if not form.has_key:
        return None
    only_read()
    hash_ = tokens.digest(form.key.data)
    return stored_under([hash_]).get(hash_)


def _judged(stored: Stored, asks: Submission, post_slug: str) -> Stored:
    """Ask the judges outside, with no transaction open meanwhile; whatever happens here, the comment is safe."""
    try:
        heard = Heard(stored.id, judges().verdict(asks), policy_of(post_slug))
        return stored._replace(state=pens.write(hear_all, heard))
    except (DBAPIError, TooMany) as error:
        db.session.rollback()
        log.error("comment_not_judged", comment=stored.id, error=type(error).__name__)
        return stored


def _thanks(stored: Stored, key: str) -> ResponseReturnValue:
    """To the writer's own page of the comment; waiting and spam are told the same.

    A script stays on the post: it is told where readers see the comment, and the private link beside.
    """
    own = url_for("comments.private", code=code_of(key), new="yes")
    if not wants_json():
        return redirect(own, 303)
    link = url_for("comments.private", code=code_of(key))
    if stored.state != State.PUBLISHED:
        return submission.settle(own, state="waiting", html=stored.html, name=stored.name, link=link)
    only_read()
    location = address(db.session.get_one(Comment, stored.id), new=stored.id)
    said = {"id": stored.id, "html": stored.html, "name": stored.name, "link": link}
    return submission.settle(location, state="published", **said)


def _marked(slug: str, id_: int) -> ResponseReturnValue:
    post, device, is_helpful = _post(slug), request.form.get("device", ""), request.form.get("helpful")
    if not DEVICE.fullmatch(device) or is_helpful not in {"yes", "no"}:
        abort(400)
    # nobody hides it meanwhile: a mark is of what readers see
    comment = db.session.get(Comment, id_, with_for_update={"read": True, "of": Comment}) if id_ <= MOST else None
    if comment is None or comment.post_slug != post.slug or not comment.is_shown:
        abort(404)
    (marks.mark if is_helpful == "yes" else marks.unmark)(comment, device)
    count = marks.marks_of(comment)
    db.session.commit()
    return jsonify(helpful=is_helpful == "yes", marks=count)


def _submission(post: Post, form: CommentForm, parent: Comment | None) -> Submission:
    now = clock.now()
    return Submission(
        kind="reply" if parent else "comment",
        text=form.text.data,
        name=form.name.data,
        email=form.email.data or None,
        parent_text=parent.text if parent else None,
        protected_names=protected_names(),
        permalink=f"{settings().base_url}/posts/{post.slug}",
        user_ip=request.remote_addr or "",
        user_agent=request.user_agent.string or None,
        referrer=request.referrer,
        submitted_at=now,
        post_modified_at=post.updated or post.date,
        language=post.lang,
        may_leave=not form.stays.data,
        honeypot_field=form.trap.name,
        honeypot_value=form.trap.value,
        form_age_seconds=form_token.age(form.form_token.data, now),
        open_seconds=form.claimed_age,
        from_network=peers.sent_from_here(),
        shared_words=topic.shared_words(form.text.data, post, parent.text if parent else ""),
        context=tuple(tag.name for tag in post.tags),
    )


def _post(slug: str) -> Post:
    post = shelf().get(slug, clock.now())
    if post is None or not post.shows_comments:
        abort(404)
    return post


def _parent(post: Post, form: CommentForm) -> Comment | None:
    """The comment that is answered, if it is one of this post that readers see."""
    if not form.parent_id:
        return None
    if request.method == "POST":
        only_read()
    parent = db.session.get(Comment, form.parent_id)
    return parent if parent and parent.post_slug == post.slug and parent.is_shown else None


def _is_open(post: Post, form: CommentForm) -> bool:
    if post.takes_comments:
        return True
    form.text.errors = [_("Comments under this post are closed. Your text is still here, to copy it.")]
    return False


def _page(post: Post, form: CommentForm, status: int, key: str = "") -> str:
    return render_template(
        "comments/new.html",
        post=post,
        comment_form=form,
        parent=None if status == 503 else _parent(post, form),
        key=key or submission.key_for(form),
        form_token=form.form_token.data or form_token.issue(clock.now()),
        outage=status == 503,
        lang=language(),
    )
