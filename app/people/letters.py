"""What the room writes to people."""

from flask import render_template
from flask_babel import gettext as _

from app.config import campaign, settings
from app.mail.models import Letter
from app.people.models import Invitation, Member


def write_code(email: str, code: str) -> None:
    """The code that proves an address. It carries no link: machines open links, only people type."""
    subject = _("%(code)s is your code for %(name)s", code=code, name=campaign().name)
    Letter.write(email, subject, render_template("mail/code.txt", code=code))


def write_invitation(invitation: Invitation, token: str) -> str:
    """The letter that goes with an invitation; returns its link."""
    link = f"{settings().base_url}/desk/invitations/{token}"
    if invitation.email:
        subject = _("Invitation to %(name)s", name=campaign().name)
        text = render_template("mail/invitation.txt", invitation=invitation, link=link)
        Letter.write(invitation.email, subject, text)
    return link


def write_of_keys(member: Member, what: str, **facts: object) -> None:
    """What happened to the keys of a member, for whoever has the mailbox: whoever did it may not be them."""
    subject = _("Your passkeys at %(name)s", name=campaign().name)
    text = render_template(
        "mail/keys.txt", member=member, what=what, facts=facts, address=f"{settings().base_url}/desk/passkeys"
    )
    Letter.write(member.email, subject, text)
