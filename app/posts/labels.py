"""The words that say whose view a post is, in the post's own language."""

from flask_babel import force_locale
from flask_babel import gettext as _

from app.config import campaign
from app.kit.markup import Embed
from app.posts.post import Post
from app.web.language import day


def organisation_name(post: Post) -> str:
    """The organisation as it is called; front matter may name the carrier by its slug."""
    own = campaign()
    return own.carrier if post.organisation_slug == own.carrier_slug else post.organisation or ""


def guest_label(post: Post) -> str | None:
    """“Gastbeitrag von O2”, the same in lists, feeds, search and structured data; None for our own posts."""
    if not post.is_guest:
        return None
    with force_locale(post.lang):
        return str(_("Guest post by %(organisation)s", organisation=organisation_name(post)))


def label(post: Post) -> str | None:
    """What stands before its title where its page does not show it: guest post, reply, or both."""
    with force_locale(post.lang):
        reply = str(_("Right of reply")) if post.is_reply else None
    return " · ".join(filter(None, (guest_label(post), reply))) or None


def reply_line(post: Post) -> str:
    """What stands before the link from a reply to what it answers."""
    with force_locale(post.lang):
        return str(_("Right of reply to"))


def follows_line(post: Post) -> str:
    """What stands before the link from a status report to what it follows up."""
    with force_locale(post.lang):
        return str(_("Follows up"))


def continued_line(post: Post, later: Post) -> str:
    """What stands before the link to what follows a post up."""
    with force_locale(post.lang):
        return str(_("Continued on %(day)s", day=day(later.date)))


def guest_notice(post: Post) -> str | None:
    """What is said of a guest post before its text begins."""
    if not post.is_guest:
        return None
    with force_locale(post.lang):
        return str(_("This text is the company's view. Published unaltered, not paid for."))


def embed_link(post: Post, embed: Embed) -> str:
    """The words of a link that stands in a feed where the page has a live part."""
    with force_locale(post.lang):
        if embed is Embed.COMPLAINT_FORM:
            return str(_("Report your problem on the page of this post"))
        return str(_("See the current number of reports on the page of this post"))
