"""Sending letters, with no transaction open while the mail server is spoken to."""

import smtplib
import threading
from email.errors import MessageError

import structlog
from huey import crontab

from app.extensions import db, mail, only_read
from app.kit.jobs import job
from app.mail.bounces import bounced, refused_for_good
from app.mail.models import Letter, due

log = structlog.get_logger()
_turn = threading.Lock()  # one sender a process: a server that hangs must not keep all who do jobs
# what a server says against one letter; anything else it would say to the next one, too
OF_ONE_LETTER = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    ValueError,
    MessageError,
)


@job(every=crontab(minute="*"))
def send_letters() -> None:
    """Send every letter that is due, until a server is met that takes none."""
    while (letters := _due()) and _turn.acquire(blocking=False):
        try:
            if not all(map(_send, letters)):
                return
        finally:
            _turn.release()  # whoever came meanwhile relies on another look


def _due() -> list[int]:
    only_read()  # nobody has to wait for a look
    letters = due()
    db.session.rollback()
    return letters


def _send(id_: int) -> bool:
    """Whether the mail server is there for the next one."""
    letter, is_there = Letter.take(id_), True
    db.session.commit()
    if letter is None:
        return is_there
    message = letter.message()
    try:
        with mail.get_connection() as connection:  # closed also when the letter is refused
            connection.send_messages([message])
        letter.has_left()
    except (OSError, ValueError, MessageError) as error:  # every SMTPException is an OSError
        letter.has_failed(f"{type(error).__name__}: {error}")
        if gone := refused_for_good(error):
            letter.is_undeliverable()
            ended = sum(map(bounced, gone))
            log.info("address_refused", letter=id_, subscriptions=ended)
        log.warning("letter_not_sent", letter=id_, error=type(error).__name__)
        is_there = isinstance(error, OF_ONE_LETTER)
    db.session.commit()
    return is_there
