"""What reporters must be able to rely on: planted values are looked for in all that the site shows, sends and logs."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.extensions import db
from app.kit import clock
from app.mail.models import Letter
from app.reports.jobs import ask_follow_up_questions
from app.reports.models import TextState
from tests.cast import letters_to, make_owner, within
from tests.reports.receipts import change, do, row
from tests.reports.telling import JSON, URL, said, with_key
from tests.web.street import addresses, furnish, is_public

FROM = "203.0.113.77"
PLANTED = {
    "words": "Am Zwiebelturm steht mein Telefon still",
    "place": "Hinterm  zwiebelTURM",
    "hotline": "Sie sagten: Zwiebel",
    "device": "Zwiebelofon",
    "district": "Zwiebelviertel",
    "email": "zoe@zwiebel.example",
    "agent": "Zwiebelbrowser/7",
    "key": "zwiebel-key-0123456789",
}
AT = datetime(2026, 3, 4, 15, 26, 53, 589793, tzinfo=UTC)
SECONDS = ("15:26:53", "16:26:53", "152653", "1772637", "589793")  # in UTC, in Berlin, in one piece, since 1970, micro


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    return environ | {"EINZELFALL_TRUSTED_PROXIES": "1"}


@pytest.fixture
def secrets(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """One report that uses all that its receipt can do; what must be found nowhere, by name."""
    headers = JSON | {"User-Agent": PLANTED["agent"], "X-Forwarded-For": FROM}
    monkeypatch.setattr(clock, "now", lambda: AT)
    told = {name: PLANTED[name] for name in ("place", "hotline", "device", "district")} | {"text": PLANTED["words"]}
    code = said(client.post(URL, data=with_key(PLANTED["key"], **told), headers=headers))["receipt"]
    for deed in ("follow-ups", "contact", "corrections"):
        sent = (
            with_key(**told, since="days") if deed == "corrections" else {"answer": "same", "email": PLANTED["email"]}
        )
        assert client.post(f"{URL}/{code}/{deed}", data=sent, headers=headers).status_code == 200
    monkeypatch.undo()
    nonce = getattr(row(app, code), "nonce", b"")
    hidden = {"receipt": code, "bare receipt": code.replace("-", ""), "nonce": nonce.hex(), "address": FROM}
    return hidden | PLANTED | {f"second as {second}": second for second in SECONDS}


def found_in(text: str, secrets: dict[str, str], *, but: tuple[str, ...] = ()) -> list[str]:
    plain = " ".join(text.split())
    return [name for name, value in secrets.items() if name not in but and " ".join(value.split()) in plain]


def public_answers(app: Flask, client: FlaskClient, values: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Everything a stranger can read, in both languages; the pages of other people's receipts are among it."""
    for endpoint, address in addresses(app, values).items():
        for lang in ("de", "en"):
            answer = client.get(f"{address}{'&' if '?' in address else '?'}lang={lang}")
            yield endpoint, f"{answer.headers}\n{answer.get_data(as_text=True)}"


def test_no_page_or_feed_tells_what_was_told_in_confidence(
    app: Flask, client: FlaskClient, secrets: dict[str, str]
) -> None:
    values = furnish(app, client)
    seen = {endpoint: found_in(text, secrets) for endpoint, text in public_answers(app, client, values)}
    assert {endpoint: names for endpoint, names in seen.items() if names} == {}
    assert len([endpoint for endpoint in seen if is_public(endpoint)]) > 15
    change(app, secrets["receipt"], lambda report: report.decide_text(TextState.RELEASED))
    shown = {name for _, text in public_answers(app, client, values) for name in found_in(text, secrets)}
    assert shown <= {"words", "place"}, "released words stand with the place as it was typed"
    assert "words" in shown, "the search finds what is there"


def test_the_owner_reads_what_nobody_else_can(client: FlaskClient, secrets: dict[str, str]) -> None:
    """The other half of the proof: the same search finds the values where they belong."""
    page = client.get(f"{URL}/{secrets['receipt']}").text
    assert {"receipt", "words", "place", "device", "hotline", "district"} == set(found_in(page, secrets))
    exported = client.get(f"{URL}/{secrets['receipt']}/export.json").text
    assert "nonce" in found_in(exported, secrets)
    for text in (page, exported):
        assert not {"email", "address", "agent", "key"} & set(found_in(text, secrets))
        assert not [name for name in found_in(text, secrets) if name.startswith("second")]


def test_no_export_holds_receipt_nonce_or_second(
    app: Flask, client: FlaskClient, runner: FlaskCliRunner, tmp_path: Path, secrets: dict[str, str]
) -> None:
    file = tmp_path / "reports.jsonl"
    done = runner.invoke(args=["reports", "export", str(file)])
    assert done.exit_code == 0
    text = file.read_text("utf-8")
    assert json.loads(text)["text"] == PLANTED["words"], "the team's own export holds what was told"
    kept = ("words", "place", "hotline", "device", "district")
    assert found_in(text + done.output, secrets, but=kept) == []


def test_letters_to_others_and_the_desk_tell_nothing_but_what_is_to_be_decided(
    app: Flask, client: FlaskClient, secrets: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = make_owner(app)
    within(app, lambda: Letter.write(owner.email, "Grüße", "Ein Brief."))
    monkeypatch.setattr(clock, "now", lambda: AT.replace(month=5))
    with app.app_context():
        ask_follow_up_questions.now()
    own = letters_to(app, PLANTED["email"])
    assert len(own) == 1
    assert found_in(own[0], secrets, but=("email",)) == []
    assert found_in("".join(letters_to(app, owner.email)), secrets) == []


def test_no_line_of_the_log_tells_anything(
    capsys: pytest.CaptureFixture[str], app: Flask, client: FlaskClient, secrets: dict[str, str]
) -> None:
    for path in ("", "/export.json", "/reminder.ics", "/corrections/new"):
        client.get(f"{URL}/{secrets['receipt']}{path}")
    client.post("/reports/find", data={"code": secrets["receipt"]})
    do(client, secrets["receipt"], "withdrawals")
    with app.app_context():
        ask_follow_up_questions.now()
    logged = "".join(capsys.readouterr())
    assert logged.count('"event": "request"') >= 9
    assert found_in(logged, secrets) == []
    lines = [line for line in logged.splitlines() if '"POST"' in line or "<receipt>" in line]
    assert len(lines) >= 6
    times = [json.loads(line)["timestamp"] for line in lines]
    assert all(len(at) == len("2026-03-04T15:26Z") for at in times), "beside the ledger a second tells"


def test_nothing_in_the_instance_tells_when_who_or_by_which_code(app: Flask, secrets: dict[str, str]) -> None:
    """What is on disk: the nonce, the words and the address asked for are there on purpose, the rest is not."""
    with app.app_context():
        db.engine.dispose()
    on_purpose = {"words", "place", "hotline", "device", "district", "email"}
    for file in (path for path in Path(app.instance_path).rglob("*") if path.is_file()):
        raw = file.read_bytes().decode("utf-8", "replace")
        assert set(found_in(raw, secrets)) <= on_purpose, file.name
