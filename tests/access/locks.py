"""In which order a deed takes rows for itself: whoever takes them in another one waits for the first, for ever."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Select, event
from sqlalchemy.sql.dml import Delete, Insert, Update

LOCKED = (
    "thread_size",
    "comment",
    "comment_appeal",
    "comment_revision",
    "comment_enquiry",
    "notice",
)  # as they are taken


class Locks:
    """What is taken while it watches."""

    def __init__(self) -> None:
        self._transactions: list[list[str]] = []
        self._open: dict[Connection, list[str]] = {}  # of each connection: what is read beside ends no transaction

    @property
    def seen(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(dict.fromkeys(one)) for one in self._transactions)

    @contextmanager
    def watched(self) -> Iterator[None]:
        event.listen(Engine, "before_execute", self._note)
        event.listen(Engine, "commit", self._end)
        event.listen(Engine, "rollback", self._end)
        yield
        event.remove(Engine, "before_execute", self._note)
        event.remove(Engine, "commit", self._end)
        event.remove(Engine, "rollback", self._end)
        self._open.clear()

    def _note(self, connection: Connection, said: Any, *_rest: Any) -> None:  # Any: whatever is executed
        if isinstance(said, Select) and said._for_update_arg is not None:
            of = said._for_update_arg.of or said.get_final_froms()
            self._add(connection, *(getattr(one, "name", "") for one in of))
        elif isinstance(said, Update | Delete | Insert):
            name = getattr(said.table, "name", "")
            if name == LOCKED[0] or not isinstance(said, Insert):  # a thread's is an upsert, which changes nothing
                self._add(connection, name)

    def _add(self, connection: Connection, *tables: str) -> None:
        if found := [name for name in LOCKED if name in tables]:
            if connection not in self._open:
                self._open[connection] = []
                self._transactions.append(self._open[connection])
            self._open[connection] += found

    def _end(self, connection: Connection) -> None:
        self._open.pop(connection, None)
