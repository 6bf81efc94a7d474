"""What ends an organisation's proof, what keeps it, and that one organisation's answer never stops the others'."""

from pathlib import Path

import dns.resolver
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.extensions import db
from app.kit.outside import Outside, Unreachable
from app.people.models import Organisation
from app.people.models.proof import Method, Proof
from tests.cast import EDA, SignedIn, make_guest, make_organisation, within
from tests.conftest import At
from tests.desk.test_prove_organisation import (
    CALL,
    DAY,
    DESK,
    HOST,
    RECORD,
    folder,  # noqa: F401 -- a fixture
    look,
    look_now,
    proof,
    proof_of,
    proven,
    there,  # noqa: F401 -- a fixture
    told,
    when,
)
from tests.kit.outsiders import Outsiders, page
from tests.people.test_recount_lapses import faults

VODAFONE = "_einzelfall.vodafone.example"


def another(app: Flask, there: Outsiders) -> None:  # noqa: F811 -- the fixture
    """Vodafone, proven by a record."""
    make_organisation(app)

    def work() -> str:
        organisation = Organisation.of("vodafone")
        assert organisation
        made = Proof.ask(organisation, Method.DNS, "vodafone.example")
        made.found()
        return made.words

    there.dns.zone[VODAFONE, "TXT"] = [within(app, work)]


HOSTILE = ["https://[evil", "//[", "\x80\xff", "https://o2.example:99999999/"]


@pytest.mark.parametrize("whereto", HOSTILE)
def test_what_a_server_answers_stops_neither_its_own_look_nor_the_others(
    app: Flask,
    eda: SignedIn,
    there: Outsiders,  # noqa: F811 -- the fixture
    at: At,
    whereto: str,
) -> None:
    proven(app, eda, there)
    another(app, there)
    there.serve(HOST, page("", "301 Moved", f"Location: {whereto}"))
    there.dns.zone[VODAFONE, "TXT"] = ["gone"]
    at(8 * DAY)
    look(app)
    assert [proof_of(app, slug).state for slug in ("o2", "vodafone")] == ["failing", "failing"]
    look_now(SignedIn(app, EDA), proof_of(app, "o2"))


def test_a_look_that_breaks_is_noted_as_none_and_the_others_are_looked_for(
    app: Flask,
    eda: SignedIn,
    there: Outsiders,  # noqa: F811 -- the fixture
    at: At,
) -> None:
    proven(app, eda, there)
    another(app, there)
    within(app, lambda: db.session.execute(db.update(Proof).where(Proof.domain == HOST).values(domain="müller.de")))
    there.dns.zone[VODAFONE, "TXT"] = ["gone"]
    at(8 * DAY)
    look(app)
    assert [(one.state, one.checked_as) for one in (proof_of(app, "o2"), proof_of(app, "vodafone"))] == [
        ("proven", "away"),
        ("failing", "other-words"),
    ]


def test_a_machine_that_knows_of_no_resolver_knows_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dns.resolver, "default_resolver", None)
    monkeypatch.setattr(dns.resolver.Resolver.__init__, "__defaults__", (str(tmp_path / "resolv.conf"), True))
    with pytest.raises(Unreachable):
        Outside().texts(RECORD)


@pytest.mark.parametrize("domain", ["müller.de", "o2", "a..example", "-o2.example"])
def test_what_the_dns_cannot_hold_is_no_domain(app: Flask, runner: FlaskCliRunner, domain: str) -> None:
    words = ["people", "organisation", "mueller", "--name", "Müller", "--domain", domain, "--verified", "x"]
    found = runner.invoke(args=words)
    assert (found.exit_code, "xn--" in found.stderr) == (2, True)
    assert within(app, lambda: Organisation.of("mueller")) is None


def called(app: Flask, eda: SignedIn, at: At, *days: int) -> None:
    for day in days:
        at(day * DAY)
        assert SignedIn(app, EDA).post(f"{DESK}/calls", {**CALL, "called_at": when()}).status_code == 303, day


def states(app: Flask) -> list[str]:
    """The oldest first."""
    return within(app, lambda: [one.state.value for one in db.session.scalars(db.select(Proof).order_by(Proof.id))])


@pytest.mark.parametrize("day", [300, 368])  # while they count, and in their grace
def test_calls_are_repeated_without_a_lapse(app: Flask, eda: SignedIn, at: At, day: int) -> None:
    make_guest(app)
    called(app, eda, at, 0, 2)
    at(day * DAY)
    look(app)
    called(app, eda, at, day, day + 2)
    assert states(app) == ["ended", "proven"]
    assert [kind for kind in told(app) if kind != "organisation-called"][-2:] == [
        "organisation-proven",
        "organisation-ended",
    ]
    assert faults(app) == []
    at((day + 300) * DAY)
    look(app)
    assert states(app) == ["ended", "proven"]


def test_one_repeated_call_proves_nothing_and_the_grace_runs_on(app: Flask, eda: SignedIn, at: At) -> None:
    make_guest(app)
    called(app, eda, at, 0, 2)
    at(368 * DAY)
    look(app)
    called(app, eda, at, 369)
    at(383 * DAY)
    look(app)
    assert states(app) == ["lapsed", "asked"]
    called(app, eda, at, 384)
    assert states(app) == ["lapsed", "proven"]
    assert faults(app) == []


def test_what_was_missing_does_not_escape_its_lapse_by_being_away(
    app: Flask,
    eda: SignedIn,
    there: Outsiders,  # noqa: F811 -- the fixture
    at: At,
) -> None:
    one = proven(app, eda, there)
    there.serve(HOST, page("", "404 Not Found"))
    at(8 * DAY)
    look(app)
    there.serve(HOST, page("", "503 Unavailable"))
    at(21 * DAY)
    look(app)
    assert proof(app).state == "failing"
    at(23 * DAY)
    look(app)
    assert (proof(app).id, proof(app).state) == (one.id, "lapsed")
    assert faults(app) == []
