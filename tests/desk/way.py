"""A guest's way from the invitation to the revocation, on which each step is first asked for by whoever may not.

One site, one walk: at each station everybody else asks, a copy of the form is sent from another browser, the address
is opened, and time passes. Then the step is done, and sent once more. What was answered, and which tables changed,
is kept.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.extensions import db
from app.kit import clock
from app.people.models import Member
from tests.authenticator import Authenticator, asked
from tests.cast import (
    GABI,
    GERO,
    VERA,
    SignedIn,
    csrf_token,
    invitation_links,
    make_editor,
    make_guest,
    make_moderator,
    make_other_guest,
    newest_code,
    sign_in,
    within,
)
from tests.drafts.desk import begin, draft_of
from tests.page import Page

OTHERS = ("other guest", "moderator", "other side", "nobody")
TURN_BACK = ("copied", "GET", "late", "twice")
ASKS = {"Bestätigen Sie, dass Sie es sind": "asks", "Die Sitzung ist beendet": "sign in"}  # by the page's heading
MINUTES = 11  # which pass at every station


@dataclass(frozen=True)
class Told:
    """What somebody was answered: in a word, in all words, and which tables have changed since."""

    word: str
    said: str
    wrote: frozenset[str]


class Way:
    """The walk; `told` has each answer by step and by who or how it was asked."""

    def __init__(self, app: Flask, patch: pytest.MonkeyPatch, late: Mapping[str, float]) -> None:
        self.app, self.late, self.told = app, late, dict[tuple[str, str], Told]()
        self._real, self._ahead = clock.now, timedelta()
        patch.setattr(clock, "now", lambda: self._real() + self._ahead)
        self.eda = sign_in(app, make_editor(app))
        self.others = {
            "other guest": sign_in(app, make_other_guest(app)),
            "moderator": sign_in(app, make_moderator(app)),
        }
        self.device = Authenticator()

    def walk(self) -> None:
        eda, people = self.eda, "/desk/people/invitations"
        person = {"email": GABI, "role": "guest", "organisation": "o2", "first_name": "Gabi", "function": "Presse"}
        self.step("invited", eda, people, person, side=sign_in(self.app, make_guest(self.app, GERO, "Gero")))
        self.link, self.second_link = invitation_links(self.app, GABI)
        gabi = self._came_in()
        self._keys(gabi)
        path = begin(gabi, "Zur Lage im Netz")
        words = {"title": "Zur Lage im Netz", "authors": "Gabi, Presse", "body": "Wir bauen aus.", "revision": 1}
        self.step("draft saved", gabi, f"{path}/revisions", words, side=eda)
        self.step("preview made", gabi, f"{path}/previews", {"which": "latest"}, side=eda)
        self._previewed(gabi, path)
        self._confirmed(gabi)
        wish = {"day": "2031-01-02", "time": "08:00"}
        self.step("handed in", gabi, f"{path}/signatures", {"revision": "2", **wish}, side=eda)
        there = path.replace("/drafts/", "/handed-in/")
        other = words | {"body": "Wir bauen überall aus.", "note": "Klarer.", "revision": 2}
        self.step("words proposed", eda, f"{there}/proposals", other, side=gabi)
        self._prove(gabi)
        number = draft_of(self.app, path).proposal
        self.step("proposal accepted", gabi, f"{path}/proposals/{number}/acceptances", {"day": "kept"}, side=eda)
        current, day = draft_of(self.app, path).current, (clock.now() + timedelta(days=20)).date()
        later = {"revision": current, "when": "later", "day": f"{day}", "time": "08:00"}
        self.step("scheduled", eda, f"{there}/releases", later, side=gabi)
        self.step("taken back", eda, f"{there}/recalls", {}, side=gabi)
        current = draft_of(self.app, path).current
        self.step("published", eda, f"{there}/releases", {"revision": current, "when": "now"}, side=gabi)
        id_ = within(self.app, lambda: Member.of(GABI).id)  # type: ignore[union-attr]  # she has joined
        self.step("revoked", eda, f"/desk/people/{id_}/revocation", {"reason": "Hat gewechselt."}, side=gabi)
        self.gabi = gabi

    def step(self, name: str, who: SignedIn, path: str, data: Mapping[str, object], *, side: SignedIn) -> None:
        """A deed of one side; `side` is the other one."""
        form = {"csrf_token": who.token, **data}
        self.others["other guest"] = SignedIn(self.app, VERA)  # who has confirmed it this minute
        for other, asks in {**self.others, "other side": side}.items():
            self.ask(name, other, asks.client, path, {**data, "csrf_token": asks.token})
        stranger = self.app.test_client()
        self.ask(name, "nobody", stranger, path, {**data, "csrf_token": csrf_token(stranger)})
        self.ask(name, "copied", self.app.test_client(), path, form)
        self._late_and_done(name, who.client, path, form)

    def _late_and_done(self, name: str, client: FlaskClient, path: str, form: Mapping[str, object]) -> None:
        self.ask(name, "GET", client, path, None)
        with self.later(self.late[name]):
            self.ask(name, "late", client, path, form)
        if self.late[name] > MINUTES:
            self._ahead += timedelta(minutes=MINUTES)  # ten minutes are nothing to it
        self.ask(name, "done", client, path, form)
        self.ask(name, "twice", client, path, form)

    def _came_in(self) -> SignedIn:
        """Invitation and code; whoever has the link alone has a letter sent to the invited mailbox, no more."""
        client, thief = self.app.test_client(), self.app.test_client()
        for name, asks in self.others.items():
            self.ask("invitation accepted", name, asks.client, self.link, {"csrf_token": asks.token})
        self.ask("invitation accepted", "other side", self.eda.client, self.link, {"csrf_token": self.eda.token})
        nobody = self.app.test_client()
        self.ask("invitation accepted", "nobody", nobody, self.link, {"csrf_token": csrf_token(nobody)})
        token = csrf_token(client, self.link)
        self.ask("invitation accepted", "copied", thief, self.link, {"csrf_token": csrf_token(thief, self.link)})
        self._late_and_done("invitation accepted", client, self.link, {"csrf_token": token})
        return self._typed(client, thief, f"{self.link}/code", token)

    def _typed(self, client: FlaskClient, thief: FlaskClient, path: str, token: str) -> SignedIn:
        data = {"code": newest_code(self.app, GABI)}
        for name, asks in {**self.others, "other side": self.eda}.items():
            self.ask("code typed", name, asks.client, path, {**data, "csrf_token": asks.token})
        nobody = self.app.test_client()
        self.ask("code typed", "nobody", nobody, path, {**data, "csrf_token": csrf_token(nobody)})
        self.ask("code typed", "copied", thief, path, {**data, "csrf_token": csrf_token(thief, self.link)})
        self._late_and_done("code typed", client, path, {**data, "csrf_token": token})
        gabi = SignedIn(self.app, GABI, is_proven=False)
        gabi.client, gabi.token = client, csrf_token(client, "/desk/drafts/new")
        return gabi

    def _keys(self, gabi: SignedIn) -> None:
        """A passkey set up; the challenge is of one browser, for one person."""
        answer = self.device.make(asked(gabi.page("/desk/passkeys"), "passkey"))
        self._challenge("passkey set up", gabi, "/desk/passkeys", {"passkey": answer, "name": "Telefon"})

    def _confirmed(self, gabi: SignedIn) -> None:
        asks = Page(gabi.post("/desk/passkeys/proofs", {"next": "/desk/drafts"}).text, "/desk/confirm")
        said = self.device.sign(asked(asks, "proof_passkey"))
        self._challenge("passkey shown", gabi, "/desk/passkeys/proofs", {"proof_passkey": said, "next": "/desk/drafts"})

    def _challenge(self, name: str, gabi: SignedIn, path: str, data: Mapping[str, object]) -> None:
        elsewhere = SignedIn(self.app, GABI, is_proven=False)
        self.ask(name, "copied", elsewhere.client, path, {**data, "csrf_token": elsewhere.token})
        for other, asks in {**self.others, "other side": self.eda}.items():
            self.ask(name, other, asks.client, path, {**data, "csrf_token": asks.token})
        nobody = self.app.test_client()
        self.ask(name, "nobody", nobody, path, {**data, "csrf_token": csrf_token(nobody)})
        self._late_and_done(name, gabi.client, path, {**data, "csrf_token": gabi.token})

    def _prove(self, gabi: SignedIn) -> None:
        asks = Page(gabi.post("/desk/passkeys/proofs").text, "/desk/confirm")
        said = self.device.sign(asked(asks, "proof_passkey"))
        assert gabi.post("/desk/passkeys/proofs", {"proof_passkey": said}).status_code == 303

    def _previewed(self, gabi: SignedIn, path: str) -> None:
        """Reading is a GET and does nothing: it is the POST that is refused here."""
        links = gabi.page(f"{path}/previews").links.values()
        self.preview = next(link for link in links if link.startswith("/previews/"))
        for name, asks in {**self.others, "other side": self.eda}.items():
            self.ask("preview read", name, asks.client, self.preview, None)
        for name in ("nobody", "copied", "twice"):
            self.ask("preview read", name, self.app.test_client(), self.preview, None)
        self.ask("preview read", "GET", self.app.test_client(), self.preview, {})
        with self.later(self.late["preview read"]):
            self.ask("preview read", "late", self.app.test_client(), self.preview, None)
        self._ahead += timedelta(minutes=MINUTES)
        self.ask("preview read", "done", self.app.test_client(), self.preview, None)

    @contextmanager
    def later(self, minutes: float) -> Iterator[None]:
        self._ahead += timedelta(minutes=minutes)
        yield
        self._ahead -= timedelta(minutes=minutes)

    def ask(self, step: str, how: str, client: FlaskClient, path: str, form: Mapping[str, object] | None) -> None:
        before = self._rows()
        answer = client.get(path) if form is None else client.post(path, data=form)
        after = self._rows()
        said = answer.text + (client.get(answer.location).text if answer.location else "")
        wrote = frozenset(name for name in after if after[name] != before[name])
        self.told[step, how] = Told(_word(answer, path, form or {}), said, wrote)

    def _rows(self) -> dict[str, int]:
        """Another number for each table in which any row is another one."""
        tables = [name for name in db.metadata.tables if name != "version"]

        def read() -> dict[str, int]:
            connection = db.session.connection()
            found = {one: connection.execute(text(f'SELECT * FROM "{one}"')) for one in tables}  # noqa: S608 -- ours
            return {one: hash(str(sorted(map(str, rows)))) for one, rows in found.items()}

        return within(self.app, read)


def _word(answer: TestResponse, path: str, form: Mapping[str, object]) -> str:
    """In a word; "asks" and "sign in" keep every value of the form that was sent."""
    location = answer.location or ""
    asks = next((word for heading, word in ASKS.items() if heading in answer.text), "")
    if answer.status_code == 403 and asks:
        kept = next(one.values for one in Page(answer.text, "/desk/confirm").forms if one.action == path)
        sent = {name: str(value) for name, value in form.items() if name != "csrf_token"}
        return asks if sent.items() <= kept.items() else "loses what was typed"
    if answer.status_code in {302, 303}:
        return "sign in" if location.startswith("/desk/sign-in") else "on"
    known = {
        200: "page",
        400: "unsound",
        403: "no",
        404: "none",
        405: "no deed",
        409: "kept",
        410: "gone",
        422: "refused",
    }
    return known.get(answer.status_code, str(answer.status_code))
