"""A device that is known again: remembered and forgotten at its owner's wish, each by a POST of its own."""

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from app.comments.models import Comment, Hand, OtherHand, link
from app.comments.views.following import subscription_of
from app.comments.views.room import back, bp, take_comment, unless_outage
from app.extensions import db, limiter
from app.web import submission
from app.web.errors import wants_json


@bp.post("/comments/<code>/hands")
@limiter.limit(submission.FUSE)
def remember_hand(code: str) -> ResponseReturnValue:
    """Have the device that holds the private link remembered; a script keeps the token that it is told."""
    return unless_outage(lambda: _remember_by_code(code))


@bp.post("/comments/subscriptions/<link>/hands")
@limiter.limit(submission.FUSE)
def remember_by_mail(link: str) -> ResponseReturnValue:
    """The same for who reads the mailbox that was confirmed."""
    return unless_outage(lambda: _remember_by_mail(link))


@bp.post("/comments/<code>/hands/endings")
@limiter.limit(submission.FUSE)
def forget_hand(code: str) -> ResponseReturnValue:
    """Forget the device of a comment, wherever it is."""
    return unless_outage(lambda: _forget_by_code(code))


@bp.post("/comments/hands/endings")
@limiter.limit(submission.FUSE)
def forget_this_hand() -> ResponseReturnValue:
    """Forget the device that sends its token; one that nobody knows is told the same."""
    return unless_outage(_forget_this)


def _remember_by_code(code: str) -> ResponseReturnValue:
    comment, code = take_comment(code)
    if not link.is_open(comment) or not wants_json():  # without a script nothing would keep it
        return back(code, "nothing", link.standing(comment).value)
    return _remember(comment, url_for("comments.private", code=code))


def _remember_by_mail(link_: str) -> ResponseReturnValue:
    found, page = subscription_of(link_), url_for("comments.subscription", link=link_)
    if found is None or not found.is_confirmed or not wants_json() or not link.is_open(found.comment):
        return submission.settle(page, state="nothing")
    return _remember(found.comment, page)


def _remember(comment: Comment, page: str) -> ResponseReturnValue:
    try:
        token = Hand.remember(comment, request.form.get("hand", ""))
    except OtherHand:
        db.session.rollback()
        return submission.settle(f"{page}?done=other-hand", state="other-hand")
    db.session.commit()
    return submission.settle(f"{page}?done=remembered", state="remembered", hand=token)


def _forget_by_code(code: str) -> ResponseReturnValue:
    comment, code = take_comment(code)
    hand, standing = Hand.of(comment), link.standing(comment).value
    if hand:
        hand.forget()
    db.session.commit()
    return back(code, "forgotten", standing)


def _forget_this() -> ResponseReturnValue:
    if hand := Hand.by_token(request.form.get("hand", "")):
        hand.forget()
    db.session.commit()
    return jsonify(state="forgotten")
