"""`flask promises …`."""

import click

from app.promises.tallying import QuickerElsewhere
from app.promises.tallying import tally as tally_today
from app.web.commands import Group

promises = Group("promises", help="What the carrier promised, and what customers answer.")


@promises.command()
def tally() -> None:
    """Publish today what customers answer to claims; exit 1 where another host is at it."""
    try:
        made = tally_today()
    except QuickerElsewhere as reason:
        raise click.ClickException(str(reason)) from None
    click.echo(f"Published the answers to {len(made)} claims; the others keep the numbers they have.")
