"""What ends an organisation's proof, what keeps it, and that one organisation's answer never stops the others'."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import dns.resolver
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.extensions import db
from app.kit.outside import Outside, Unreachable
from app.ledger.models import Entry
from app.people.models import Decision, Member, Organisation
from app.people.models.proof import Method, NoProof, Proof
from tests.cast import EDA, GABI, SignedIn, make_editor, make_guest, make_organisation, sign_in, within
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
    publish,
    there,  # noqa: F401 -- a fixture
    told,
    when,
)
from tests.kit.outsiders import Outsiders, closed_port, page
from tests.page import Page
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


@pytest.fixture
def gone(app: Flask, eda: SignedIn, there: Outsiders) -> Proof:  # noqa: F811 -- the fixture
    """A proof whose file is no longer there."""
    one = proven(app, eda, there)
    there.serve(HOST, page("", "404 Not Found"))
    return one


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
    there: Outsiders,  # noqa: F811 -- the fixture
    gone: Proof,
    at: At,
) -> None:
    at(8 * DAY)
    look(app)
    there.serve(HOST, page("", "503 Unavailable"))
    at(21 * DAY)
    look(app)
    assert proof(app).state == "failing"
    at(23 * DAY)
    look(app)
    assert (proof(app).id, proof(app).state) == (gone.id, "lapsed")
    assert faults(app) == []


@pytest.mark.parametrize("count", [1, 2])
def test_records_that_are_gone_lapse_also_where_nobody_answers(
    app: Flask,
    eda: SignedIn,
    there: Outsiders,  # noqa: F811 -- the fixture
    at: At,
    count: int,
) -> None:
    """Records that surely exist are found: it is not our network that says no."""
    proven(app, eda, there, "dns")
    if count > 1:
        another(app, there)
    there.dns.zone.pop((RECORD, "TXT"))
    there.dns.zone.pop((VODAFONE, "TXT"), None)
    for day in (8, 23):
        at(day * DAY)
        look(app)
    assert set(states(app)) == {"lapsed"}


def test_one_alone_is_not_missing_while_our_resolver_denies_everything(
    app: Flask,
    eda: SignedIn,
    there: Outsiders,  # noqa: F811 -- the fixture
    at: At,
) -> None:
    proven(app, eda, there, "dns")
    zone = dict(there.dns.zone)
    there.dns.zone.pop((RECORD, "TXT"))
    at(8 * DAY)
    look(app)
    assert states(app) == ["failing"]
    there.dns.zone.clear()
    at(30 * DAY)
    look(app)
    assert states(app) == ["failing"]  # nobody knows whether it came back in time
    there.dns.zone.update(zone)
    at(32 * DAY)
    look(app)
    assert states(app) == ["proven"]


def test_a_resolver_that_denies_texts_alone_costs_no_proof_whatever_else_is_found(
    app: Flask,
    eda: SignedIn,
    there: Outsiders,  # noqa: F811 -- the fixture
    at: At,
) -> None:
    proven(app, eda, there)
    another(app, there)
    for name, kind in list(there.dns.zone):
        if kind == "TXT":
            there.dns.zone[name, kind] = []
    for day in (8, 23, 40):
        at(day * DAY)
        look(app)
    assert [proof_of(app, slug).state for slug in ("o2", "vodafone")] == ["proven", "proven"]
    assert (proof_of(app, "o2").checked_as, proof_of(app, "vodafone").checked_as) == (None, "no-name")


EVERYWHERE = {"rule": lambda address: address.startswith("127.")}
NOBODY = "127.0.0.9"  # where nobody listens


@pytest.mark.parametrize("how", ["every name leads there", "no way out"])
def test_what_was_missing_does_not_lapse_while_we_reach_nobody(
    app: Flask,
    there: Outsiders,  # noqa: F811 -- the fixture
    gone: Proof,
    at: At,
    how: str,
) -> None:
    at(8 * DAY)
    look(app)
    assert states(app) == ["failing"]
    publish(there, gone)
    zone = dict(there.dns.zone)
    if how == "no way out":
        app.extensions["outside"] = there.outside(port=closed_port())
    else:
        app.extensions["outside"] = there.outside(**EVERYWHERE)
        there.dns.zone.update({key: [NOBODY] for key in zone if key[1] == "A"})
    for day in (23, 40):
        at(day * DAY)
        look(app)
    assert states(app) == ["failing"]
    there.dns.zone.update(zone)
    app.extensions["outside"] = there.outside()
    at(42 * DAY)
    look(app)
    assert states(app) == ["proven"]


def test_what_was_missing_lapses_where_they_alone_do_not_answer(
    app: Flask,
    there: Outsiders,  # noqa: F811 -- the fixture
    gone: Proof,
    at: At,
) -> None:
    at(8 * DAY)
    look(app)
    app.extensions["outside"] = there.outside(**EVERYWHERE)
    there.dns.zone[HOST, "A"] = [NOBODY]
    at(21 * DAY)
    look(app)
    assert states(app) == ["failing"]
    at(23 * DAY)
    look(app)
    assert (proof(app).id, states(app)) == (gone.id, ["lapsed"])


def test_nobody_else_is_asked_while_nothing_depends_on_it(
    app: Flask,
    eda: SignedIn,
    there: Outsiders,  # noqa: F811 -- the fixture
    at: At,
) -> None:
    proven(app, eda, there)
    app.extensions["outside"] = there.outside(port=closed_port())
    at(8 * DAY)
    look(app)
    assert {name for name, _kind in there.dns.asked} == {HOST}
    assert (proof(app).state, proof(app).checked_as) == ("proven", "away")


def test_the_desk_is_told_of_what_nobody_could_look_for(
    app: Flask,
    eda: SignedIn,
    there: Outsiders,  # noqa: F811 -- the fixture
    at: At,
) -> None:
    proven(app, eda, there)
    there.serve(HOST, page("", "503 Unavailable"))
    for day, is_told in ((20, False), (22, True)):
        at(day * DAY)
        look(app)
        assert ("Bitte dort nachfragen" in SignedIn(app, EDA).page("/desk/").text) == is_told


def test_a_lapsed_proof_is_ended_for_good(
    app: Flask,
    there: Outsiders,  # noqa: F811 -- the fixture
    gone: Proof,
    at: At,
) -> None:
    for day in (8, 23):
        at(day * DAY)
        look(app)
    eda = SignedIn(app, EDA)
    assert eda.post(f"{DESK}/proofs/{gone.id}/ending", {"sure": "yes"}).status_code == 303
    assert states(app) == ["ended"]
    publish(there, proof(app))
    assert eda.post(f"{DESK}/proofs/{gone.id}/checks").status_code == 404
    assert faults(app) == []


def test_a_mailbox_alone_does_not_look(app: Flask, eda: SignedIn, there: Outsiders) -> None:  # noqa: F811
    one = proven(app, eda, there)
    at_mailbox = SignedIn(app, GABI, is_proven=False)
    before = proof(app).checked_at
    assert at_mailbox.post(f"{DESK}/proofs/{one.id}/checks").status_code == 403
    assert proof(app).checked_at == before


def test_looks_are_limited_by_member_not_by_network(app: Flask, eda: SignedIn) -> None:
    make_guest(app)
    path = f"{DESK}/proofs/9/checks"
    assert [eda.post(path).status_code for _ in range(21)] == [404] * 20 + [429]
    assert sign_in(app, make_editor(app, "enno@campaign.example", "Enno")).post(path).status_code == 404


def is_member(app: Flask, email: str) -> bool:
    found = within(app, lambda: Member.of(email))
    return found is not None and found.active


def test_a_removed_domain_takes_its_proof_and_its_people_along_after_a_question(
    app: Flask,
    eda: SignedIn,
    there: Outsiders,  # noqa: F811 -- the fixture
) -> None:
    proven(app, eda, there)
    path, data = f"{DESK}/verification", {"domains": "new.example", "verified_how": "Neu <b>."}
    asked = eda.post(path, data)
    assert [word in asked.text for word in (HOST, GABI)] == [True, True]
    assert states(app) == ["proven"]
    assert is_member(app, GABI)
    form = Page(asked.text, path).form("sure")
    assert form.values["verified_how"] == data["verified_how"]
    assert eda.post(path, {**data, "sure": "yes"}).status_code == 303
    assert states(app) == ["ended"]
    assert not is_member(app, GABI)
    assert within(app, lambda: proof_of(app, "o2").organisation.domains) == ["new.example"]
    assert within(app, lambda: db.session.scalar(db.select(Decision.id).where(Decision.deed == "revoked")))
    assert faults(app) == []


def test_calls_far_apart_or_by_who_edits_no_more_are_not_one_proof(app: Flask, eda: SignedIn, at: At) -> None:
    make_guest(app)
    called(app, eda, at, 0, 31)
    assert states(app) == ["ended", "asked"]
    called(app, eda, at, 40)
    assert states(app) == ["ended", "proven"]
    sign_in(app, make_editor(app, "enno@campaign.example", "Enno")).post(f"{DESK}/calls", {**CALL, "called_at": when()})
    within(app, lambda: db.session.scalars(db.select(Member).where(Member.first_name == "Enno")).one().revoke("left"))
    called(app, eda, at, 41)
    assert states(app) == ["ended", "proven", "ended", "asked"]


def test_the_ledger_calls_calls_as_the_proof_that_they_are(app: Flask, eda: SignedIn, at: At) -> None:
    make_guest(app)
    assert eda.post(f"{DESK}/proofs", {"domain": HOST, "method": "file"}).status_code == 303
    called(app, eda, at, 0, 2)
    with app.app_context():
        about = db.session.scalars(db.select(Entry.subject).where(Entry.subject.like("organisation:%"))).all()
    assert about == [f"organisation:o2/call/{proof(app).id}"] * 3


def test_long_domains_are_told_apart_in_the_ledger(app: Flask) -> None:
    long = ".".join(["a" * 60] * 3)
    domains = [f"{long}.{one}.example" for one in ("b", "c")]

    def work() -> set[str]:
        organisation = Organisation.found("long", "Long", domains, "x")
        return {Proof.ask(organisation, Method.FILE, one).subject for one in domains}

    assert len(within(app, work)) == 2


def test_two_at_once_end_one_proof_once_and_ask_for_it_once(on_each: Flask) -> None:
    make_guest(on_each)

    def together(work: object) -> list[bool]:
        start = Barrier(4)

        def click(_: int) -> bool:
            start.wait()
            try:
                within(on_each, work)  # type: ignore[arg-type]  # either deed
            except NoProof:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            return sorted(pool.map(click, range(4)))

    def ask() -> int:
        organisation = Organisation.of("o2")
        assert organisation
        return Proof.ask(organisation, Method.FILE, HOST).id

    assert together(ask) == [False, False, False, True]
    id_ = proof(on_each).id
    within(on_each, lambda: db.session.get_one(Proof, id_).found())
    assert together(lambda: db.session.get_one(Proof, id_).end()) == [False, False, False, True]
    assert told(on_each) == ["organisation-proven", "organisation-ended"]
