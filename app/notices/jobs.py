"""What is told when it can no longer be taken back, and who is reminded."""

from huey import crontab

from app.extensions import db, only_read
from app.kit.jobs import job
from app.mail.jobs import send_letters
from app.notices import letters
from app.notices.models import Notice
from app.notices.models.notice import count_late, to_be_told


@job(every=crontab(minute="*"))
def tell_decisions() -> None:
    """Tell both sides of each decision, once."""
    only_read()
    due = to_be_told()
    db.session.rollback()
    for id_ in due:
        _tell(id_)
    if due:
        send_letters()


@job(every=crontab(hour="8", minute="5"))
def remind_editors() -> None:
    """One letter a day as long as notices wait for too long."""
    only_read()
    late = count_late()
    db.session.rollback()
    if late:
        letters.remind(late)
        db.session.commit()
        send_letters()


def _tell(id_: int) -> None:
    """The mark and the letters in one transaction: nobody is told twice."""
    notice = Notice.take_to_tell(id_)
    if notice:
        letters.tell_both(notice)
        notice.forget_address()
    db.session.commit()
