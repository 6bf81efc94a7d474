"""The log says what happened, never who or what was written."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from app.kit import clock
from app.web import logs
from tests.akismet_server import KEY, AkismetServer
from tests.cast import make_post, read_posts
from tests.reports.telling import JSON, URL, said, with_key

PLANTED = {
    "address": "203.0.113.77",
    "agent": "Planetenbrowser/7",
    "name": "Zacharias-Planet",
    "email": "zacharias@planet.example",
    "text": "Am Planetenplatz steht mein Telefon still",
    "place": "Planetenhausen",
    "device": "Planetofon",
    "key": "planeten-key-0123456789",
    "query": "planetenfrage",
}
FROM = {"REMOTE_ADDR": PLANTED["address"]}


@pytest.fixture
def environ(environ: dict[str, str], akismet: AkismetServer) -> dict[str, str]:
    return environ | {"EINZELFALL_AKISMET_KEY": KEY, "EINZELFALL_AKISMET_URL": akismet.url}


@pytest.fixture
def street(app: Flask) -> None:
    make_post(Path(app.extensions["settings"].posts))
    read_posts(app)


def _visit(client: FlaskClient) -> str:
    """A day of a reader; answers the receipt."""
    agent = {"User-Agent": PLANTED["agent"], "X-Forwarded-For": PLANTED["address"]}
    report = with_key(PLANTED["key"], text=PLANTED["text"], place=PLANTED["place"], device=PLANTED["device"])
    told = client.post(URL, data=report, headers=agent | JSON, environ_overrides=FROM)
    comment = {name: PLANTED[name] for name in ("name", "email", "text")}
    for key in ("", PLANTED["key"]):
        client.post("/posts/netz/comments", data=comment | {"key": key}, headers=agent, environ_overrides=FROM)
    client.post(URL, data=report | {"key": "", "place": ""}, headers=agent, environ_overrides=FROM)
    client.get(f"/no/{PLANTED['name']}?q={PLANTED['query']}", headers=agent, environ_overrides=FROM)
    client.get(f"/places/suggest?q={PLANTED['query']}", headers=agent, environ_overrides=FROM)
    receipt = str(said(told)["receipt"])
    client.get(f"/reports/{receipt}", headers=agent, environ_overrides=FROM)
    return receipt


@pytest.mark.parametrize("mode", ["ham", "spam", "error"])
def test_nothing_of_a_person_is_in_it(
    capsys: pytest.CaptureFixture[str], client: FlaskClient, street: None, akismet: AkismetServer, mode: str
) -> None:
    akismet.says(mode)
    receipt = _visit(client)
    written = "".join(capsys.readouterr())
    assert written.count('"event": "request"') >= 7
    assert [name for name, value in (PLANTED | {"receipt": receipt, "akismet": KEY}).items() if value in written] == []


def test_each_line_is_a_json_object_with_the_route(
    capsys: pytest.CaptureFixture[str], client: FlaskClient, street: None
) -> None:
    _visit(client)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    routes = {line["route"] for line in lines if line["event"] == "request"}
    assert {"/reports", "/posts/<slug>/comments", "/reports/<receipt>", "-"} <= routes
    assert all({"request", "status", "ms", "level", "timestamp"} <= line.keys() for line in lines if "route" in line)


def test_the_counter_that_open_pages_ask_for_makes_no_noise(
    capsys: pytest.CaptureFixture[str], client: FlaskClient
) -> None:
    for _ in range(5):
        client.get("/counter.json")
    assert "request" not in capsys.readouterr().err


def test_the_limits_know_no_address(app: Flask, client: FlaskClient, street: None) -> None:
    _visit(client)
    files = [path for path in Path(app.instance_path).iterdir() if path.name.startswith("limits")]
    assert files
    for file in files:
        assert PLANTED["address"].encode() not in file.read_bytes(), file.name


@pytest.fixture
def folder(app: Flask) -> Iterator[Path]:
    """Logs that are kept, as `flask serve` keeps them."""
    found = Path(app.instance_path) / logs.FOLDER
    logs.keep_in(found)
    yield found
    logs.configure()


def test_lines_are_kept_a_file_a_day_and_hold_nobody(client: FlaskClient, street: None, folder: Path) -> None:
    receipt = _visit(client)
    (file,) = folder.iterdir()
    assert file.name == f"{clock.today().isoformat()}.jsonl"
    assert file.stat().st_mode & 0o777 == 0o600
    kept = file.read_text("utf-8")
    assert [line for line in kept.splitlines() if json.loads(line)["event"] == "request"]
    for planted in (*PLANTED.values(), receipt):
        assert planted not in kept


def test_lines_of_many_writers_do_not_break_each_other(folder: Path) -> None:
    def write(number: int) -> None:
        for _ in range(50):
            structlog.get_logger().info("said", number=number, padding="x" * 300)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    lines = [json.loads(line) for file in folder.iterdir() for line in file.read_text("utf-8").splitlines()]
    assert Counter(line["number"] for line in lines) == dict.fromkeys(range(8), 50)


def test_a_disk_that_fails_fails_no_request(client: FlaskClient, folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("a file where the folder was")
    assert client.get("/healthz").status_code == 200
