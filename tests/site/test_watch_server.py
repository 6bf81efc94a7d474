"""Whoever watches the server learns how it is: at once, also when the database says nothing, and nobody else does."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.comments.models import State
from app.extensions import db
from app.site import metrics, readiness
from app.surge.models import Mode
from tests.cast import make_comment, make_post, within
from tests.postgres import Cluster
from tests.server import eventually
from tests.surge.pressing import another, pressure_of, set_mode

TOKEN = "a token of the tests"
STRANGER = "203.0.113.77"


def numbers(client: FlaskClient, **headers: str) -> dict[str, float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    lines = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_it_is_ready_when_all_is_well(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "live"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["checks"]) == (
        200,
        {"database": True, "migrations": True, "posts": True},
    )


@pytest.mark.parametrize(("revision", "status"), [("0001", 503), ("9999", 200)])
def test_a_database_behind_the_code_is_not_ready_one_ahead_is(
    on_each: Flask, client: FlaskClient, revision: str, status: int
) -> None:
    within(on_each, lambda: db.session.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision}))
    assert client.get("/readyz").status_code == status


def test_without_its_tables_it_is_not_ready(on_each: Flask, client: FlaskClient) -> None:
    within(on_each, lambda: db.session.execute(text("ALTER TABLE ledger_head RENAME TO gone")))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["checks"]["database"]) == (503, False)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_stopped_database_makes_it_not_ready_and_the_rest_is_told(
    cluster: Cluster, on_each: Flask, client: FlaskClient
) -> None:
    pressure_of(on_each).is_watched = True  # as in a worker, where a thread of its own waits for the database
    assert client.get("/readyz").status_code == 200
    cluster.pause()
    try:
        assert client.get("/readyz").status_code == 503, "and not: never"
        assert client.get("/healthz").status_code == 200
        found = numbers(client)
    finally:
        cluster.resume()
    assert found["einzelfall_database_up"] == 0
    assert found['einzelfall_requests_total{method="GET",route="/readyz",status="503"}'] >= 1
    eventually(lambda: client.get("/readyz").status_code == 200, "it is ready again")
    eventually(lambda: numbers(client)["einzelfall_database_up"], "all is told again")
    assert readiness.WITHIN < 2
    assert metrics.WITHIN < 2


def test_requests_are_counted_by_route_and_never_by_path_or_address(app: Flask, client: FlaskClient) -> None:
    client.environ_base["REMOTE_ADDR"] = STRANGER
    for path in ("/reports/kwtz-secret-receipt", "/nowhere/kwtz", "/posts/kwtz?kwtz=kwtz"):
        client.get(path)
    client.open("/", method="KWTZ")
    client.environ_base["REMOTE_ADDR"] = "127.0.0.1"
    said = client.get("/metrics").text
    assert 'einzelfall_requests_total{method="GET",route="/reports/<receipt>",status="404"}' in said
    assert 'method="other"' in said
    assert not re.search(r"kwtz|203\.0\.113", said, re.I)
    assert re.search(r'einzelfall_request_seconds_bucket\{le="\+Inf",route="/posts/<slug>"\} [1-9]', said)


def test_what_waits_is_told(app: Flask, posts: Path, client: FlaskClient) -> None:
    make_post(posts)
    before = numbers(client)
    for _ in range(3):
        make_comment(app, state=State.WAITING)
    within(app, lambda: db.session.execute(text("UPDATE comment SET ask_again_at = written_at WHERE id = 1")))
    set_mode(app, Mode.ON)
    after = numbers(client)
    assert after["einzelfall_comments_waiting"] == 3
    assert after["einzelfall_comments_to_judge"] == 1
    assert after["einzelfall_comments_to_judge_oldest_seconds"] >= 0
    assert (before["einzelfall_surge"], after["einzelfall_surge"]) == (0, 1)
    assert after["einzelfall_commit_seconds_count"] > before.get("einzelfall_commit_seconds_count", 0)
    assert after["einzelfall_database_up"] == 1
    assert after["einzelfall_disk_free_bytes"] > 0
    assert {"einzelfall_counter", "einzelfall_letters_unsent", "einzelfall_jobs_queued"} <= set(after)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-For": ""},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-Ip": "127.0.0.1"},
        {"Via": "1.1 proxy"},
    ],
)
def test_what_came_through_a_proxy_finds_nothing(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize("peer", [STRANGER, "::ffff:203.0.113.77", "2001:db8::1", "1270.0.0.1", ""])
def test_a_stranger_finds_nothing(client: FlaskClient, peer: str) -> None:
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": peer}).status_code == 404


@pytest.mark.parametrize("hops", ["1", "2"])
def test_nobody_becomes_local_by_saying_so(environ: dict[str, str], app: Flask, hops: str) -> None:
    with another(environ, EINZELFALL_TRUSTED_PROXIES=hops) as behind:
        for said in ("127.0.0.1", "127.0.0.1, 127.0.0.1", "::1"):
            for peer in (STRANGER, "127.0.0.1"):
                headers = {"X-Forwarded-For": said}
                answer = behind.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": peer})
                assert answer.status_code == 404


def test_with_a_token_it_is_the_token_that_counts(environ: dict[str, str], app: Flask) -> None:
    with another(environ, EINZELFALL_METRICS_TOKEN=TOKEN) as guarded:
        client = guarded.test_client()
        assert client.get("/metrics").status_code == 404
        for given in ("", "Bearer", "Bearer x", f"Bearer {TOKEN}x", "Bearer ä"):
            assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
        client.environ_base["REMOTE_ADDR"] = STRANGER
        assert numbers(client, Authorization=f"Bearer {TOKEN}")["einzelfall_database_up"] == 1
