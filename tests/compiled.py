"""Addresses, SQL and migrations are read once in a test run, and not again for each of its four thousand apps."""

import tomllib
from collections.abc import Callable
from copy import copy, deepcopy
from functools import lru_cache
from typing import Any

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Map, Rule, RuleFactory

STATEMENTS: LRUCache[Any, Any] = LRUCache(4000)  # Any: what SQLAlchemy keeps in it is its own affair


class Addresses(Map):
    """Is made when it is first asked, and is the one of the first app that has the same rules."""

    made: dict[tuple[tuple[object, ...], ...], Map] = {}  # noqa: RUF012 -- shared by all on purpose

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: handed on as it comes
        self._said: list[Rule] = []
        super().__init__(*args, **kwargs)

    def add(self, rulefactory: RuleFactory) -> None:
        self._said += rulefactory.get_rules(self)
        self._remap = True

    def update(self) -> None:
        if not self._remap:
            return
        with self._remap_lock:
            key = tuple((said.rule, said.endpoint, str(said.defaults), str(said.methods)) for said in self._said)
            one = self.made.get(key) or self.made.setdefault(key, Map([copy(rule) for rule in self._said]))
            one.update()
            self._matcher, self._rules_by_endpoint = one._matcher, one._rules_by_endpoint
            self._remap = False


class _Migrations:
    """The revisions of a folder, read once: each upgrade reads all of them anew."""

    read: dict[str | None, ScriptDirectory] = {}  # noqa: RUF012 -- shared by all on purpose
    _from_config = ScriptDirectory.from_config

    @classmethod
    def of(cls, config: Config) -> ScriptDirectory:
        folder = config.get_main_option("script_location")
        if folder not in cls.read:
            cls.read[folder] = cls._from_config(config)
        return cls.read[folder]


def once() -> None:
    """From here on every app of this process shares what is compiled."""
    Flask.url_map_class = Addresses
    ScriptDirectory.from_config = staticmethod(_Migrations.of)  # type: ignore[method-assign]  # the same question
    tomllib.loads = _read_once(tomllib.loads)  # type: ignore[assignment]  # none says how floats are read
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        _be_one(dialect)
    make_engine = SQLAlchemy._make_engine

    def make(self: SQLAlchemy, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        engine = make_engine(self, bind_key, options, app)
        engine.update_execution_options(compiled_cache=STATEMENTS)
        return engine

    SQLAlchemy._make_engine = make  # type: ignore[method-assign]  # there is no option for it


def _read_once(loads: Callable[[str], dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    read = lru_cache(loads)  # campaigns are few
    return lambda text: deepcopy(read(text))


def _be_one(dialect: type[Dialect]) -> None:
    """Have what was compiled for one engine's dialect be found by that of another engine."""
    dialect.__hash__ = lambda _self: hash(dialect)  # type: ignore[method-assign,assignment]  # a key of the cache
    dialect.__eq__ = lambda _self, other: type(other) is dialect  # type: ignore[method-assign]  # the same
