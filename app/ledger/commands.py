"""`flask ledger …`."""

import click

from app.extensions import db, read_one_moment
from app.ledger import models
from app.web.commands import Group

ledger = Group("ledger", help="The log from which anyone can recount the campaign.")


@ledger.command()
def verify() -> None:
    """Recompute every leaf, the root, every checkpoint and the counter; exit 1 and name what does not agree."""
    read_one_moment()
    replay = models.Replay()
    found = list(models.faults(replay))
    for fault in found:
        click.echo(fault, err=True)
    if found:
        raise SystemExit(1)
    head = models.Head.now()
    click.echo(f"The ledger holds together: {head.size} entries, {head.counter} reports, root {head.root.hex()}.")


@ledger.command()
def checkpoint() -> None:
    """Sign the ledger as it stands now and publish that; prints the checkpoint."""
    made = models.Checkpoint.make()
    db.session.commit()
    click.echo(made.note, nl=False)
