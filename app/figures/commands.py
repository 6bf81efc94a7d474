"""`flask figures …`."""

import click

from app.extensions import db
from app.figures.models import NotNow
from app.figures.publishing import publish as publish_today
from app.web.commands import Group

figures = Group("figures", help="The published figures by place, symptom and week.")


@figures.command()
def publish() -> None:
    """Publish the figures of today; exit 1 where there are none to publish."""
    try:
        made = publish_today()
    except NotNow as reason:
        db.session.rollback()
        raise click.ClickException(str(reason)) from None
    click.echo(
        f"Published the figures of {made.made_on}: {made.counter} reports, rounded down to steps of {made.step}."
    )
