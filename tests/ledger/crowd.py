"""Many writers at once: each tells, takes out and erases; what must agree afterwards is asked here too."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from random import Random

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app import create_app
from app.config import Settings
from app.extensions import db
from app.kit import tokens
from app.ledger import models as ledger
from app.reports.models import Report, State, Told, erase
from tests.beside import beside

PLACES = ("Hamburg", "Berlin", "Köln", "Neustadt", "Nirgendwo an der Knatter", "HH", "Mannheim", "Münster")
SYMPTOMS = ("data_slow", "no_data", "calls_out", "calls_drop", "sms")
REASONS = (ledger.Reason.SPAM, ledger.Reason.DUPLICATE, ledger.Reason.TEST)
PATIENCE = 20  # tries of one writer while the others keep the database


@dataclass(frozen=True)
class Share:
    """What one writer does."""

    number: int
    reports: int
    voids: int
    erasures: int


def write_all(
    environ: dict[str, str], *, writers: int, reports: int, voids: int, erasures: int, processes: int = 0
) -> None:
    """The work of a whole campaign, by so many writers at once, each a process of its own or a thread of a few.

    One of the processes is this one; it begins when the others have read the app.
    """
    shares = [Share(number, reports // writers, voids // writers, erasures // writers) for number in range(writers)]
    groups = [shares[start :: processes or writers] for start in range(processes or writers)]
    others = len(groups) - 1
    with ProcessPoolExecutor(others, mp_context=beside()) as pool:
        list(pool.map(_be_there, range(others)))
        working = [pool.submit(_work, environ, group) for group in groups[1:]]
        _work(environ, groups[0])
        for work in working:
            work.result()


def _be_there(_number: int) -> None:
    """To be asked this, a process must have read the app."""
    time.sleep(0.2)  # meanwhile the next process is asked, not this one again


def _work(environ: dict[str, str], shares: list[Share]) -> None:
    app = create_app(Settings.load(environ))
    with ThreadPoolExecutor(len(shares)) as pool:
        list(pool.map(lambda share: _write(app, share), shares))
    with app.app_context():
        db.engine.dispose()


def _write(app: Flask, share: Share) -> None:
    rng = Random(share.number)
    own: list[int] = []
    with app.app_context():
        for deed in _deeds(share, rng):
            _patiently(partial(deed, own, rng))
            if rng.random() < 0.01:
                _patiently(ledger.Checkpoint.make)


def _deeds(share: Share, rng: Random) -> Iterable[Callable[[list[int], Random], None]]:
    deeds = [*[_tell] * share.reports, *[_void] * share.voids, *[_erase] * share.erasures]
    first, rest = deeds[: share.reports // 4], deeds[share.reports // 4 :]
    rng.shuffle(rest)
    return [*first, *rest]


def _patiently(work: Callable[[], object]) -> None:
    """Do and commit; a database that is kept by others is asked again, as a client of the site would."""
    for last in range(PATIENCE):
        try:
            work()
            db.session.commit()
        except OperationalError:
            db.session.rollback()
            if last == PATIENCE - 1:
                raise
        else:
            return


def _tell(own: list[int], rng: Random) -> None:
    told = Told(
        symptoms=tuple(rng.sample(SYMPTOMS, rng.randint(1, 3))),
        place=rng.choice(PLACES),
        text="Seit Wochen nichts." if rng.random() < 0.3 else "",
    )
    report = Report.tell(told, tokens.new_key())
    db.session.flush()
    own.append(report.id)


def _void(own: list[int], rng: Random) -> None:
    report = _one(own, rng)
    report.uncount(rng.choice(REASONS))
    if rng.random() < 0.2:
        report.recount()


def _erase(own: list[int], rng: Random) -> None:
    erase(_one(own, rng))


def _one(own: list[int], rng: Random) -> Report:
    """A report of this writer that counts."""
    counted = select(Report).where(Report.id.in_(rng.sample(own, min(50, len(own)))), Report.state == State.COUNTED)
    return db.session.scalars(counted.limit(1)).one()
