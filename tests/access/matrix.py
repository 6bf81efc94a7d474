"""Every route × role × thing, asked for real; what came of it, as a table for people."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from werkzeug.routing import Rule

from app.kit import tokens
from tests.access.locks import Locks
from tests.access.world import NOBODYS, STRANGER, Thing, World
from tests.desk.rooms import path_of

OF_COMMENTS = {  # routes whose number is a comment's; those with a code are found by that
    "desk.comment",
    "desk.answer",
    "desk.publish_answer",
    "desk.decide_comment",
    "desk.decide_question",
    "comments.permalink",
    "comments.helpful",
    "site.thread_feed",
}
OF_QUESTIONS = {"desk.question", "desk.assign", "desk.unassign", "desk.cannot_say", "desk.say_after_all"}
OF_MEMBERS = {"desk.revoke", "desk.name_function"}
NONE = Thing(98_765, "no-such-thing-98765")

WORDS = {  # what is sent with every deed; each view reads what it knows
    "reason": "Beleidigung",
    "text": "Worte, die niemand sonst schreibt.",
    "sure": "yes",
    "name": "Kim",
    "email": "kim@reader.example",
    "first_name": "Kim",
    "function": "Netz",
    "words": "Das wissen wir noch nicht.",
    "note": "Das ist etwas für Dich.",
    "symptoms": "no_data",
    "place": "Hamburg",
    "comment": "#c-1",
    "ground": "privacy",
    "good_faith": "y",
    "device": "d" * 32,
    "helpful": "yes",
}
FRESH = re.compile(rb'name="csrf_token"[^>]*>|<code>[0-9a-f]{12}</code>')  # the second is the number of the request
SAID = {403: "no", 404: "none", 410: "gone", 400: "unsound", 422: "unsound", 409: "moved"}


@dataclass(frozen=True)
class Cell:
    """What one role was answered, and whether anything is written since."""

    status: int
    location: str
    wrote: bool
    took: tuple[tuple[str, ...], ...]  # in each transaction, in which order rows of which tables (`locks.LOCKED`)
    body: bytes  # without the address that was asked, and what is another in each answer

    @property
    def word(self) -> str:
        """In a word, for people."""
        if self.location.startswith("/desk/sign-in") and not self.wrote:
            return "sign in"
        said = SAID.get(self.status) or {2: "yes", 3: "on"}.get(self.status // 100, str(self.status))
        return "done" if self.wrote and self.status < 400 else said


@dataclass(frozen=True)
class Line:
    """One route about one thing, and what every role was answered."""

    rule: Rule
    about: str
    cells: Mapping[str, Cell]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(cell.word for cell in self.cells.values())

    @property
    def is_of_the_desk(self) -> bool:
        return is_of_the_desk(self.rule)


class Asker:
    """Asks each question on the same site: what a deed changes is put back before the next."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._file = Path(world.app.extensions["settings"].instance) / "einzelfall.sqlite"
        self._copy = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self._file)) as now:
            now.backup(self._copy)
        self._rows = self._read()

    def lines(self) -> Iterator[Line]:
        """Every route about everything that its address can name; those that read first."""
        for rule in sorted(rules(self.world), key=lambda rule: (method_of(rule), rule.rule)):
            for about, thing in self._things(rule):
                roles = self.world.people if is_of_the_desk(rule) else [STRANGER]
                yield Line(rule, about, {role: self.ask(rule, role, thing) for role in roles})

    def ask(self, rule: Rule, role: str, thing: Thing | None) -> Cell:
        """One question; the site is as before when it returns."""
        client, path = self.world.people[role], self._path(rule, thing)
        taken = Locks()
        if method_of(rule) == "GET":
            answer, wrote = client.get(path, buffered=True), False
        else:
            cookies = dict(client._cookies or {})
            sent = {"csrf_token": self.world.tokens[role], "key": tokens.new_key(), **WORDS, **_seen(rule, thing)}
            with taken.watched():
                answer = client.post(path, data=sent)
            client._cookies = cookies  # who was signed out or in is as before
            wrote = self._read() != self._rows
            self._put_back()
        said = FRESH.sub(b"", answer.data).replace(path.encode(), b"here")
        return Cell(answer.status_code, answer.location or "", wrote, taken.seen, said)

    def _path(self, rule: Rule, thing: Thing | None) -> str:
        named = {"id": thing.id, "code": thing.code} if thing else {}
        return path_of(self.world.app, rule, {**self.world.values, **named})

    def _things(self, rule: Rule) -> Iterator[tuple[str, Thing | None]]:
        if rule.endpoint in OF_COMMENTS or "code" in rule.arguments:
            yield from self.world.comments.items()
        elif rule.endpoint in OF_QUESTIONS:
            yield from self.world.questions.items()
        elif rule.endpoint in OF_MEMBERS:
            yield from self.world.members.items()
        else:
            yield "", None
            if "id" in rule.arguments:
                yield NOBODYS, NONE

    def _read(self) -> list[int]:
        """Another one when any row of any table is; when somebody was last here is no deed."""
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as now:
            tables = [row[0] for row in now.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return [hash(tuple(now.execute(f'SELECT * FROM "{one}"'))) for one in tables if one != "sign_in"]  # noqa: S608

    def _put_back(self) -> None:
        with closing(sqlite3.connect(self._file)) as now:
            self._copy.backup(now)


def rules(world: World) -> list[Rule]:
    return [rule for rule in world.app.url_map.iter_rules() if rule.endpoint != "static"]


def method_of(rule: Rule) -> str:
    return "POST" if "POST" in (rule.methods or ()) else "GET"


def is_of_the_desk(rule: Rule) -> bool:
    return rule.rule.startswith("/desk")


def table(lines: list[Line]) -> str:
    """The lines in Markdown, by address; things that are answered alike stand in one."""
    roles = list(lines[0].cells)
    heads = roles if len(roles) > 1 else ["anybody"]
    out = [f"| | address | about | {' | '.join(heads)} |", "|" + "---|" * (3 + len(roles))]
    by_address = sorted(lines, key=lambda line: (line.rule.rule, method_of(line.rule)))
    for (address, method), of_one in groupby(by_address, key=lambda line: (line.rule.rule, method_of(line.rule))):
        about: dict[tuple[str, ...], list[str]] = {}
        for line in of_one:
            about.setdefault(line.words, []).append(line.about)
        for words, things in about.items():
            told = ", ".join(filter(None, things)) or "–"
            out.append(f"| {method} | `{address}` | {told} | {' | '.join(words)} |")
    return "\n".join(out)


OWN_WORDS = {  # of deeds that are told by other words
    "desk.decide_question": {"deed": "ask"},
    "desk.decide_notice": {
        "outcome": "removed",
        "statement": "Das ist eine Nummer.",
        "seen": "published",
        "edits": "0",
    },
    "desk.ask_author": {"question": "Ist das Ihre Nummer?", "days": "7"},
    "desk.decide_revision": {"deed": "accept"},
    "desk.cannot_say": {"reason_key": "undecided"},
    "desk.decide_appeal": {"deed": "grant", "seen": "spam", "edits": "0"},
}


def _seen(rule: Rule, thing: Thing | None) -> dict[str, str]:
    """The deed that a page would send, with the state in which it showed the thing."""
    if own := OWN_WORDS.get(rule.endpoint):
        return own
    if thing is None or not thing.state:
        return {"deed": "publish", "seen": "waiting", "edits": "0"}
    deed = "spam" if thing.state == "published" else "publish"
    return {"deed": deed, "seen": thing.state, "edits": str(thing.edits)}
