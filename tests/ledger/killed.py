"""Upgrades a database that holds something, killed with SIGKILL at one statement after another, then left to finish.

Run as a program of its own: it forks for each moment, which a process with threads must not do. Prints how many moments
there were and how many children were killed.
"""

import os
import signal

from flask_migrate import upgrade
from sqlalchemy import event

from app import create_app
from app.config import Settings
from app.extensions import db
from app.site import upgrading
from tests.ledger.filling import Rows, fill, rows, schema

MOMENTS = 4  # spread over the statements of an upgrade
SINCE = "0001"


def main() -> None:
    app = create_app(Settings.load())
    with app.app_context():
        upgrade(revision=SINCE)
        with db.engine.begin() as connection:
            fill(connection, schema(connection), 1)
        before = _held()
        statements = _die_at(0)
        moments = sorted({1, *(statements * part // MOMENTS for part in range(1, MOMENTS + 1)), statements})
        killed = 0
        for moment in moments:
            killed += _die_at(moment) == -signal.SIGKILL
            assert upgrading.revision() == SINCE, f"half upgraded by {moment} of {statements} statements"
            assert _held() == before, "something is lost"
        upgrade()
        assert upgrading.revision() == upgrading.revisions()[0]
        after = _held()
    assert all(len(after[name]) == len(found) for name, found in before.items() if name in after)
    print(len(moments), killed)


def _held() -> Rows:
    with db.engine.connect() as connection:
        known = schema(connection)
        found = rows(connection, known)
    db.engine.dispose()  # a child must not inherit a connection
    return found


def _die_at(moment: int) -> int:
    """Upgrade in a child that is killed after so many statements; with 0 count them and take all back."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _upgrade(moment, writing)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as pipe:
        counted = pipe.read()
    code = os.waitstatus_to_exitcode(status)
    if moment:
        return code
    assert code == -signal.SIGKILL, "the child that counts is killed before it commits, too"
    return int(counted)


def _upgrade(moment: int, writing: int) -> None:
    done = 0

    def count(*_: object) -> None:
        nonlocal done
        done += 1
        if done == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def commit(*_: object) -> None:
        os.write(writing, str(done).encode())
        os.kill(os.getpid(), signal.SIGKILL)

    event.listen(db.engine, "after_cursor_execute", count)
    event.listen(db.engine, "commit", commit)  # before the driver is told
    try:
        upgrade()
    finally:
        os._exit(3)


if __name__ == "__main__":
    main()
