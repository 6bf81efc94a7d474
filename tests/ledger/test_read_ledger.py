"""What the outside reads of the ledger: its lines, its checkpoints, its proofs, its page."""

import json
from base64 import b64decode
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.extensions import db
from app.kit import clock
from app.ledger import merkle
from app.ledger.models import Reason
from app.ledger.note import is_signed_by, read_checkpoint
from app.reports.models import Report, Told, erase
from app.web.headers import AGAIN, STREAMS
from tests.conftest import At
from tests.ledger.telling import HAMBURG, tell
from tests.page import Pages

SECRET = "Das steht nur im Bericht, nie im Protokoll."


@pytest.fixture
def told(on_each: Flask) -> Flask:
    """Five reports: one taken out and counted again, one corrected, one erased."""
    with on_each.app_context():
        reports = [tell(Told(symptoms=("no_data",), place="Hamburg", text=SECRET)) for _ in range(5)]
        reports[1].uncount(Reason.DUPLICATE)
        reports[1].recount()
        reports[2].correct(HAMBURG)
        erase(reports[3])
        db.session.commit()
        db.session.remove()
    return on_each


def lines(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    return [json.loads(line) for line in client.get(f"/ledger/entries{query}").text.splitlines()]


def leaves(client: FlaskClient) -> list[bytes]:
    return [bytes.fromhex(line["leaf"]) for line in lines(client)]


def test_its_lines_say_what_happened_and_nothing_of_anyone(told: Flask) -> None:
    client = told.test_client()
    said = [(one["seq"], one["kind"], one.get("reason"), one.get("subject")) for one in lines(client)]
    assert said == [
        *((seq, "counted", None, None) for seq in range(5)),
        (5, "uncounted", "duplicate", "entry:1"),
        (6, "recounted", None, "entry:1"),
        (7, "corrected", None, "entry:2"),
        (8, "uncounted", "erased", "entry:3"),
    ]
    text = client.get("/ledger/entries").text
    assert SECRET not in text
    assert "Hamburg" not in text
    assert all(len(one["minute"]) == len("2011-11-24T09:00Z") for one in lines(client))


def test_anybody_can_recompute_its_leaves_and_its_root(told: Flask) -> None:
    client, frontier = told.test_client(), merkle.Frontier.empty()
    for line in lines(client):
        leaf = line.pop("leaf")
        entry = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        assert merkle.leaf_hash(entry).hex() == leaf
        frontier, _ = frontier.push(bytes.fromhex(leaf))
    note = client.get("/ledger/checkpoint").text
    assert read_checkpoint(note)[1:] == (9, frontier.root(), 4)
    assert note.splitlines()[3] == "counter 4"
    assert b64decode(note.splitlines()[2]) == frontier.root()


def test_a_checkpoint_is_signed_by_the_published_key(told: Flask) -> None:
    client = told.test_client()
    note, key = client.get("/ledger/checkpoint").text, client.get("/ledger/key").text.strip()
    assert is_signed_by(note, key)
    assert not is_signed_by(note.replace("counter 4", "counter 5"), key)
    assert client.get("/ledger/checkpoint").text == note, "the same state is the same bytes"


def test_lines_come_in_pages(told: Flask) -> None:
    client = told.test_client()
    assert [one["seq"] for one in lines(client, "?from=2&to=4")] == [2, 3]
    assert [one["seq"] for one in lines(client, "?from=7")] == [7, 8]
    assert lines(client, "?from=9") == lines(client, "?from=4&to=4") == lines(client, "?from=5&to=2") == []
    assert len(lines(client, "?to=1000000000")) == 9


@pytest.mark.parametrize("query", ["from=x", "to=-1", "from=1.5", "from=٣", "to=99999999999999999999"])
def test_a_page_that_is_none_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/ledger/entries?{query}").status_code == 400


def test_every_entry_is_proven_to_be_in_every_later_root(told: Flask) -> None:
    client = told.test_client()
    hashes = leaves(client)
    for size in (1, 4, 9):
        for seq in range(size):
            proof = client.get(f"/ledger/inclusion?entry={seq}&size={size}").get_json()
            path, root = [bytes.fromhex(one) for one in proof["path"]], bytes.fromhex(proof["root"])
            assert merkle.is_included(hashes[seq], seq, size, path, root)
    assert client.get("/ledger/inclusion?entry=9&size=9").status_code == 404
    assert client.get("/ledger/inclusion?entry=0&size=10").status_code == 404


def test_each_state_is_proven_to_be_the_beginning_of_each_later_one(told: Flask) -> None:
    client = told.test_client()
    roots = dict.fromkeys((0,), merkle.EMPTY_ROOT)
    frontier = merkle.Frontier.empty()
    for size, leaf in enumerate(leaves(client), start=1):
        frontier, _ = frontier.push(leaf)
        roots[size] = frontier.root()
    for old in range(1, 10):
        for new in range(old, 10):
            proof = client.get(f"/ledger/consistency?from={old}&to={new}").get_json()
            path = [bytes.fromhex(one) for one in proof["path"]]
            assert merkle.is_consistent(old, roots[old], new, roots[new], path)
    assert client.get("/ledger/consistency?from=5&to=4").status_code == 404


def test_a_checkpoint_once_published_is_kept_word_for_word(
    told: Flask, runner: FlaskCliRunner, client: FlaskClient
) -> None:
    made = runner.invoke(args=["ledger", "checkpoint"])
    assert made.exit_code == 0
    assert made.output == client.get("/ledger/checkpoint").text
    with told.app_context():
        tell()
    assert client.get("/ledger/checkpoints/9").text == made.output
    assert client.get("/ledger/checkpoints/8").status_code == 404
    assert client.get("/ledger/checkpoint").text != made.output


def test_making_it_twice_makes_it_once(told: Flask, runner: FlaskCliRunner, pages: Pages) -> None:
    first, second = (runner.invoke(args=["ledger", "checkpoint"]).output for _ in range(2))
    assert first == second
    rows = pages.open("/ledger/").root.all("a")
    assert sum(row.get("href").startswith("/ledger/checkpoints/") for row in rows) == 1


def test_the_newest_checkpoint_stands_in_the_footer_and_the_feeds(
    told: Flask, runner: FlaskCliRunner, pages: Pages, client: FlaskClient
) -> None:
    assert "ledger" not in client.get("/feed.json").get_json(force=True)
    note = runner.invoke(args=["ledger", "checkpoint"]).output
    root = read_checkpoint(note).root.hex()
    assert any(root[:16] in element.text for element in pages.open("/?lang=en").with_class("checkpoint"))
    assert client.get("/feed.json").get_json(force=True)["_ledger"]["checkpoint"] == note
    assert note.splitlines()[2] in client.get("/feed.atom").text


def test_the_page_says_what_it_proves_and_what_not(told: Flask, pages: Pages) -> None:
    page = pages.open("/ledger/?lang=en")
    assert "What it does not prove" in page.text
    assert "each report comes from a real customer" in page.text
    assert {"/ledger/verify.py", "/ledger/entries", "/ledger/checkpoint"} <= {
        link.partition("?")[0] for link in page.links.values()
    }


def test_verifying_from_the_shell_names_size_counter_and_root(told: Flask, runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["ledger", "verify"])
    assert (done.exit_code, "9 entries, 4 reports" in done.output) == (0, True)


def test_reading_writes_nothing(told: Flask, client: FlaskClient) -> None:
    with told.app_context():
        before = db.session.execute(db.text("SELECT count(*), max(size) FROM ledger_checkpoint")).one()
    for path in ("/ledger/", "/ledger/checkpoint", "/ledger/entries", "/ledger/key", "/ledger/inclusion"):
        assert client.get(path).status_code == client.head(path).status_code == 200
    with told.app_context():
        assert db.session.execute(db.text("SELECT count(*), max(size) FROM ledger_checkpoint")).one() == before


def test_no_entry_is_older_than_the_one_before_it(app: Flask, at: At) -> None:
    """A clock that was set back does not date anything back."""
    with app.app_context():
        tell()
        at(-90)
        late = tell()
        assert late.committed
        assert late.committed.minute >= clock.minute() + timedelta(minutes=89)
        first: datetime = db.session.get_one(Report, 1).told_at
        assert late.committed.minute >= first


def test_few_read_all_of_it_at_once_and_the_next_one_comes_again(told: Flask) -> None:
    """Whoever reads slowly keeps a thread of the server."""
    reading = [told.test_client().get("/ledger/entries", buffered=False) for _ in range(STREAMS)]
    assert [answer.status_code for answer in reading] == [200] * STREAMS
    late = told.test_client().get("/ledger/entries")
    assert (late.status_code, int(late.headers["Retry-After"])) == (503, AGAIN)
    assert told.test_client().get("/").status_code == 200
    for answer in reading:
        answer.close()
    for _ in range(STREAMS + 1):
        assert told.test_client().head("/ledger/entries").status_code == 200
        assert len(lines(told.test_client())) > len(reading)
