"""Which tables a statement of SQL reads and writes; worked out once for each text."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from app.extensions import Base

KEPT = 4096  # texts; the site has some hundreds

_NO_SQL = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.S)
_NO_VERB = re.compile(r"\b(?:FOR\s+(?:NO\s+KEY\s+)?|ON\s+)UPDATE\b", re.I)
_UPSERT = re.compile(r"\bDO\s+UPDATE\b", re.I)
_NAME = r'(?:"?\w+"?\.)?"?(\w+)"?'
_INSERT = re.compile(rf"\b(?:INSERT\s+(?:OR\s+(?!REPLACE)\w+\s+)?INTO|COPY)\s+{_NAME}", re.I)
_CHANGE = re.compile(
    rf"\b(?:UPDATE\s+(?:OR\s+\w+\s+)?(?:ONLY\s+)?|DELETE\s+FROM\s+(?:ONLY\s+)?|(?:INSERT\s+OR\s+)?REPLACE\s+INTO\s+"
    rf"|MERGE\s+INTO\s+|TRUNCATE\s+(?:TABLE\s+)?){_NAME}",
    re.I,
)
_REMOVE = re.compile(
    rf"\b(?:DELETE\s+FROM\s+(?:ONLY\s+)?|(?:INSERT\s+OR\s+)?REPLACE\s+INTO\s+|MERGE\s+INTO\s+|TRUNCATE\s+(?:TABLE\s+)?)"
    rf"{_NAME}",
    re.I,
)
_WORD = re.compile(r"\w+")
_LABEL = re.compile(r'\bAS\s+"?\w+"?', re.I)
_DDL = re.compile(r"\s*(?:CREATE|DROP|ALTER)\b", re.I)


class Statement(NamedTuple):
    """What one text of SQL does to the tables that the site knows."""

    reads: frozenset[str]  # more rather than fewer: each table that is named in it
    adds: frozenset[str]
    changes: frozenset[str]  # or removes from
    is_ddl: bool

    @property
    def writes(self) -> bool:
        return bool(self.adds or self.changes or self.is_ddl)


@lru_cache(KEPT)
def parsed(text: str) -> Statement:
    """The tables in a statement; the rows that the database itself removes with others are found, too."""
    plain = _NO_VERB.sub(" ", _NO_SQL.sub("''", text))
    inserted = frozenset(_INSERT.findall(plain))
    is_upsert = bool(_UPSERT.search(plain))
    changed = frozenset(_CHANGE.findall(_UPSERT.sub(" ", plain))) | (inserted if is_upsert else frozenset())
    known = Base.metadata.tables.keys()
    return Statement(
        reads=frozenset(_words(plain)) & known,
        adds=(inserted - changed) & known,
        changes=(changed | _what_follows(_REMOVE.findall(plain))) & known,
        is_ddl=bool(_DDL.match(plain)),
    )


def _words(plain: str) -> Iterator[str]:
    yield from _WORD.findall(_LABEL.sub(" ", plain))


def _what_follows(tables: Iterable[str]) -> set[str]:
    """The tables, and those whose rows go with theirs (ON DELETE)."""
    found, left = set(tables), list(tables)
    while left:
        above = left.pop()
        for table in Base.metadata.tables.values():
            follows = any(key.ondelete and key.column.table.name == above for key in table.foreign_keys)
            if follows and table.name not in found:
                found.add(table.name)
                left.append(table.name)
    return found
