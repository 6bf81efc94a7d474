"""Letters about answers: confirmed and ended by a button; looking at their link does nothing."""

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.comments.models import Hand, Subscription
from app.comments.views.room import bp, post_of, unless_outage
from app.extensions import db, limiter
from app.web import submission

ONE_CLICK = ("List-Unsubscribe", "One-Click")  # what a mail program sends by itself (RFC 8058)


@bp.get("/comments/subscriptions/<link>")
def subscription(link: str) -> ResponseReturnValue:
    found = subscription_of(link)
    if found is None:
        return render_template("comments/unsubscribed.html")
    return render_template(
        "comments/subscription.html",
        subscription=found,
        link=link,
        post=post_of(found.comment),
        hand=Hand.of(found.comment),
        remembered=request.args.get("done") == "remembered",
    )


@bp.post("/comments/subscriptions/<link>/confirmations")
@limiter.limit(submission.FUSE)
def confirm_subscription(link: str) -> ResponseReturnValue:
    return unless_outage(lambda: _confirm(link))


@bp.get("/comments/subscriptions/<link>/endings")
def ending(link: str) -> ResponseReturnValue:
    """Where a mail program leads that opens `List-Unsubscribe` in a browser: the page with the button."""
    return subscription(link)


@bp.post("/comments/subscriptions/<link>/endings")
@limiter.limit(submission.FUSE)
def end_subscription(link: str) -> ResponseReturnValue:
    return unless_outage(lambda: _end(link))


def _confirm(link: str) -> ResponseReturnValue:
    found = subscription_of(link)
    if found:
        found.confirm()
    db.session.commit()
    return submission.settle(url_for("comments.subscription", link=link), state="confirmed" if found else "ended")


def _end(link: str) -> ResponseReturnValue:
    """Ended twice is ended once. A mail program follows no redirect and shows no page: it is told so at once."""
    if found := subscription_of(link):
        found.end()
    db.session.commit()
    if request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        return Response(status=204)
    return submission.settle(url_for("comments.subscription", link=link), state="ended")


def subscription_of(link: str) -> Subscription | None:
    """The subscription of a link, None when it has ended; 404 for a link that we did not make."""
    try:
        return Subscription.by_link(link)
    except LookupError:
        abort(404)
