"""Addresses and SQL are compiled once in a test run, and not again in each of its three thousand apps."""

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule
from werkzeug.routing.rules import RulePart

Builder = Callable[..., tuple[str, str]]
STATEMENTS: LRUCache[Any, Any] = LRUCache(4000)  # Any: what SQLAlchemy keeps in it is its own affair


class Address(Rule):
    """A rule that is taken apart as the first app's was, and whose functions that write addresses are those of that."""

    builders: dict[tuple[str, str, bool], Builder] = {}  # noqa: RUF012 -- shared by all on purpose
    parsed: dict[str, tuple[list[RulePart], Rule]] = {}  # noqa: RUF012 -- so is this

    def _parse_rule(self, rule: str) -> Iterable[RulePart]:
        if rule not in self.parsed:
            alone = copy(self)
            alone._trace, alone._converters, alone.arguments = [], {}, set()
            self.parsed[rule] = list(super(Address, alone)._parse_rule(rule)), alone
        parts, first = self.parsed[rule]
        self._trace += first._trace
        self._converters |= first._converters
        self.arguments |= first.arguments
        return parts

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        key = (self.rule, repr(self.defaults), append_unknown)
        if key not in self.builders:
            self.builders[key] = super()._compile_builder(append_unknown)
        return self.builders[key]


def once() -> None:
    """From here on every app of this process shares what is compiled."""
    Flask.url_rule_class = Address
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        _be_one(dialect)
    make_engine = SQLAlchemy._make_engine

    def make(self: SQLAlchemy, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        engine = make_engine(self, bind_key, options, app)
        engine.update_execution_options(compiled_cache=STATEMENTS)
        return engine

    SQLAlchemy._make_engine = make  # type: ignore[method-assign]  # there is no option for it


def _be_one(dialect: type[Dialect]) -> None:
    """Have what was compiled for one engine's dialect be found by that of another engine."""
    dialect.__hash__ = lambda _self: hash(dialect)  # type: ignore[method-assign,assignment]  # a key of the cache
    dialect.__eq__ = lambda _self, other: type(other) is dialect  # type: ignore[method-assign]  # the same
