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
        self._transactions: list[list[str]] = [[]]

    @property
    def seen(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(dict.fromkeys(one)) for one in self._transactions if one)

    @contextmanager
    def watched(self) -> Iterator[None]:
        event.listen(Engine, "before_execute", self._note)
        event.listen(Engine, "commit", self._end)
        event.listen(Engine, "rollback", self._end)
        yield
        event.remove(Engine, "before_execute", self._note)
        event.remove(Engine, "commit", self._end)
        event.remove(Engine, "rollback", self._end)

    def _note(self, _connection: Connection, said: Any, *_rest: Any) -> None:  # Any: whatever is executed
        if isinstance(said, Select) and said._for_update_arg is not None:
            of = said._for_update_arg.of or said.get_final_froms()
            self._add(*(getattr(one, "name", "") for one in of))
        elif isinstance(said, Update | Delete | Insert):
            name = getattr(said.table, "name", "")
            if name == LOCKED[0] or not isinstance(said, Insert):  # a thread's is an upsert, which changes nothing
                self._add(name)

    def _add(self, *tables: str) -> None:
        self._transactions[-1] += [name for name in LOCKED if name in tables]

    def _end(self, _connection: Connection) -> None:
        self._transactions.append([])
