"""Answering a post."""

import structlog
from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.comments.forms import CommentForm
from app.comments.models import Comment, Snapshot
from app.comments.models.thread import page_of
from app.config import campaign, settings
from app.extensions import csrf, db, limiter
from app.kit import clock, markup, tokens
from app.people.models.organisation import protected_names
from app.posts.post import Post
from app.posts.shelf import shelf
from app.spam import form_token
from app.spam.judges import judges
from app.spam.models import Fingerprint
from app.spam.submission import Submission
from app.surge import pressure
from app.web import submission
from app.web.language import language

log = structlog.get_logger()
bp = Blueprint("comments", __name__)
csrf.exempt(bp)


@bp.get("/posts/<slug>/comments/new")
def new(slug: str) -> ResponseReturnValue:
    post, form = _post(slug), CommentForm(parent=request.args.get("parent", ""))
    return _page(post, form, 200, key=tokens.new_key())


@bp.post("/posts/<slug>/comments")
@limiter.limit(submission.FUSE)
def create(slug: str) -> ResponseReturnValue:
    post, form = _post(slug), CommentForm()
    return submission.unless_outage(lambda: _create(post, form), lambda status: _page(post, form, status))


@bp.get("/posts/<slug>/comments/thanks")
def thanks(slug: str) -> ResponseReturnValue:
    return render_template("comments/thanks.html", post=_post(slug))


def _create(post: Post, form: CommentForm) -> ResponseReturnValue:
    known = Comment.sent_before(form.key.data) if form.has_key else None
    if known:
        return _thanks(post, known)
    if not form.validate_on_submit() or not _is_open(post, form):
        return submission.refuse(form, lambda status: _page(post, form, status))
    if not form.has_key:
        preview = markup.comment(form.text.data)
        return submission.ask_to_check(
            form, "comments/check.html", post=post, preview=preview, parent=_parent(post, form)
        )

    is_judged_later = judges().akismet is not None and pressure.is_on()
    _write_once(post, form, is_judged_later=is_judged_later)
    db.session.commit()  # safe before the outside world is asked
    return _judged(post, form, is_judged_later=is_judged_later)


def _judged(post: Post, form: CommentForm, *, is_judged_later: bool) -> ResponseReturnValue:
    """Have the stored comment judged, with no transaction open meanwhile; whatever happens here, it is safe."""
    comment = Comment.sent_before(form.key.data)
    if comment is None:
        abort(500)
    if is_judged_later:
        return _thanks(post, comment)
    id_, handed = comment.id, _submission(post, form, comment.repeats)
    db.session.commit()
    try:
        comment.receive(judges().verdict(handed), campaign().comment_policy)
        db.session.commit()
    except DBAPIError as error:
        db.session.rollback()
        log.error("comment_not_judged", comment=id_, error=type(error).__name__)
    return _thanks(post, comment)


def _write_once(post: Post, form: CommentForm, *, is_judged_later: bool) -> None:
    """Store the comment; if the same key was stored a moment ago by another request, that one stands."""
    try:
        comment = Comment.write(
            post.slug, form.name.data, form.text.data, key=form.key.data, parent=_parent(post, form)
        )
        if form.email.data:
            comment.leave_address(form.email.data)
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        if Comment.sent_before(form.key.data) is None:
            raise
        return
    comment.repeats = Fingerprint.note(form.text.data, clock.now())
    if judges().akismet:
        Snapshot.take(comment.id, _submission(post, form, comment.repeats))
        comment.await_judges(at_once=is_judged_later)


def _thanks(post: Post, comment: Comment) -> ResponseReturnValue:
    """Waiting and spam are told the same."""
    state = "published" if comment.is_shown else "waiting"
    location = address(comment) if comment.is_shown else url_for("comments.thanks", slug=post.slug)
    return submission.settle(location, state=state, html=comment.html, name=comment.name)


def address(comment: Comment) -> str:
    """Where readers find a comment: the page of its thread on which it stands."""
    page = page_of(comment)
    return url_for("site.post", slug=comment.post_slug, page=page if page > 1 else None, _anchor=f"c-{comment.id}")


def _submission(post: Post, form: CommentForm, repeats: int) -> Submission:
    parent, now = _parent(post, form), clock.now()
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
        honeypot_field=submission.HONEYPOT,
        honeypot_value=form.website.data,
        form_age_seconds=form_token.age(form.form_token.data, now),
        open_seconds=form.claimed_age,
        repeats=repeats,
        context=tuple(tag.name for tag in post.tags),
    )


def _post(slug: str) -> Post:
    post = shelf().get(slug, clock.now())
    if post is None or not post.shows_comments:
        abort(404)
    return post


def _parent(post: Post, form: CommentForm) -> Comment | None:
    """The comment that is answered, if it is one of this post that readers see."""
    parent = db.session.get(Comment, form.parent_id) if form.parent_id else None
    return parent if parent and parent.post_slug == post.slug and parent.can_be_answered else None


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
