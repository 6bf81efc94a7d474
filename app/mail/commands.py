"""`flask mail …`: what the mail server has to tell."""

from typing import BinaryIO

import click

from app.extensions import db
from app.mail.bounces import NoReport, bounced, failed_in
from app.web.commands import Group

MOST = 1_000_000  # bytes that are read of a report, which may carry the whole letter

mail = Group("mail", help="Letters that came back.")


@mail.command()
@click.argument("file", type=click.File("rb"))
def bounce(file: BinaryIO) -> None:
    """Read a delivery report (RFC 3464) from FILE, or from standard input with `-`: its subscriptions end."""
    try:
        addresses = failed_in(file.read(MOST))
    except NoReport as error:
        raise click.ClickException(f"this is no delivery report but {error}") from None
    ended = sum(map(bounced, addresses))
    db.session.commit()
    click.echo(f"{len(addresses)} address(es) that do not exist, {ended} subscription(s) ended")
