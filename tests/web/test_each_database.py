"""The street is the same on each database we promise, also for questions no number fits."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import make_post, read_posts
from tests.reports.telling import URL, with_key
from tests.web.street import addresses, furnish

HUGE = ("2147483648", "999999999999999", "9" * 30)


@pytest.fixture
def street(database: str, app: Flask, client: FlaskClient) -> dict[str, str]:
    """Everything furnished, on SQLite, then on PostgreSQL."""
    return addresses(app, furnish(app, client))


def test_every_address_answers(street: dict[str, str], client: FlaskClient) -> None:
    answers = {address: client.get(address).status_code for address in street.values()}
    assert answers == dict.fromkeys(street.values(), 200)


@pytest.mark.parametrize("number", HUGE)
def test_a_number_too_large_for_any_row_is_no_fault(street: dict[str, str], client: FlaskClient, number: str) -> None:
    assert client.get(f"/posts/netz?page={number}").status_code == 404
    assert client.get(f"/posts/netz/comments/new?parent={number}").status_code == 200
    sent = {"key": "a-key-of-its-own", "name": "Lena", "text": "Bei mir auch.", "parent": number}
    assert client.post("/posts/netz/comments", data=sent).status_code == 303


def test_odd_characters_are_stored_on_each(database: str, app: Flask, client: FlaskClient) -> None:
    make_post(Path(app.extensions["settings"].posts))
    read_posts(app)
    odd = "Nu\0l \ud800 \u202e 📵 ' \" \\ %s {}"
    body = odd.encode("utf-8", "surrogatepass")
    assert client.post(URL, data=with_key(text=body, place=body, device=body)).status_code == 303
    sent = {"key": "a-key-of-its-own", "name": "Lena", "text": body}
    assert client.post("/posts/netz/comments", data=sent).status_code == 303
    assert client.get(f"/reports/{'%00' * 4}").status_code == 404


@pytest.mark.parametrize("path", ["/organisations/%00", "/posts/%00", "/tags/%00", "/desk/invitations/%00", "/%00"])
def test_an_address_with_a_nul_leads_nowhere(street: dict[str, str], client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
