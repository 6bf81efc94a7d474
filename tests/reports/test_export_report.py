"""The file to take along: all that is kept of a report, with what proves that the ledger covers it."""

import hashlib
import json
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.reports.receipts import STATES, do, row, tell
from tests.reports.telling import URL

NAMES = {
    "state", "reason", "number", "entry", "commitment_entry", "commitment", "nonce", "record", "told_at",
    "follow_ups", "verify", "handover", "promise_answers",
}  # fmt: skip


def export(client: FlaskClient, code: str) -> dict[str, Any]:
    answer = client.get(f"{URL}/{code}/export.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=report")
    assert code not in answer.headers["Content-Disposition"]
    found: dict[str, Any] = json.loads(answer.data)
    return found


def sealed(exported: dict[str, Any]) -> str:
    """What the record and the nonce come to, computed as a stranger would."""
    text = json.dumps(exported["record"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(bytes.fromhex(exported["nonce"]) + text.encode()).hexdigest()


def test_it_proves_itself_against_the_public_ledger(app: Flask, client: FlaskClient) -> None:
    codes = {where: make(app) for where, make in STATES.items()}
    lines = [json.loads(line) for line in client.get("/ledger/entries").text.splitlines()]
    for where, code in codes.items():
        exported = export(client, code)
        assert set(exported) == NAMES
        if where in {"held", "refused", "withdrawn while held"}:
            assert (exported["entry"], exported["commitment_entry"], exported["commitment"]) == (None, None, None)
        else:
            assert sealed(exported) == exported["commitment"] == lines[exported["commitment_entry"]]["commitment"]


def test_it_holds_what_was_told_and_said_since(app: Flask, client: FlaskClient) -> None:
    code = STATES["counted"](app)
    do(client, code, "follow-ups", {"answer": "worse"})
    do(client, code, "corrections")
    exported, report = export(client, code), row(app, code)
    assert report
    assert exported["record"] == report.as_told().record()
    assert (exported["state"], exported["number"], exported["entry"], exported["commitment_entry"]) == (
        "counted", 1, 0, 1,
    )  # fmt: skip
    assert [said["answer"] for said in exported["follow_ups"]] == ["worse"]
    assert exported["told_at"] == f"{report.told_at:%Y-%m-%dT%H:%MZ}"
    assert sealed(exported) == exported["commitment"]


def test_umlauts_and_odd_characters_stay_readable(client: FlaskClient) -> None:
    code = tell(client, place="Köln", text='„Größe“ \\ " 📵')
    answer = client.get(f"{URL}/{code}/export.json")
    assert "Köln" in answer.get_data(as_text=True)
    assert sealed(json.loads(answer.data)) == json.loads(answer.data)["commitment"]
