"""What the room writes to people."""

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from app.comments.models import Comment, Subscription
from app.comments.views.room import address, post_of
from app.config import campaign, settings
from app.mail.models import Letter
from app.web.language import speaking

SHOWN = 20  # answers that a letter names; it says how many more there are


def ask_to_confirm(subscription: Subscription) -> None:
    """The letter that begins it. Its link does nothing when it is opened: machines open links."""
    post, link = post_of(subscription.comment), _link(subscription)
    with speaking(post.lang if post else campaign().language):
        subject = _("%(name)s: may we mail you about answers?", name=campaign().name)
        text = render_template("mail/confirm_answers.txt", link=link, title=post.title if post else "")
    Letter.write(subscription.email, subject, text)


def tell_of_answers(subscription: Subscription, answers: list[Comment]) -> None:
    """Who answered, and where it stands; their words stay on the site, where they can still be changed."""
    post, link = post_of(subscription.comment), _link(subscription)
    with speaking(post.lang if post else campaign().language):
        subject = _subject(len(answers))
        shown = [(one.shown_name, settings().base_url + address(one)) for one in answers[:SHOWN]]
        told = {"answers": shown, "more": len(answers) - len(shown), "title": post.title if post else ""}
        text = render_template("mail/answers.txt", link=link, **told)
    Letter.write(subscription.email, subject, text, unsubscribe=f"{link}/endings")


def _link(subscription: Subscription) -> str:
    return f"{settings().base_url}/comments/subscriptions/{subscription.link}"


def _subject(count: int) -> str:
    return str(
        ngettext(
            "%(name)s: a new answer to your comment",
            "%(name)s: %(count)s new answers to your comment",
            count,
            name=campaign().name,
            count=count,
        )
    )


def write_own_link(email: str, token: str) -> None:
    """The link to all comments with which an address was left."""
    link = f"{settings().base_url}/comments/mine/{token}"
    subject = _("%(name)s: your comments", name=campaign().name)
    Letter.write(email, subject, render_template("mail/own_comments.txt", link=link))
