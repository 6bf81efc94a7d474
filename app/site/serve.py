"""`flask serve`: the production server and exactly one consumer of jobs, supervised."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TextIO

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app.config import ROOT, Settings, settings
from app.extensions import db
from app.people.founding import found_organisations, owner_link

GRACE = 25  # seconds that accepted requests have to finish
BACK_OFF = (0.2, 1.0, 3.0, 10.0)  # seconds before a fallen process is started again
STEADY = 60  # seconds after which a process counts as steady again
THREADS = 8  # a worker; a thread that waits two seconds for Akismet must not hold up the others


@click.command()
@with_appcontext
def serve() -> None:
    """Make the instance ready and run the site until Ctrl-C or SIGTERM."""
    with _alone(settings().instance):
        prepare()
        _greet(settings())
        db.session.remove()
        db.engine.dispose()
        sys.exit(Supervisor({"server": _server(settings()), "jobs": _consumer()}).run())


def prepare() -> None:
    """Bring the database up to date, found the organisations."""
    upgrade()
    found_organisations()
    db.session.commit()
    current_app.extensions["shelf"].refresh()


class Supervisor:
    """Keeps each of its processes running, one of a kind, and ends them gently."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self._commands = commands
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._started: dict[str, float] = {}
        self._falls: dict[str, int] = dict.fromkeys(commands, 0)
        self._is_ending = False

    def run(self) -> int:
        """Run until a signal says to stop; the exit code."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._end)
        for name in self._commands:
            self._start(name)
        while not self._is_ending:
            self._mend()
            time.sleep(0.1)
        return self._stop()

    def _mend(self) -> None:
        """Start again what has fallen, later and later while it keeps falling."""
        for name, process in self._running.items():
            if process.poll() is None or self._is_ending:
                continue
            if time.monotonic() - self._started[name] > STEADY:
                self._falls[name] = 0
            wait = BACK_OFF[min(self._falls[name], len(BACK_OFF) - 1)]
            if time.monotonic() - self._started[name] < wait:
                continue
            self._falls[name] += 1
            click.echo(f"{name} ended with {process.returncode}; starting it again", err=True)
            _signal_group(process, signal.SIGKILL)  # its children would live on and hold the port
            self._start(name)

    def _start(self, name: str) -> None:
        # a group of its own: Ctrl-C reaches us alone, and we end the others in order
        self._running[name] = subprocess.Popen(self._commands[name], cwd=ROOT, start_new_session=True)
        self._started[name] = time.monotonic()

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        self._is_ending = True

    def _stop(self) -> int:
        """Ask all to end, again each second: a worker that is still loading does not hear it. Then make them."""
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + GRACE + 5
        while not self._have_ended(within=1) and time.monotonic() < deadline:
            self._signal_all(signal.SIGTERM)
        self._signal_all(signal.SIGKILL)
        return 0

    def _have_ended(self, within: float) -> bool:
        deadline = time.monotonic() + within
        while running := any(process.poll() is None for process in self._running.values()):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        return not running

    def _signal_all(self, number: signal.Signals) -> None:
        for process in self._running.values():
            _signal_group(process, number)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Tell a process and its children, as far as they still run."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _server(settings: Settings) -> list[str]:
    return [
        sys.executable,
        "-m",
        "granian",
        *("--interface", "wsgi", "--host", settings.host, "--port", str(settings.port)),
        *("--workers", str(settings.workers or os.cpu_count() or 1)),
        *("--blocking-threads", str(THREADS), "--backlog", "2048"),
        *("--respawn-failed-workers", "--respawn-interval", "0.2"),
        *("--workers-kill-timeout", str(GRACE), "--log-level", "error", "--no-ws"),
        "app.site.worker:app",
    ]


def _consumer() -> list[str]:
    return [sys.executable, "-m", "app.site.consumer"]


def _greet(settings: Settings) -> None:
    link = owner_link()
    db.session.commit()
    click.echo(f"\n  The site is at {settings.base_url}/")
    if link:
        click.echo(f"  It has no owner yet. Claim it here (works once): {link}")
    if not settings.mail_url:
        click.echo(f"  Mail, with the codes for signing in, lies in {settings.instance / 'outbox'}")
    click.echo("  Stop with Ctrl-C.\n")


@contextmanager
def _alone(instance: Path) -> Iterator[TextIO]:
    """Hold the instance for this one server."""
    with (instance / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise click.ClickException(f"a server is already running on {instance}") from error
        yield lock
