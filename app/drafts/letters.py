"""Letters to whoever acts next, written in the transaction of the deed and sent after it."""

from collections.abc import Iterable

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import select

from app.config import campaign, settings
from app.drafts.models import Draft, Signoff
from app.extensions import db
from app.mail.models import Letter
from app.people.models import Member, Role
from app.web.language import speaking


def tell_editors(draft: Draft, said: str) -> None:
    """To everybody who edits."""
    editors = select(Member).where(Member.active, Member.role.in_([Role.EDITOR, Role.OWNER])).order_by(Member.id)
    _tell(db.session.scalars(editors), draft, said, f"/desk/handed-in/{draft.slug}")


def tell_guests(draft: Draft, said: str) -> None:
    """To those of the organisation who began it or signed it off, as long as they are its guests."""
    own = {draft.created_by, *(one.member_id for one in Signoff.valid(draft.id))}
    guests = select(Member).where(Member.id.in_(own), Member.active, Member.organisation_id == draft.organisation_id)
    _tell(db.session.scalars(guests.order_by(Member.id)), draft, said, f"/desk/drafts/{draft.slug}")


def _tell(members: Iterable[Member], draft: Draft, said: str, path: str) -> None:
    title = draft.now_says().text.title or draft.slug
    with speaking(campaign().language):
        for member in members:
            subject = _("“%(title)s” – %(name)s", title=title, name=campaign().name)
            text = render_template("mail/draft.txt", said=said, title=title, link=settings().base_url + path)
            Letter.write(member.email, subject[:200], text)
