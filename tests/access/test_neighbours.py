"""Codes and secrets open their own door only; every other is refused in the same words."""

import re
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from app.kit import tokens
from tests.access.matrix import FRESH, method_of, rules
from tests.access.world import SEEN, STRANGER, World
from tests.desk.rooms import OWN_TOKENS, path_of

pytestmark = pytest.mark.sqlite("its site is that of the matrix")
SECRETS = ("code", "receipt", "notice", "link", "question", "token", "own", "link_token")


def test_a_secret_of_another_door_is_refused_as_one_of_none(world: World) -> None:
    asked = 0
    for rule, name in _doors(world):
        unknown = _answer(world, rule, name, tokens.new_key())
        assert unknown[0] in {404, 410}, rule
        for wrong in _wrong(world, name):
            assert _answer(world, rule, name, wrong) == unknown, f"{rule} opened by {wrong}"
            asked += 1
    assert asked > 200


def _doors(world: World) -> Iterator[tuple[Rule, str]]:
    """Every address with a secret in it, and the kind of that."""
    for rule in rules(world):
        for name in rule.arguments & set(SECRETS):
            yield rule, "own" if rule.endpoint in OWN_TOKENS else name


def _wrong(world: World, name: str) -> Iterator[str]:
    """The secrets of all other doors, and neighbours of the right one."""
    right = {each: str(world.values[each]) for each in SECRETS} | {"code": world.comments[SEEN].code}
    yield from (secret for kind, secret in right.items() if kind != name)
    own = right[name]
    yield own[:-1] + ("A" if own[-1] != "A" else "B")
    yield own[1:]
    yield own * 2
    yield own + "A"


def _answer(world: World, rule: Rule, name: str, secret: str) -> tuple[int, str, bytes]:
    client, argument = world.people[STRANGER], next(iter(rule.arguments & set(SECRETS)))
    mark = "in-this-place"
    path = path_of(world.app, rule, {**world.values, "own": mark, argument: mark}).replace(mark, secret)
    data = {"csrf_token": world.tokens[STRANGER], "key": tokens.new_key(), "sure": "yes", "text": "Worte."}
    answer = client.get(path, buffered=True) if method_of(rule) == "GET" else client.post(path, data=data)
    said = re.sub(re.escape(secret).encode(), b"", FRESH.sub(b"", answer.data))
    return answer.status_code, (answer.location or "").replace(secret, ""), said
