from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.spam import form_token

NOON = datetime(2011, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def site() -> Iterator[Flask]:
    site = Flask(__name__)
    site.config["SECRET_KEY"] = "first"
    with site.app_context():
        yield site


def test_everyone_gets_the_same_token_within_an_hour() -> None:
    assert form_token.issue(NOON) == form_token.issue(NOON + timedelta(minutes=59, seconds=59))
    assert form_token.issue(NOON) != form_token.issue(NOON + timedelta(hours=1))


def test_a_tokens_age_counts_from_the_beginning_of_its_hour() -> None:
    token = form_token.issue(NOON + timedelta(minutes=59))
    assert form_token.age(token, NOON + timedelta(hours=1)) == 3600.0
    assert form_token.age(token, NOON + timedelta(days=3)) == 3 * 86400.0


@pytest.mark.parametrize("token", [None, "", "1", "366612", "366612.forged", "366612.\ud800", ".", "ü.ü", "1" * 90_000])
def test_a_missing_or_forged_token_has_no_age(token: str | None) -> None:
    assert form_token.age(token, NOON) is None


def test_a_token_with_another_hour_under_the_same_signature_is_forged() -> None:
    hour, signature = form_token.issue(NOON).split(".")
    assert form_token.age(f"{int(hour) + 1}.{signature}", NOON + timedelta(hours=2)) is None


def test_a_token_from_the_future_has_no_age_but_clocks_may_differ_a_little() -> None:
    token = form_token.issue(NOON)
    assert form_token.age(token, NOON - timedelta(hours=1)) is None
    assert form_token.age(token, NOON - timedelta(minutes=2)) == 0.0


def test_a_token_survives_a_change_of_the_secret_that_keeps_the_old_one(site: Flask) -> None:
    token = form_token.issue(NOON)
    site.config["SECRET_KEY"] = "second"
    assert form_token.age(token, NOON) is None
    site.config["SECRET_KEY_FALLBACKS"] = ["first"]
    assert form_token.age(token, NOON) == 0.0
