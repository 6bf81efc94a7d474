"""What the room writes to people."""

from flask import render_template
from flask_babel import gettext as _

from app.config import campaign, settings
from app.mail.models import Letter


def write_question(email: str, token: str) -> None:
    """The one question. The letter tells nothing of the report, and its link does nothing when it is opened."""
    subject = _("%(name)s: does your network work again?", name=campaign().name)
    link = f"{settings().base_url}/reports/questions/{token}"
    Letter.write(email, subject, render_template("mail/question.txt", link=link, weeks=campaign().follow_up_weeks))
