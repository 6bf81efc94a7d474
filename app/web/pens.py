"""Pens for the submissions of a site: what people send at the same moment goes into one transaction."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from flask import Flask, current_app
from sqlalchemy.exc import IntegrityError

from app import extensions
from app.extensions import db
from app.kit.pen import Gather, Pen
from app.web.errors import is_outage

Sheet = TypeVar("Sheet")
Answer = TypeVar("Answer")
ONE_AFTER_THE_OTHER = {"40001", "40P01"}  # SQLSTATE of a serialisation failure, of a deadlock
Verb = Callable[[list[Sheet]], Sequence[Answer]]
"""Stores many submissions in the caller's transaction; an answer for each, in their order."""


def init_app(app: Flask) -> None:
    app.extensions["pens"] = {}


def write(verb: Verb[Sheet, Answer], sheet: Sheet) -> Answer:
    """Have `verb` store a submission, with all others that wait for it; its answer, once it is on disk.

    Ends the caller's transaction first. Raises what is an outage to `errors.is_outage` when it cannot be stored.
    """
    db.session.rollback()  # nobody waits with a transaction open
    pens: dict[Any, Any] = current_app.extensions["pens"]  # Any: of several kinds of sheets
    pen = pens.get(verb) or pens.setdefault(verb, _pen(verb))
    return cast(Pen[Sheet, Answer], pen).hand_in(sheet)


def _pen(verb: Verb[Sheet, Answer]) -> Pen[Sheet, Answer]:
    def write_once(gather: Gather[Sheet], seconds: float) -> Sequence[Answer]:
        try:
            db.session.connection(execution_options={"patience": seconds})
            answers = verb(gather())
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        return answers

    def write_group(gather: Gather[Sheet], seconds: float) -> Sequence[Answer]:
        try:
            return write_once(gather, seconds)
        except IntegrityError:
            return write_once(gather, seconds)  # a key that another host has stored since it was looked up is found now

    return Pen(write_group, concerns_all=_concerns_all, patience=lambda: extensions.BUSY_MS / 1000)


def _concerns_all(error: Exception) -> bool:
    """Whether a group failed for what would meet anybody; two that meet on PostgreSQL are told apart, each alone."""
    return is_outage(error) and getattr(getattr(error, "orig", None), "sqlstate", None) not in ONE_AFTER_THE_OTHER
