"""One of everything that can lie behind an address, in each state, and everybody who may ask for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Appeal, Comment, Revision, State
from app.comments.models.comment import code_of
from app.comments.models.erasure import erase
from app.comments.models.withdrawal import withdraw
from app.extensions import db
from app.kit import tokens
from app.people.models import Decision, Member
from tests.cast import (
    EDA,
    GABI,
    MO,
    OLGA,
    VERA,
    SignedIn,
    csrf_token,
    make_comment,
    make_moderator,
    make_owner,
    within,
)
from tests.desk.asking import ask
from tests.desk.rooms import furnish

STRANGER = "stranger"
MEMBERS = {"guest": GABI, "other guest": VERA, "moderator": MO, "editor": EDA, "owner": OLGA}

SEEN, HELD, SPAM, STUB, NEVER = "published", "held", "spam", "removed", "removed unseen"
WITHDRAWN, ERASED, OWN, OTHERS = "withdrawn", "erased", "guest's own", "other guest's"
NOBODYS = "nobody's"


@dataclass(frozen=True)
class Thing:
    """A comment as an address names it, by its number or by its writer's code, and as whoever decides has seen it."""

    id: int
    code: str
    state: str = ""
    edits: int = 0


@dataclass(frozen=True)
class World:
    """A site with something behind each address."""

    app: Flask
    values: Mapping[str, object]  # what stands for the variables in paths
    comments: Mapping[str, Thing]
    members: Mapping[str, Thing]
    questions: Mapping[str, Thing]
    people: Mapping[str, FlaskClient]
    tokens: Mapping[str, str]  # of each one's forms


def make_world(app: Flask, posts: Path) -> World:
    """The site of `desk.rooms`, with a comment in each state and everybody signed in."""
    values = furnish(app, posts)
    make_owner(app)
    make_moderator(app)
    comments = _comments(app)
    _argue(app, comments)
    stranger, signed = app.test_client(), {role: SignedIn(app, email) for role, email in MEMBERS.items()}
    return World(
        app,
        values,
        comments,
        questions={
            "a question to O2": Thing(ask(app).id, ""),
            "a question to Vodafone": Thing(ask(app, to="vodafone").id, ""),
            "a comment": comments[SEEN],
            NOBODYS: comments[NOBODYS],
        },
        members={f"the {role}": Thing(_member(app, email).id, "") for role, email in MEMBERS.items()},
        people={STRANGER: stranger} | {role: each.client for role, each in signed.items()},
        tokens={STRANGER: csrf_token(stranger)} | {role: each.token for role, each in signed.items()},
    )


def _comments(app: Flask) -> dict[str, Thing]:
    """A comment in each state, each with the code that its writer has; and what names none."""
    states = {SEEN: State.PUBLISHED, HELD: State.WAITING, SPAM: State.SPAM, NEVER: State.REMOVED}
    made = {name: _written(app, state=state) for name, state in states.items()}
    made |= {name: _written(app) for name in (STUB, WITHDRAWN, ERASED)}
    made |= {OWN: _written(app, by=_member(app, GABI)), OTHERS: _written(app, by=_member(app, VERA))}
    deeds: dict[str, Callable[[Comment], object]] = {
        STUB: lambda one: one.decide(State.REMOVED, seen=State.PUBLISHED, reason="Beleidigung"),
        WITHDRAWN: withdraw,
        ERASED: erase,
    }
    for name, deed in deeds.items():
        within(app, partial(_do, deed, made[name].id))
    nobodys = Thing(98_765, tokens.new_key())
    return {name: _as_it_stands(app, thing) for name, thing in made.items()} | {NOBODYS: nobodys}


def _do(deed: Callable[[Comment], object], id_: int) -> None:
    deed(db.session.get_one(Comment, id_))


def _member(app: Flask, email: str) -> Member:
    with app.app_context():
        found = Member.of(email)
        assert found, f"{email} is no member"
        return found


def _written(app: Flask, *, state: State = State.PUBLISHED, by: Member | None = None) -> Thing:
    key = tokens.new_key()
    comment = make_comment(app, state=state, key=key, by=by)
    with app.app_context():
        return Thing(comment.id, code_of(key))


def _as_it_stands(app: Flask, thing: Thing) -> Thing:
    with app.app_context():
        comment = db.session.get_one(Comment, thing.id)
        return Thing(thing.id, thing.code, comment.state.value, comment.edits)


def _argue(app: Flask, comments: Mapping[str, Thing]) -> None:
    """An appeal against a decision, and other words for what readers see."""

    def work() -> None:
        spam = db.session.get_one(Comment, comments[SPAM].id)
        Decision.record("spam", f"comment:{spam.id}", by=Member.of(EDA))
        db.session.flush()
        Appeal.lodge(spam, "Bitte noch einmal ansehen.")
        Revision.propose(db.session.get_one(Comment, comments[SEEN].id), "In anderen Worten.")

    within(app, work)
