"""What a first visit may cost, as it is sent: the home page of the demo with everything that it loads by itself."""

import re
from collections.abc import Iterator

import brotli
import pytest
from flask.testing import FlaskClient

from app import close_app, create_app
from app.config import Settings
from tests.elements import read
from tests.server import Server

KB = 1000
SMALL = 500  # bytes; less is not worth packing
PACKED = {"Accept-Encoding": "br, gzip"}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, loaded_demo: Server) -> Iterator[FlaskClient]:
    copy = loaded_demo.copied(tmp_path_factory.mktemp("budgets"))
    app = create_app(Settings.load(copy.environ))
    yield app.test_client()
    close_app(app)


@pytest.fixture(scope="module")
def sent(reader: FlaskClient) -> dict[str, dict[str, int]]:
    """Bytes of body of each file that the page loads by itself, by kind and address."""
    page = read(_body(reader, "/").decode())
    styles = [one["href"] for one in page.all("link") if one.get("rel") == "stylesheet"]
    scripts = [one["src"] for one in page.all("script") if one.get("src")]
    pictures = [one["src"] for one in page.all("img")] + [
        one["href"] for one in page.all("link") if one.get("rel") == "icon"
    ]
    kinds = {"html": ["/"], "css": styles, "js": _with_imports(reader, scripts), "pictures": pictures}
    return {kind: {one: _size(reader, one) for one in dict.fromkeys(names)} for kind, names in kinds.items()}


def _body(reader: FlaskClient, address: str) -> bytes:
    answer = reader.get(address, headers=PACKED)
    assert answer.status_code == 200, address
    is_packed = answer.headers.get("Content-Encoding") == "br"
    assert is_packed or len(answer.data) < SMALL, f"{address} is sent as it is"
    return bytes(brotli.decompress(answer.data)) if is_packed else answer.data


def _size(reader: FlaskClient, address: str) -> int:
    return len(reader.get(address, headers=PACKED).data)


def _with_imports(reader: FlaskClient, scripts: list[str]) -> list[str]:
    """The scripts, and what `reports.js` has ready before somebody presses the button: the outbox."""
    page = read(_body(reader, "/").decode())
    outbox = next(one["data-outbox"] for one in page.all("aside") if one.get("data-outbox"))
    for script in scripts:
        assert not re.search(rb"""^import |\bfrom\s+["']""", _body(reader, script), re.M), f"{script} imports more"
    return [*scripts, outbox]


@pytest.mark.parametrize(("kind", "budget"), [("html", 30), ("css", 12), ("js", 6)])
def test_the_first_page_is_as_small_as_promised(sent: dict[str, dict[str, int]], kind: str, budget: int) -> None:
    told = "\n".join(f"{size:6} {name}" for name, size in sent[kind].items())
    assert sent[kind], "the page loads none of these"
    assert sum(sent[kind].values()) <= budget * KB, told


def test_nothing_else_is_loaded(sent: dict[str, dict[str, int]]) -> None:
    assert sum(sent["pictures"].values()) <= KB
