"""What the desk writes to a company's people."""

from flask import render_template
from flask_babel import gettext as _

from app.comments.models import Comment
from app.config import campaign, settings
from app.mail.models import Letter
from app.people.models import Member


def write_assignment(comment: Comment, to: Member, note: str, *, by: Member) -> None:
    """That a colleague has given somebody a question; the question itself stays at the desk."""
    link = f"{settings().base_url}/desk/questions/{comment.id}"
    subject = _("%(by)s gives you a question on %(name)s", by=by.first_name, name=campaign().name)
    text = render_template("mail/assignment.txt", to=to, by=by, note=note, link=link)
    Letter.write(to.email, subject, text)
