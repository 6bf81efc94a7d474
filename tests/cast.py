"""The cast: Olga owns, Eda edits, Mo moderates, Gabi and Gero answer for O2, Charlie must never get in.

Each call makes a person or a thing through the site's own verbs and commits it. What comes back belongs to no
session any more: read its columns, load it anew to see what became of it.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from app.comments.models import Comment, State
from app.comments.models.contact import CommentContact
from app.config import settings
from app.extensions import db
from app.kit import tokens
from app.mail.jobs import send_letters
from app.notices.models import Ground, Notice, Objection
from app.people import security
from app.people.founding import found_organisations
from app.people.models import Invitation, Member, Organisation, Role
from app.people.models.organisation import TEAM
from app.reports.models import Question, Report
from tests.page import Page
from tests.posts.folder import markdown

T = TypeVar("T")
OLGA, EDA, MO = "olga@campaign.example", "eda@campaign.example", "mo@campaign.example"
GABI, GERO, VERA = "gabi@o2.example", "gero@o2.example", "vera@vodafone.example"
CHARLIE = "charlie@stranger.example"
OTHER_CARRIER = "vodafone"
TEXT = "In Eimsbüttel ist das Netz seit Wochen weg, und die Hotline weiß von nichts."
CODE = re.compile(r"^\s+(\d{6})\s*$", re.M)
LINK = re.compile(r"^https?://\S+?(/desk/invitations/\S+)\s*$", re.M)


def within(app: Flask, work: Callable[[], T]) -> T:
    """What `work` answers, done in a context of its own and committed."""
    with app.app_context():
        done = work()
        db.session.commit()
        return done


def make_owner(app: Flask, email: str = OLGA, first_name: str = "Olga") -> Member:
    return make_member(app, email, first_name, Role.OWNER)


def make_editor(app: Flask, email: str = EDA, first_name: str = "Eda") -> Member:
    return make_member(app, email, first_name, Role.EDITOR)


def make_moderator(app: Flask, email: str = MO, first_name: str = "Mo") -> Member:
    return make_member(app, email, first_name, Role.MODERATOR)


def make_guest(app: Flask, email: str = GABI, first_name: str = "Gabi", organisation: str = "o2") -> Member:
    return make_member(app, email, first_name, Role.GUEST, organisation)


def make_other_guest(app: Flask) -> Member:
    """A guest of another organisation than the carrier."""
    make_organisation(app)
    return make_guest(app, VERA, "Vera", OTHER_CARRIER)


def make_member(app: Flask, email: str, first_name: str, role: Role, organisation: str = TEAM) -> Member:
    def work() -> Member:
        return Member.welcome(email, first_name, role, _organisation(organisation))

    return within(app, work)


def make_organisation(
    app: Flask, slug: str = OTHER_CARRIER, name: str = "Vodafone", domains: tuple[str, ...] = ("vodafone.example",)
) -> Organisation:
    def work() -> Organisation:
        found_organisations()
        return Organisation.of(slug) or Organisation.found(slug, name, list(domains), "We rang their press office.")

    return within(app, work)


def make_invitation(app: Flask, email: str | None, role: Role = Role.GUEST, organisation: str = "o2") -> str:
    """An open invitation; answers the path of its link."""

    def work() -> str:
        _, token = Invitation.send(email, role, _organisation(organisation))
        return f"/desk/invitations/{token}"

    return within(app, work)


def make_post(folder: Path, slug: str = "netz", body: str = "Ein Text.", **front: str) -> str:
    """A post on disk; answers its slug. An app whose shelf was read before sees it after `read_posts`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{slug}.md").write_text(markdown(body, **{"slug": slug, **front}), "utf-8")
    return slug


def read_posts(app: Flask) -> None:
    """Have the app look at its folders now, not within a second."""
    app.extensions["shelf"].refresh()


def make_comment(
    app: Flask,
    slug: str = "netz",
    *,
    text: str = TEXT,
    name: str = "Lena",
    state: State = State.PUBLISHED,
    parent: Comment | None = None,
    by: Member | None = None,
    email: str = "",
    key: str = "",
) -> Comment:
    """A reader's comment in a state, or with `by` a member's answer."""

    def work() -> Comment:
        above = db.session.get(Comment, parent.id) if parent else None
        if by:
            writer = db.session.get_one(Member, by.id)
            made = Comment.answer(slug, text, key=tokens.new_key(), by=writer, parent=above)
        else:
            made = Comment.write(slug, name, text, key=key or tokens.new_key(), parent=above)
            if state != State.WAITING:
                db.session.flush()
                made.decide(state, seen=State.WAITING, reason="Beleidigung" if state == State.REMOVED else "")
        if email:
            db.session.flush()
            db.session.add(CommentContact(comment_id=made.id, email=email))
        return made

    return within(app, work)


def make_notice(app: Flask, comment: Comment | None = None, **said: str) -> tuple[int, str]:
    """A notice about a comment, as it came in; its number and the code of its receipt."""
    about = comment or make_comment(app)
    key = tokens.new_key()
    objection = Objection(Ground(said.pop("ground", "privacy")), said.pop("text", "Das ist meine Nummer."), **said)

    def work() -> int:
        return Notice.receive(db.session.get_one(Comment, about.id), objection, key=key).id

    return within(app, work), within(app, lambda: Notice.code_of(key))


def make_question(app: Flask, receipt: str) -> str:
    """The question that a letter asks about a report; answers the secret of its link."""

    def work() -> str:
        report = Report.told_before(receipt)
        assert report, "no report has this receipt"
        return Question.ask(report)

    return within(app, work)


def reload(app: Flask, thing: T) -> T:
    """The same row as the database has it now."""
    with app.app_context():
        return db.session.get_one(type(thing), thing.id)  # type: ignore[attr-defined]  # every table has an id


class SignedIn:
    """A member at a device of their own, let in by the verb that a right code calls (`come_in` goes the whole way)."""

    def __init__(self, app: Flask, email: str, *, is_proven: bool = True) -> None:
        self.app, self.email = app, email
        self.client: FlaskClient = app.test_client()
        with app.test_request_context("/desk/sign-in/code", environ_overrides=self.client.environ_base):
            found = Member.of(email)
            assert found, f"{email} is no member"
            assert found.active, f"{email} was revoked"
            row = security.sign_in(found)
            if found.is_guest and is_proven:
                row.prove()  # as a right passkey does (tests/authenticator.py goes the whole way)
            self.token = generate_csrf()  # what every form of the desk carries in this session
            db.session.commit()
            cookie = dict(session)
        with self.client.session_transaction("/desk/") as kept:
            kept.update(cookie)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def page(self, path: str) -> Page:
        """The page at a path of the desk, held against the house's rules."""
        answer = self.client.get(path)
        assert answer.status_code == 200, f"{path} answered {answer.status_code} {answer.location}"
        return Page(answer.text, path)

    def post(self, path: str, data: Mapping[str, object] | None = None) -> TestResponse:
        """POST with the token of this session, whatever page carries the form."""
        return self.client.post(path, data={"csrf_token": self.token, **(data or {})})


def come_in(app: Flask, email: str) -> FlaskClient:
    """Sign in through the pages, as a person does: the address, the letter, the code."""
    client = app.test_client()
    ask_for_code(client, email)
    answer = type_code(client, newest_code(app, email))
    assert answer.status_code == 303, answer.text
    return client


def sign_in(app: Flask, member: Member) -> SignedIn:
    return SignedIn(app, member.email)


def csrf_token(client: FlaskClient, path: str = "/desk/sign-in") -> str:
    """The token of the first form of a page that has one."""
    forms = Page(client.get(path).text, path).forms
    return next(form.values["csrf_token"] for form in forms if "csrf_token" in form.values)


def ask_for_code(client: FlaskClient, email: str) -> TestResponse:
    """The first step of signing in."""
    return client.post("/desk/sign-in", data={"csrf_token": csrf_token(client), "email": email})


def type_code(client: FlaskClient, code: str, path: str = "/desk/sign-in/code") -> TestResponse:
    """The second step: here, or at an invitation."""
    return client.post(path, data={"csrf_token": csrf_token(client, path), "code": code})


def newest_code(app: Flask, email: str) -> str:
    """The code in the newest letter to an address."""
    found = [CODE.search(letter) for letter in letters_to(app, email)]
    codes = [match.group(1) for match in found if match]
    assert codes, f"no code was sent to {email}"
    return codes[-1]


def invitation_link(app: Flask, email: str) -> str:
    """The path of the invitation in the newest letter to an address."""
    return invitation_links(app, email)[-1]


def invitation_links(app: Flask, email: str) -> list[str]:
    """The path of each invitation that an address was sent, oldest first."""
    return [match.group(1) for letter in letters_to(app, email) if (match := LINK.search(letter))]


def letters_to(app: Flask, email: str) -> list[str]:
    """What was sent to an address, oldest first: every letter that waits is sent, into the outbox."""
    with app.app_context():
        send_letters.now()
        outbox = settings().instance / "outbox"
    files = sorted(outbox.glob("*"), key=lambda path: path.stat().st_mtime_ns) if outbox.is_dir() else []
    return [letter for path in files for letter in _letters(path) if f"To: {email}\n" in letter]


def _letters(path: Path) -> list[str]:
    """One file holds the letters of one connection, each followed by a line of hyphens."""
    raw = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    return [letter for letter in re.split(r"^-{20,}\n", raw, flags=re.M) if letter.strip()]


def _organisation(slug: str) -> Organisation:
    found_organisations()
    found = Organisation.of(slug)
    assert found, f"there is no organisation {slug}"
    return found
