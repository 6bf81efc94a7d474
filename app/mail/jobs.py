"""Sending letters, with no transaction open while the mail server is spoken to."""

import smtplib
from email.errors import MessageError

import structlog
from huey import crontab

from app.extensions import db, mail, only_read
from app.kit.jobs import job
from app.mail.models import Letter, due

log = structlog.get_logger()


@job(every=crontab(minute="*"))
def send_letters() -> None:
    """Send every letter that is due."""
    only_read()  # nobody has to wait for a look
    letters = due()
    db.session.rollback()
    for id_ in letters:
        _send(id_)


def _send(id_: int) -> None:
    letter = Letter.take(id_)
    db.session.commit()
    if letter is None:
        return
    message = letter.message()
    try:
        with mail.get_connection() as connection:  # closed also when the letter is refused
            connection.send_messages([message])
        letter.has_left()
    except (OSError, smtplib.SMTPException, ValueError, MessageError) as error:
        letter.has_failed(f"{type(error).__name__}: {error}")
        log.warning("letter_not_sent", letter=id_, error=type(error).__name__)
    db.session.commit()
