"""A PostgreSQL on another machine, which may be gone, paused or started again: nobody waits for it for long.

Who gives up closes the connection; the server looks each second whether somebody is still there, and lets go of what
was locked. A host that has lost its power does not say good-bye: the server finds out within a dozen seconds.
"""

from typing import Any, TypeVar

import psycopg
from flask import has_request_context
from psycopg.pq import TransactionStatus
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.engine import make_url

from app.kit.circuit import Away, Circuit

PATIENCE = 5.0  # seconds that a request waits for one answer, like SQLite's writers for another one
CONNECT = 2  # seconds until a server that does not answer counts as gone
REST = 2.0  # seconds in which it is left alone then
POOLED, MORE = 8, 4  # connections that a process keeps, one a thread; and how many more it may open
RARELY = 0.1  # seconds between two looks at the time while waiting
KEEPALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}  # seconds, seconds, times
UNHEARD = 4000  # milliseconds after which a server that does not even confirm what was sent counts as gone
ASKS_OF_THE_SERVER = {
    "client_connection_check_interval": "1s",
    **{f"tcp_{name}": str(value) for name, value in KEEPALIVE.items()},
}
T = TypeVar("T")


class Impatient(psycopg.Connection[Any]):  # Any: a row, as the cursor makes it
    """A connection that gives up, for good, when a request has waited too long."""

    patience: float | None = None  # seconds, also outside of a request

    def wait(self, gen: Any, interval: float = RARELY, timeout: float | None = None) -> Any:  # Any: the driver's own
        if timeout is None:
            timeout = PATIENCE if has_request_context() else self.patience
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()  # in the middle of an answer it is of no use to the next one
            raise

    def rollback(self) -> None:
        """Within a moment, also when the request is over, as its session is closed after it.

        A connection that is lost meanwhile is as good as rolled back: its server does that.
        """
        before, self.patience = self.patience, PATIENCE
        try:
            super().rollback()
        except psycopg.OperationalError:
            if not self.closed:
                raise
        finally:
            self.patience = before


def options(address: str) -> dict[str, Any]:  # Any: what SQLAlchemy takes
    """How the engine of this database is made; nothing is special about SQLite."""
    url = make_url(address)
    if url.get_backend_name() != "postgresql":
        return {}
    own = {"connect_timeout": CONNECT, "application_name": "einzelfall", "tcp_user_timeout": UNHEARD, **KEEPALIVE}
    asks = [f"-c {name}={value}" for name, value in ASKS_OF_THE_SERVER.items()]
    said = url.query.get("options", "")  # what the address says wins
    return {
        "pool_size": POOLED,
        "max_overflow": MORE,
        "pool_timeout": PATIENCE,
        "pool_pre_ping": True,  # a server that was started again costs nobody an answer
        "pool_use_lifo": True,
        "connect_args": {name: value for name, value in own.items() if name not in url.query}
        | {"options": " ".join([*asks, said if isinstance(said, str) else " ".join(said)]).strip()},
    }


_circuit = Circuit("postgresql", rest=REST, faults=(psycopg.OperationalError,))


@event.listens_for(Engine, "do_connect")
def _connect(dialect: Dialect, _record: Any, arguments: list[Any], named: dict[str, Any]) -> Any:  # Any: the driver's
    """Connect; where that has just failed, fail at once, so that not every thread waits for the same thing."""
    if dialect.name != "postgresql":
        return None
    if not has_request_context():
        return Impatient.connect(*arguments, **named)
    try:
        return _circuit.ask(lambda: Impatient.connect(*arguments, **named))
    except Away as error:
        raise psycopg.OperationalError(str(error)) from error
