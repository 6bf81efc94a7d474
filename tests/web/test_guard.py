"""Who may send a form: our own pages, and clients that are no browsers."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import close_app, create_app
from app.config import Settings
from app.reports.models.report import rows
from tests.cast import make_post, read_posts
from tests.page import Pages
from tests.reports.telling import JSON, URL, said, with_key

COMMENTS = "/posts/netz/comments"
FOREIGN = (
    {"Origin": "https://elsewhere.example"},
    {"Origin": "http://localhost:9999"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:8000"},
)
OWN: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "http://localhost"},
    {"Origin": "http://localhost:8000"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"},
)


@pytest.fixture(autouse=True)
def post(app: Flask) -> None:
    make_post(Path(app.extensions["settings"].posts))
    read_posts(app)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("path", [URL, COMMENTS, "/desk/sign-in"])
def test_a_form_of_another_site_is_refused(app: Flask, pages: Pages, path: str, headers: dict[str, str]) -> None:
    answer = pages.client.post(path, data=with_key(name="Lena"), headers=headers)
    assert pages.read(answer, path, 403).heading
    with app.app_context():
        assert rows() == 0


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_our_own_pages_and_plain_clients_may_send(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post(URL, data=with_key(), headers=headers).status_code == 303
    sent = with_key(name="Lena")
    assert client.post(COMMENTS, data=sent, headers=headers).status_code == 303


def test_scripts_are_refused_as_json(client: FlaskClient) -> None:
    answer = client.post(URL, data=with_key(), headers=JSON | {"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert sorted(said(answer)) == ["error", "message", "request_id"]


@pytest.mark.parametrize(("length", "status"), [(72, 303), (100, 303), (101, 400), (60_000, 400)])
def test_a_boundary_longer_than_any_client_makes_is_refused_unread(
    client: FlaskClient, length: int, status: int
) -> None:
    fields = "".join(
        f'--{"b" * length}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in with_key(symptoms="sms").items()
    )
    kind = f"multipart/form-data; boundary={'b' * length}"
    sent = f"{fields}--{'b' * length}--\r\n" if length <= 100 else "a"
    assert client.post(URL, data=sent, content_type=kind).status_code == status


def test_reading_is_free_from_everywhere(client: FlaskClient) -> None:
    for headers in FOREIGN:
        assert client.get("/", headers=headers).status_code == 200


def test_behind_our_own_proxy_the_site_s_name_is_its_own(environ: dict[str, str], app: Flask) -> None:
    """The proxy speaks http to us and https to the world; what strangers claim beyond our hops does not count."""
    behind = create_app(
        Settings.load(
            environ | {"EINZELFALL_BASE_URL": "https://einzelfall.example", "EINZELFALL_TRUSTED_PROXIES": "1"}
        )
    )
    client = behind.test_client()
    through = {"Host": "einzelfall.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "1.2.3.4, 203.0.113.77"}
    own = through | {"Origin": "https://einzelfall.example"}
    assert client.post(URL, data=with_key(), headers=own).status_code == 303
    foreign = through | {"Origin": "https://elsewhere.example", "X-Forwarded-Host": "elsewhere.example"}
    assert client.post(URL, data=with_key(), headers=foreign).status_code == 403
    close_app(behind)
