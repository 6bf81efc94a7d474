"""`flask serve`: the production server and exactly one consumer of jobs, supervised."""

import shutil
import socket
import sys
from typing import NoReturn, TextIO

import click
from flask import current_app
from flask.cli import with_appcontext

from app.config import ROOT, Settings, settings
from app.drafts.jobs import restore
from app.extensions import db
from app.kit.meter import FOLDER
from app.kit.supervisor import Plan, become, begin
from app.ledger.models import Checkpoint
from app.people.founding import found_organisations, owner_link
from app.posts.publication import record_new
from app.posts.shelf import shelf
from app.site import consumer, listener, server
from app.site.alone import alone
from app.site.among_hosts import one_by_one
from app.site.upgrading import bring_up_to_date
from app.site.warm import read_for_all
from app.spam.akismet import KeyStatus
from app.spam.judges import judges
from app.web import logs

AKISMET = {
    KeyStatus.VALID: "the key is good",
    KeyStatus.INVALID: "THE KEY IS REFUSED. Comments wait for a person until it is right",
    KeyStatus.UNKNOWN: "no answer. Comments wait, and it is asked again",
}
# what would stop the next start, as far as the settings go
CHECK = "from app.config import Campaign, Settings; Campaign.load(Settings.load().instance)"


@click.command()
@with_appcontext
def serve() -> None:
    """Make the instance ready and run the site until Ctrl-C or SIGTERM."""
    logs.keep_in(settings().local / logs.FOLDER)
    with alone(settings().local) as lock, _door(settings()) as door:
        with one_by_one(db.engine):
            prepare()
            shutil.rmtree(settings().local / FOLDER, ignore_errors=True)  # numbers begin anew with the server
            record_new(shelf())
            Checkpoint.make()  # whoever looks at a site that has just begun finds something to check
            db.session.commit()
            _greet(settings())
            db.session.remove()
        read_for_all(current_app)
        db.engine.dispose()
        shelf().close()  # here and there no thread may run any more
        _keep_running(door, lock)


def _keep_running(door: socket.socket, lock: TextIO) -> NoReturn:
    """Begin both, then become what keeps them running; SIGHUP has settings and campaign read anew."""
    plan = Plan(
        begun={
            "server": begin(lambda: server.run(door), without=[lock.fileno()]),
            "jobs": begin(consumer.run, without=[lock.fileno(), door.fileno()]),
        },
        commands={
            "server": [sys.executable, "-m", "app.site.server", str(door.fileno())],
            "jobs": [sys.executable, "-m", "app.site.consumer"],
        },
        folder=str(ROOT),
        handed={"server": [door.fileno()]},
        reloads=["server"],
        check=[sys.executable, "-c", CHECK],
    )
    become(plan, held=[lock.fileno()])


def _door(settings: Settings) -> socket.socket:
    try:
        return listener.listen(settings.host, settings.port)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise click.ClickException(f"the site cannot listen on {where}: {error.strerror}") from error


def prepare() -> None:
    """Bring the database up to date, found the organisations, read the posts."""
    bring_up_to_date()
    found_organisations()
    db.session.commit()
    restore()
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
