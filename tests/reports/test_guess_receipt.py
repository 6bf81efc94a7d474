"""Thousands of wrong codes: the same answer in the same time, and the right one is answered in between."""

import random
from collections.abc import Callable, Iterator
from statistics import median
from time import thread_time
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cpu import own_garbage_only
from tests.reports.receipts import tell
from tests.reports.telling import JSON
from tests.site.test_pages import queries

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TRIES = 2_000
AS_PAGE = 50  # each fiftieth is asked for as a page, the others as JSON: the same code on the way, and quicker
RIGHT_EVERY = 100
FARTHEST = 1.3  # how far the medians of two kinds may lie apart; they differ by a few per cent, by the machine's mood

Kind = Callable[[random.Random, str], str]


def well_formed(chance: random.Random, _right: str) -> str:
    return "-".join("".join(chance.choices(LETTERS, k=4)) for _ in range(6))


def near(chance: random.Random, right: str) -> str:
    """The right one with one letter changed."""
    where = chance.choice([place for place, letter in enumerate(right) if letter != "-"])
    other = chance.choice([letter for letter in LETTERS if letter != right[where]])
    return right[:where] + other + right[where + 1 :]


def malformed(chance: random.Random, right: str) -> str:
    wrong = ("x", right[:-1], f"{right}0", "ß" * 24, "📵", "' OR 1=1 --", "..", right[::-1] + "?", "0" * 300, "new2")
    return chance.choice(wrong)


KINDS: dict[str, Kind] = {kind.__name__: kind for kind in (well_formed, near, malformed)}


@pytest.fixture
def right(client: FlaskClient) -> str:
    return tell(client)


def ask(client: FlaskClient, code: str, number: int = 1) -> TestResponse:
    return client.get(f"/reports/{quote(code, safe='')}", headers=JSON if number % AS_PAGE else {})


def told(answer: TestResponse) -> str:
    """An answer without the number under which the log knows it."""
    request = answer.headers.pop("X-Request-Id")
    return f"{answer.status}\n{answer.headers}\n{answer.text}".replace(request, "")


def tries(right: str) -> Iterator[tuple[int, str, str]]:
    """Number, kind and code, the kinds by turns, so that what the machine does besides meets all alike."""
    chance = random.Random("guesses")
    for number in range(TRIES):
        kind = list(KINDS)[number % len(KINDS)]
        yield number, kind, KINDS[kind](chance, right)


def test_thousands_of_guesses_learn_nothing_and_shut_nobody_out(client: FlaskClient, right: str) -> None:
    answers: set[str] = set()
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with own_garbage_only():
        for number, kind, code in tries(right):
            began = thread_time()
            answer = ask(client, code, number)
            if number % AS_PAGE:
                times[kind].append(thread_time() - began)
            answers.add(told(answer))
            if number % RIGHT_EVERY == 0:
                assert ask(client, right).status_code == 200
    assert len(answers) == 2, "one as a page, one as JSON"
    assert all(answer.startswith("404") for answer in answers)
    middle = {kind: median(took) for kind, took in times.items()}
    print({kind: f"{took * 1000:.2f} ms" for kind, took in middle.items()})
    assert max(middle.values()) < FARTHEST * min(middle.values()), middle


def test_every_wrong_code_asks_the_database_the_same(app: Flask, client: FlaskClient, right: str) -> None:
    chance, asked = random.Random("questions"), set()
    for number, kind in enumerate(list(KINDS.values()) * 5):
        with queries(app) as statements:
            ask(client, kind(chance, right), number * AS_PAGE)
        asked.add(tuple(statements))
    assert len(asked) == 1
    assert not [one for one in asked.pop() if one.startswith(("BEGIN IMMEDIATE", "INSERT", "UPDATE"))]


def test_the_form_that_finds_reports_tells_no_more(app: Flask, client: FlaskClient, right: str) -> None:
    chance, answers, asked = random.Random("forms"), set(), set()
    for kind in list(KINDS.values()) * 40:
        code = kind(chance, right)
        with queries(app) as statements:
            answer = client.post("/reports/find", data={"code": code}, headers=JSON)
        answers.add(told(answer))
        asked.add(tuple(statements))
    assert len(answers) == len(asked) == 1
    assert not [one for one in asked.pop() if "IMMEDIATE" in one], "who tries codes keeps no writer waiting"
    assert client.post("/reports/find", data={"code": right}).status_code == 303


def test_a_code_with_a_nul_in_it_gets_that_answer_too(client: FlaskClient, right: str) -> None:
    assert told(client.get(f"/reports/{right}%00")) == told(ask(client, well_formed(random.Random("nul"), right), 0))
