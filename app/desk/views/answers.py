"""Guests and editors answer readers, under their verified name."""

from datetime import datetime

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired

from app.comments.models import Comment, Standing, State, ThreadSize
from app.comments.models.asked import count, lane
from app.comments.models.enquiry import UNANSWERED
from app.comments.views import address
from app.config import campaign
from app.desk.views.comments import title_of
from app.desk.views.room import PER_PAGE, bp, page_number, row_or_404
from app.extensions import db
from app.kit import clock, tokens
from app.kit.markup import COMMENT_MAX
from app.people import security
from app.people.confirming import needs_passkey
from app.people.models import Decision, Organisation, Role
from app.posts.post import Post
from app.posts.shelf import shelf
from app.web.language import language
from app.web.submission import at_most, clean


class AnswerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    text = TextAreaField(
        _l("Answer"),
        filters=[clean],
        validators=[
            DataRequired(_l("Please write something.")),
            at_most(COMMENT_MAX),
        ],
    )
    key = HiddenField()


@bp.get("/answers")
@security.needs(Role.GUEST, Role.MODERATOR)
def answers() -> ResponseReturnValue:
    """Questions that nobody has answered, and the posts with open comments; below one of them, the latest comments."""
    slug, page, now, who = request.args.get("post", ""), page_number(), clock.now(), security.member()
    company = who.organisation if who.is_guest else None
    posts = [post for post in shelf().listing(now, language()) if post.takes_comments]
    asked = _asked(now, page, company) if not slug else []
    chosen = next((post for post in posts if post.slug == slug), posts[0] if posts and not slug and not asked else None)
    rows = _latest(chosen, page) if chosen else asked
    return render_template(
        "desk/answers.html",
        posts=posts,
        sizes=ThreadSize.of_many([one.slug for one in posts]),
        post=chosen,
        questions=count(UNANSWERED, to=company),
        title_of=title_of,
        rows=rows[:PER_PAGE],
        page=page,
        has_more=len(rows) > PER_PAGE,
    )


@bp.get("/comments/<int:id>/answer")
@security.needs(Role.GUEST, Role.MODERATOR)
def answer(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    parent, post = _answerable(id)
    return _page(AnswerForm(), parent, post)


@bp.post("/comments/<int:id>/answer")
@security.needs(Role.GUEST, Role.MODERATOR)
@needs_passkey()
def publish_answer(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """Store the answer, public at once, under the member's verified name."""
    (parent, post), form = _answerable(id), AnswerForm()
    if not form.validate_on_submit():
        return _page(form, parent, post), 422
    return redirect(address(_answered(post, parent, form)), 303)


def _answerable(id_: int) -> tuple[Comment, Post]:
    parent = row_or_404(Comment, id_)
    post = shelf().get(parent.post_slug, clock.now()) if parent.is_shown else None
    if post is None or not post.takes_comments:
        abort(404)
    return parent, post


def _page(form: AnswerForm, parent: Comment, post: Post) -> str:
    form.key.data = form.key.data or tokens.new_key()
    return render_template("desk/answer.html", form=form, comment=parent, post=post, put_to=_put_to_others(parent))


def _put_to_others(parent: Comment) -> str:
    """Whom the question is put to that somebody else is about to answer; no words where it is their own, or none."""
    who, asked = security.member(), parent.enquiry
    if asked is None or not asked.is_open or (who.is_guest and asked.is_for(who.organisation)):
        return ""
    return asked.put_to or campaign().carrier


def _answered(post: Post, parent: Comment, form: AnswerForm) -> Comment:
    """The answer, stored once however often the form is sent."""
    who, key = security.member(), form.key.data or tokens.new_key()
    known = Comment.sent_before(key)
    if known:
        return known
    comment = Comment.answer(post.slug, form.text.data, key=key, by=who, parent=parent)
    db.session.flush()
    Decision.record("answered", f"comment:{comment.id}", by=who)
    db.session.commit()
    flash(_("Your answer is public."))
    return comment


def _asked(now: datetime, page: int, to: Organisation | None) -> list[Comment]:
    """Questions under posts that take answers: first those that were passed on (to a company), the oldest first."""
    slugs = [post.slug for post in shelf().public(now) if post.takes_comments]
    passed_on = count([Standing.PASSED_ON], slugs=slugs, to=to)
    start = (page - 1) * PER_PAGE
    first = lane([Standing.PASSED_ON], PER_PAGE + 1, start, slugs=slugs, to=to) if start < passed_on else []
    left = PER_PAGE + 1 - len(first)
    return first + (lane([Standing.OPEN], left, max(0, start - passed_on), slugs=slugs, to=to) if left else [])


def _latest(post: Post, page: int) -> list[Comment]:
    found = select(Comment).where(Comment.post_slug == post.slug, Comment.state == State.PUBLISHED)
    return list(db.session.scalars(found.order_by(Comment.id.desc()).limit(PER_PAGE + 1).offset((page - 1) * PER_PAGE)))
