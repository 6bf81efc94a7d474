"""What happens by the clock in the room."""

from huey import crontab

from app.kit.jobs import job
from app.people.checking import check_due, the_outside


@job(every=crontab(minute="23"))  # each proof once a week, whenever its turn is
def check_proofs() -> None:
    """Look whether what organisations have published is still there."""
    check_due(the_outside())
