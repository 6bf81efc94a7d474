"""What is asked by mail, once, of those who left an address for it."""

from huey import crontab

from app.extensions import db
from app.kit.jobs import job
from app.mail.jobs import send_letters
from app.reports import letters
from app.reports.models import Contact, Question


@job(every=crontab(hour="9", minute="10"))
def ask_follow_up_questions() -> None:
    """Ask everybody whose day has come; address and question change places in one transaction."""
    due = Contact.due()
    db.session.rollback()
    for report_id in due:
        _ask(report_id)
    if due:
        send_letters()


def _ask(report_id: int) -> None:
    """Write the letter; of a report that does not count, only let the address go."""
    found = Contact.use(report_id)
    if found and found[0].is_counted:
        report, email = found
        letters.write_question(email, Question.ask(report))
    db.session.commit()
