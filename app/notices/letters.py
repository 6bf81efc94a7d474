"""What the room writes to both sides. Nobody is told who the other one is."""

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import select

from app.comments.models import CommentContact
from app.config import Language, campaign, settings
from app.extensions import db
from app.mail.models import Letter
from app.notices.models import Notice
from app.people.models import Member, Role
from app.web.language import speaking


def confirm(notice: Notice, code: str) -> None:
    """To the one who objects, where there is an address: it has come in, and where to look what becomes of it."""
    if notice.email:
        with speaking(_lang(notice)):
            subject = _("We have received your notice – %(name)s", name=campaign().name)
            link = f"{settings().base_url}/notices/{code}"
            Letter.write(notice.email, subject, render_template("mail/notice_received.txt", notice=notice, link=link))


def ask_author(notice: Notice) -> bool:
    """To the author, where there is an address: somebody objects, and until when to answer. Whether there is one."""
    contact = db.session.get(CommentContact, notice.comment_id)
    if contact:
        subject = _("Somebody objects to your comment on %(name)s", name=campaign().name)
        Letter.write(contact.email, subject, render_template("mail/notice_asks.txt", notice=notice))
    return bool(contact)


def tell_both(notice: Notice) -> None:
    """The decision with its reasons, to those of both sides who left an address."""
    if notice.email:
        with speaking(_lang(notice)):
            subject = _("What became of your notice – %(name)s", name=campaign().name)
            Letter.write(notice.email, subject, render_template("mail/notice_decided.txt", notice=notice))
    contact = db.session.get(CommentContact, notice.comment_id)
    if contact and (notice.changed_the_comment or notice.asked_at):
        subject = _("What we decided about your comment on %(name)s", name=campaign().name)
        Letter.write(contact.email, subject, render_template("mail/notice_statement.txt", notice=notice))


def remind(late: int) -> None:
    """To everybody who edits: how many notices wait for longer than they should."""
    editors = select(Member).where(Member.active, Member.role.in_([Role.EDITOR, Role.OWNER])).order_by(Member.id)
    for member in db.session.scalars(editors):
        text = render_template("mail/notices_late.txt", count=late, link=f"{settings().base_url}/desk/notices")
        Letter.write(member.email, _("Notices are waiting – %(name)s", name=campaign().name), text)


def _lang(notice: Notice) -> Language:
    return "en" if notice.lang == "en" else "de"
