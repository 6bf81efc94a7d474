"""What people have set about the judges: in memory, as fresh as the versions in the database (docs/decisions/0022).

A submission asks nothing for it. Whoever finds that a version has changed reads the few rows on a connection of its
own, whatever the caller has open.
"""

from time import monotonic
from typing import NamedTuple

import structlog
from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.cache import page_cache
from app.cache.versions import NEVER, Stamp
from app.extensions import db
from app.spam.models.mode import RuleMode, known
from app.spam.rules import Modes

log = structlog.get_logger(__name__)
KEPT = "spam standing"  # under which an app's extensions hold it
TABLES = (RuleMode.__tablename__,)


class Standing(NamedTuple):
    """What is set, and the versions that were known before it was read."""

    stamps: tuple[Stamp, ...]
    modes: Modes


def standing() -> Standing:
    """What is set now; while the database does not answer, what was known last, or what is shipped."""
    stamps, kept = _stamps(), _kept()
    if stamps is None or (kept is not None and kept.stamps == stamps):
        return kept or Standing((), {})
    try:
        found = Standing(stamps, _modes())
    except SQLAlchemyError as error:
        log.warning("standing_unread", error=type(error).__name__)
        return kept or Standing((), {})
    current_app.extensions[KEPT] = found
    return found


def modes() -> Modes:
    """In which mode each rule is, where somebody has set it."""
    return standing().modes


def _kept() -> Standing | None:
    return current_app.extensions.get(KEPT)


def _stamps() -> tuple[Stamp, ...] | None:
    """How often each table has changed, as of at most a quarter of a second ago; None while nobody knows."""
    versions = page_cache(current_app).versions
    if monotonic() >= versions.next_look:
        versions.catch_up()
    known_ = versions.state.known
    return None if known_ is None else tuple(known_.get(table, NEVER) for table in TABLES)


def _modes() -> Modes:
    with db.engine.connect().execution_options(only_reads=True) as connection:
        return known({row.rule: row.mode for row in connection.execute(select(RuleMode.rule, RuleMode.mode))})
