"""What people have set about the judges, in memory: a submission asks nothing for it."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.cache.memory import Memory
from app.spam.models.bayes import BayesTotal, Taught
from app.spam.models.mode import RuleMode, known
from app.spam.rules import Modes


class Standing(NamedTuple):
    """What is set."""

    modes: Modes
    taught: Mapping[str, Taught]
    """How many comments have taught the judge of words, by language."""


def standing() -> Standing:
    """What is set now; while the database does not answer, what was known last, or what is shipped."""
    return _MEMORY.now()


def modes() -> Modes:
    """In which mode each rule is, where somebody has set it."""
    return standing().modes


def _read(connection: Connection) -> Standing:
    set_ = {row.rule: row.mode for row in connection.execute(select(RuleMode.rule, RuleMode.mode))}
    rows = connection.execute(select(BayesTotal.tongue, BayesTotal.spam, BayesTotal.ham))
    return Standing(known(set_), {row.tongue: Taught(row.spam, row.ham) for row in rows})


_MEMORY = Memory("spam standing", (RuleMode.__tablename__, BayesTotal.__tablename__), _read, Standing({}, {}))
