"""`flask serve`: the production server and exactly one consumer of jobs, supervised."""

import shutil
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from app.config import ROOT, Settings, settings
from app.extensions import db
from app.kit.meter import FOLDER
from app.kit.supervisor import Supervisor
from app.ledger.models import Checkpoint
from app.people.founding import found_organisations, owner_link
from app.posts.publication import record_new
from app.posts.shelf import shelf
from app.site.alone import alone
from app.site.among_hosts import one_by_one
from app.site.upgrading import bring_up_to_date
from app.spam.akismet import KeyStatus
from app.spam.judges import judges
from app.web import logs

AKISMET = {
    KeyStatus.VALID: "the key is good",
    KeyStatus.INVALID: "THE KEY IS REFUSED. Comments wait for a person until it is right",
    KeyStatus.UNKNOWN: "no answer. Comments wait, and it is asked again",
}
PROCESSES = {
    "server": [sys.executable, "-m", "app.site.server"],
    "jobs": [sys.executable, "-m", "app.site.consumer"],
}


@click.command()
@with_appcontext
def serve() -> None:
    """Make the instance ready and run the site until Ctrl-C or SIGTERM."""
    logs.keep_in(settings().local / logs.FOLDER)
    with alone(settings().local):
        with one_by_one(db.engine):
            prepare()
            shutil.rmtree(settings().local / FOLDER, ignore_errors=True)  # numbers begin anew with the server
            record_new(shelf())
            Checkpoint.make()  # whoever looks at a site that has just begun finds something to check
            db.session.commit()
            _greet(settings())
            db.session.remove()
        db.engine.dispose()
        sys.exit(Supervisor(PROCESSES, ROOT).run())


def prepare() -> None:
    """Bring the database up to date, found the organisations, read the posts."""
    bring_up_to_date()
    found_organisations()
    db.session.commit()
    current_app.extensions["shelf"].refresh()


def _greet(settings: Settings) -> None:
    link = owner_link()
    db.session.commit()
    click.echo(f"\n  The site is at {settings.base_url}/")
    if link:
        click.echo(f"  It has no owner yet. Claim it here (works once): {link}")
    if (status := judges().verify()) is not None:
        click.echo(f"  Akismet: {AKISMET[status]}")
    if not settings.mail_url:
        click.echo(f"  Mail, with the codes for signing in, lies in {settings.instance / 'outbox'}")
    click.echo("  Stop with Ctrl-C.\n")
