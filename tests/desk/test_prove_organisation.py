"""An organisation proves that it is the one: asked at the desk, looked for outside, told to readers in words."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.pool import QueuePool

from app.extensions import db
from app.kit import clock
from app.ledger.models import Entry
from app.people.checking import check_due
from app.people.models import Member, Organisation
from app.people.models.proof import Method, Proof
from tests.cast import (
    EDA,
    GABI,
    VERA,
    SignedIn,
    make_comment,
    make_editor,
    make_guest,
    make_organisation,
    make_other_guest,
    make_post,
    read_posts,
    sign_in,
    within,
)
from tests.conftest import At
from tests.kit.outsiders import Outsiders, closed_port, dripping, huge, outsiders, page
from tests.ledger.telling import faults
from tests.page import Page, Pages

DAY = 24 * 60  # minutes
HOST, RECORD = "o2.example", "_einzelfall.o2.example"
DESK, PUBLIC = "/desk/organisations/o2", "/organisations/o2"
CALL = {"number": "+49 89 1234-0", "source": "Impressum von o2.example", "role": "Leiterin der Pressestelle"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture
def there(app: Flask, folder: Path) -> Iterator[Outsiders]:
    """The outside, with O2's servers in it; the site takes this machine for the internet."""
    with outsiders(folder, 1.0) as made:
        made.serve(HOST, page("nothing yet"))
        app.extensions["outside"] = made.outside()
        yield made


def asked(app: Flask, eda: SignedIn, method: str = "file") -> Proof:
    make_guest(app)
    assert eda.post(f"{DESK}/proofs", {"domain": HOST, "method": method}).status_code == 303
    return proof(app)


def proof(app: Flask) -> Proof:
    with app.app_context():
        return db.session.scalars(select(Proof).order_by(Proof.id.desc())).all()[0]


def look(app: Flask, there: Outsiders | None = None) -> None:
    """The hourly job."""
    with app.app_context():
        check_due(there.outside() if there else app.extensions["outside"])


def publish(there: Outsiders, one: Proof) -> None:
    there.serve(HOST, page(f"# of the press office\n  {one.words}  \n"))
    there.dns.zone[RECORD, "TXT"] = ["something else", one.words]


def look_now(eda: SignedIn, one: Proof) -> None:
    assert eda.post(f"{DESK}/proofs/{one.id}/checks").status_code == 303


def proven(app: Flask, eda: SignedIn, there: Outsiders, method: str = "file") -> Proof:
    one = asked(app, eda, method)
    publish(there, one)
    look_now(eda, one)
    assert proof(app).state == "proven"
    return one


def readers_see(app: Flask) -> str:
    return Pages(app.test_client()).open(PUBLIC).text


def told(app: Flask) -> list[str]:
    """What the ledger says of organisations."""
    with app.app_context():
        assert faults() == []
        kinds = db.session.scalars(select(Entry.kind).order_by(Entry.seq))
        return [kind.value for kind in kinds if kind.value.startswith("organisation-")]


def test_who_never_proved_anything_keeps_the_words_of_today(app: Flask) -> None:
    make_guest(app)
    with app.app_context():
        organisation = Organisation.of("o2")
        assert organisation
        organisation.is_vouched_for_by(GABI)
        db.session.commit()
    words = readers_see(app)
    assert "Code" in words
    assert "Nachweis" not in words


@pytest.mark.parametrize(("method", "where"), [("file", f"https://{HOST}/.well-known/einzelfall.txt"), ("dns", RECORD)])
def test_instructions_are_exact_and_what_they_ask_for_is_found(
    app: Flask, eda: SignedIn, there: Outsiders, method: str, where: str
) -> None:
    one = asked(app, eda, method)
    codes = [each.text for each in eda.page(DESK).main.all("code")]
    assert codes == [where, one.words]
    look_now(eda, one)
    assert "noch nicht gefunden" in readers_see(app)
    assert told(app) == []
    publish(there, one)
    look_now(eda, one)
    words = readers_see(app)
    assert where in words
    assert "Nachgewiesen am" in words
    assert "Zuletzt gefunden am" in words
    assert told(app) == ["organisation-proven"]


BAD = {
    "wrong words": (page("einzelfall-verification=other"), "etwas anderes"),
    "redirect": (page("", "301 Moved", "Location: https://www.o2.example/"), "führt weiter"),
    "404": (page("", "404 Not Found"), "nicht ausgeliefert"),
    "10 GB": (huge(10), "weit mehr als eine Zeile"),
    "dripping": (dripping(8), "nach fünf Sekunden"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_as_asked_proves_nothing_and_the_page_says_why(
    app: Flask, eda: SignedIn, there: Outsiders, what: str
) -> None:
    answer, words = BAD[what]
    one = asked(app, eda)
    there.serve(HOST, answer)
    look_now(eda, one)
    assert words in readers_see(app)
    assert words in eda.page(DESK).text
    assert (proof(app).state, told(app)) == ("asked", [])


def test_a_private_address_is_not_asked_and_the_page_says_so(app: Flask, eda: SignedIn, there: Outsiders) -> None:
    one = asked(app, eda)
    publish(there, one)
    app.extensions["outside"] = there.outside(rule=lambda _address: False)
    look_now(eda, one)
    assert "keine öffentliche Adresse" in readers_see(app)
    assert there.web
    assert there.web.asked == []


def test_a_name_that_is_bound_anew_is_looked_at_where_it_was_checked(
    app: Flask, eda: SignedIn, there: Outsiders
) -> None:
    one = asked(app, eda)
    publish(there, one)
    answers = iter([["127.0.0.1"]])
    there.dns.zone[HOST, "A"] = lambda: next(answers, ["10.0.0.1"])
    look_now(eda, one)
    assert proof(app).state == "proven"
    look_now(eda, one)
    assert (proof(app).state, proof(app).checked_as) == ("failing", "private")


@pytest.mark.usefixtures("post")
def test_gone_for_a_week_it_counts_and_the_page_says_until_when(
    app: Flask, eda: SignedIn, there: Outsiders, at: At
) -> None:
    proven(app, eda, there)
    there.serve(HOST, page("", "404 Not Found"))
    at(6 * DAY)
    look(app)
    assert proof(app).state == "proven"  # its turn is once a week
    at(8 * DAY)
    look(app)
    words = readers_see(app)
    assert "fehlt seit" in words
    assert "Ist es bis" in words
    assert "Was O2 nachweist, fehlt" in SignedIn(app, EDA).page("/desk/").text
    assert told(app) == ["organisation-proven", "organisation-failing"]
    at(15 * DAY)
    look(app)
    assert proof(app).state == "failing"
    assert answer_of(app, SignedIn(app, GABI)) == 303


def answer_of(app: Flask, gabi: SignedIn) -> int:
    return gabi.post(f"/desk/comments/{make_comment(app).id}/answer", {"text": "Ab Montag."}).status_code


@pytest.fixture
def post(app: Flask, posts: Path) -> None:
    make_post(posts)
    read_posts(app)


@pytest.mark.usefixtures("post")
def test_after_the_grace_it_lapses_nobody_writes_and_old_words_say_until_when(
    app: Flask, eda: SignedIn, there: Outsiders, at: At
) -> None:
    one = proven(app, eda, there)
    make_comment(app, by=within(app, lambda: Member.of(GABI)))
    there.serve(HOST, page("", "404 Not Found"))
    for day in (8, 23):
        at(day * DAY)
        look(app)
    words = readers_see(app)
    assert "Dieser Nachweis endete am" in words
    assert "kann niemand für" in words
    assert told(app)[1:] == ["organisation-failing", "organisation-lapsed"]
    gabi = SignedIn(app, GABI)
    refused = gabi.post(f"/desk/comments/{make_comment(app).id}/answer", {"text": "Ab Montag <b>."})
    assert refused.status_code == 403
    assert Page(refused.text, DESK).form("text").values["text"] == "Ab Montag <b>."
    assert "verifiziert bis" in app.test_client().get("/posts/netz").text
    publish(there, one)
    look_now(gabi, one)
    assert proof(app).state == "lapsed"  # what has been public for long brings nothing back
    assert proof(app).words in gabi.page(DESK).html
    publish(there, proof(app))
    look_now(gabi, one)
    assert answer_of(app, gabi) == 303
    assert "verifiziert bis" not in app.test_client().get("/posts/netz").text
    assert told(app)[3:] == ["organisation-proven"]


@pytest.mark.usefixtures("post")
def test_our_own_network_ends_no_proof_however_long_it_is_down(
    app: Flask, eda: SignedIn, there: Outsiders, at: At
) -> None:
    proven(app, eda, there)
    app.extensions["outside"] = there.outside(port=closed_port())
    for day in (8, 16, 24, 60):
        at(day * DAY)
        look(app)
    words = readers_see(app)
    assert "nicht erreichbar" in words
    assert "es gilt weiter" in words
    assert told(app) == ["organisation-proven"]
    assert answer_of(app, SignedIn(app, GABI)) == 303


def test_where_no_name_at_all_is_found_the_fault_is_ours(app: Flask, eda: SignedIn, there: Outsiders, at: At) -> None:
    """A resolver of ours that denies everything says the same of all of them; of one alone it is believed."""
    proven(app, eda, there, "dns")
    make_organisation(app)
    with app.app_context():
        other = Organisation.of("vodafone")
        assert other
        made = Proof.ask(other, Method.DNS, "vodafone.example")
        made.found()
        db.session.commit()
    there.dns.zone.clear()
    at(8 * DAY)
    look(app, there)
    assert "organisation-failing" not in told(app)
    publish(there, proof_of(app, "o2"))
    at(16 * DAY)
    look(app, there)
    assert [proof_of(app, slug).state for slug in ("o2", "vodafone")] == ["proven", "failing"]


def proof_of(app: Flask, slug: str) -> Proof:
    with app.app_context():
        organisation = Organisation.of(slug)
        assert organisation
        return Proof.of(organisation)[0]


def test_no_transaction_is_open_while_the_outside_is_asked(app: Flask, eda: SignedIn, there: Outsiders) -> None:
    one = asked(app, eda)
    seen: list[bool] = []
    with app.app_context():
        pool = db.engine.pool
        assert isinstance(pool, QueuePool)

    def answer(send: object) -> None:
        seen.append(pool.checkedout() > 0)
        page(one.words)(send)  # type: ignore[arg-type]  # as the server hands it over

    there.serve(HOST, answer)
    look_now(eda, one)
    assert (seen, proof(app).state) == ([False], "proven")


def when(minutes: float = 0) -> str:
    return f"{(clock.now() + timedelta(minutes=minutes)).astimezone(clock.BERLIN):%Y-%m-%dT%H:%M}"


def test_two_editors_who_call_prove_and_each_call_is_told(app: Flask, eda: SignedIn) -> None:
    make_guest(app)
    assert eda.post(f"{DESK}/calls", {**CALL, "called_at": when(-5)}).status_code == 303
    words = readers_see(app)
    assert "+49 89 1234-0" in words
    assert "Leiterin der Pressestelle" in words
    assert "Ein Anruf ist noch kein Nachweis" in words
    assert told(app) == ["organisation-called"]
    other = sign_in(app, make_editor(app, "enno@campaign.example", "Enno"))
    assert other.post(f"{DESK}/calls", {**CALL, "called_at": when(-1)}).status_code == 303
    assert "Nachgewiesen am" in readers_see(app)
    assert told(app) == ["organisation-called", "organisation-called", "organisation-proven"]
    assert "Eda" not in readers_see(app)


def test_nobody_counts_twice_while_there_is_somebody_else(app: Flask, eda: SignedIn, at: At) -> None:
    make_guest(app)
    make_editor(app, "enno@campaign.example", "Enno")
    eda.post(f"{DESK}/calls", {**CALL, "called_at": when()})
    at(2 * DAY)
    again = eda.post(f"{DESK}/calls", {**CALL, "called_at": when()})
    assert again.status_code == 422
    page_again = Page(again.text, DESK)
    assert "eine andere Person der Redaktion" in page_again.text
    assert page_again.form("/calls").values["role"] == CALL["role"]
    assert told(app) == ["organisation-called"]


def test_an_only_editor_calls_twice_a_day_apart(app: Flask, eda: SignedIn, at: At) -> None:
    make_guest(app)
    eda.post(f"{DESK}/calls", {**CALL, "called_at": when(-3 * DAY)})
    early = eda.post(f"{DESK}/calls", {**CALL, "called_at": when()})  # a claim of long ago does not count as a day
    assert early.status_code == 422
    assert "24 Stunden" in early.text
    at(DAY - 1)
    assert eda.post(f"{DESK}/calls", {**CALL, "called_at": when()}).status_code == 422
    at(DAY + 1)
    assert eda.post(f"{DESK}/calls", {**CALL, "called_at": when()}).status_code == 303
    assert proof(app).state == "proven"


@pytest.mark.parametrize(
    "wrong", [{"number": "bei Anna"}, {"number": ""}, {"source": ""}, {"role": ""}, {"called_at": ""},
              {"called_at": "gestern"}, {"called_at": "2031-01-01T10:00"}, {"called_at": "2011-11-11T10:00"}]
)  # fmt: skip
def test_a_call_is_written_down_whole_or_not_at_all(app: Flask, eda: SignedIn, wrong: dict[str, str]) -> None:
    make_guest(app)
    refused = eda.post(f"{DESK}/calls", {**CALL, "called_at": when(), **wrong})
    assert refused.status_code == 422
    assert Page(refused.text, DESK).form("/calls").values["source"] == {**CALL, **wrong}["source"]
    assert told(app) == []


def test_calls_are_good_for_a_year(app: Flask, eda: SignedIn, at: At) -> None:
    make_guest(app)
    eda.post(f"{DESK}/calls", {**CALL, "called_at": when()})
    at(2 * DAY)
    eda.post(f"{DESK}/calls", {**CALL, "called_at": when()})
    at(300 * DAY)
    look(app)
    assert proof(app).state == "proven"
    at(368 * DAY)
    look(app)
    assert "älter als ein Jahr" in readers_see(app)
    at(383 * DAY)
    look(app)
    assert proof(app).state == "lapsed"


def test_an_editor_ends_a_proof_after_a_question(app: Flask, eda: SignedIn, there: Outsiders) -> None:
    one = proven(app, eda, there)
    path = f"{DESK}/proofs/{one.id}/ending"
    assert Page(eda.post(path).text, DESK).form("sure")
    assert eda.post(path, {"sure": "yes"}).status_code == 303
    assert "Nicht mehr verwendet seit" in readers_see(app)
    assert told(app) == ["organisation-proven", "organisation-ended"]


def test_the_same_is_not_asked_twice_and_only_of_its_own_domains(app: Flask, eda: SignedIn) -> None:
    asked(app, eda)
    assert eda.post(f"{DESK}/proofs", {"domain": HOST, "method": "file"}).status_code == 422
    assert eda.post(f"{DESK}/proofs", {"domain": "evil.example", "method": "file"}).status_code == 422
    assert eda.post(f"{DESK}/proofs", {"domain": HOST, "method": "call"}).status_code == 422


def test_guests_see_the_instructions_of_their_own_organisation_alone(app: Flask, eda: SignedIn) -> None:
    one = asked(app, eda)
    gabi = SignedIn(app, GABI)
    assert one.words in gabi.page(DESK).html
    assert not [form for form in gabi.page(DESK).forms if form.action.endswith(("/proofs", "/calls", "/ending"))]
    make_other_guest(app)
    vera = SignedIn(app, VERA)
    assert vera.get(DESK).status_code == 404
    assert vera.post(f"{DESK}/proofs/{one.id}/checks").status_code == 404
    assert vera.post(f"/desk/organisations/vodafone/proofs/{one.id}/checks").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_three_proofs_as_for_one(app: Flask, eda: SignedIn, count: int) -> None:
    asked(app, eda)

    def more() -> None:
        organisation = Organisation.of("o2")
        assert organisation
        for method in list(Method)[1:count]:
            Proof.ask(organisation, method, "" if method == Method.CALL else HOST)

    within(app, more)
    statements: list[str] = []
    with app.app_context():
        listener = lambda _c, _cur, said, *_rest: statements.append(said)  # noqa: E731 -- as SQLAlchemy wants it
        event.listen(db.engine, "before_cursor_execute", listener)
        Pages(app.test_client()).open(PUBLIC)
        event.remove(db.engine, "before_cursor_execute", listener)
    assert len([said for said in statements if "organisation_proof" in said]) == 1
    assert len([said for said in statements if "organisation_call" in said]) == 1
