"""Whether the database answers, and knows what this code needs of it."""

from functools import cache

from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import text

from app.config import ROOT
from app.extensions import db
from app.kit.bounded import Bounded
from app.ledger.models import Head

WITHIN = 1.5  # seconds
Asked = Bounded[dict[str, bool]]


def init_app(app: Flask) -> None:
    def ask() -> dict[str, bool]:
        with app.app_context():
            return {"database": db.session.get(Head, 1) is not None, "migrations": _is_migrated()}

    app.extensions["readiness"] = Bounded(ask, WITHIN)


def _is_migrated() -> bool:
    """Whether the database is as new as this code; a newer one is fine, while hosts change one after another."""
    found = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found == _revisions()[-1] or found not in _revisions()


@cache
def _revisions() -> tuple[str, ...]:
    """What this code knows, the newest last."""
    scripts = ScriptDirectory(str(ROOT / "app" / "migrations"))
    return tuple(script.revision for script in scripts.walk_revisions())[::-1]
