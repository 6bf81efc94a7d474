"""What something names stays: a release, a link, a sign-off, a proposal; and what nobody was shown stays private."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.drafts.models import Preview, Signoff, State
from app.extensions import db
from app.people.models import Member
from tests.cast import GERO, SignedIn, make_guest, sign_in, within
from tests.drafts.desk import begin, draft_of, hand_in, page_of, publish, release, review, revisions, save, says

ROOMS = ("", "/publication", "/revisions", "/page")


def autosave(who: SignedIn, path: str, **values: object) -> TestResponse:
    """What the page does by itself while somebody writes."""
    form = who.page(f"{path}?lang=en").form("body")
    answer = who.client.post(form.action, data=form.filled(**values), headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return answer


def make_link(who: SignedIn, path: str, which: str) -> str:
    form = who.page(f"{path}/previews?lang=en").form("which")
    assert who.client.post(form.action, data=form.filled(which=which)).status_code == 303
    links = who.page(f"{path}/previews?lang=en").links.values()
    return next(link for link in links if link.startswith("/previews/"))


def let_in(app: Flask, who: SignedIn, *, active: bool) -> None:
    def work() -> None:
        db.session.execute(db.update(Member).where(Member.email == who.email).values(active=active))
        db.session.commit()

    within(app, work)


@pytest.fixture
def lage(gabi: SignedIn) -> str:
    """A guest's draft; the path of its page."""
    path = begin(gabi, "Zur Lage im Netz")
    save(gabi, path, body="Nicht für euch.", authors="Gabi")
    save(gabi, path, body="Wir bauen aus.")
    return path


@pytest.fixture
def handed_in(gabi: SignedIn, lage: str) -> str:
    assert hand_in(gabi, lage).status_code == 303
    return lage


def ask(eda: SignedIn, path: str) -> None:
    form = eda.page(f"{review(path)}?lang=en").form("text")
    assert eda.client.post(form.action, data=form.filled(text="Seit wann?")).status_code == 303


def propose(eda: SignedIn, path: str) -> int:
    form = eda.page(f"{review(path)}/proposal?lang=en").form("note")
    answer = eda.client.post(form.action, data=form.filled(note="Klarer", body="Wir bauen überall aus."))
    assert answer.status_code == 303, answer.text
    return draft_of(eda.app, path).proposal or 0


def test_what_saved_itself_and_was_published_is_not_dropped_by_what_saves_itself_next(
    app: Flask, eda: SignedIn
) -> None:
    path = begin(eda, "Eigenes")
    save(eda, path, body="Eins.", authors="Eda")
    publish(eda, path)
    autosave(eda, path, body="Zwei.")
    assert publish(eda, path).status_code == 303
    released = draft_of(app, path).released
    autosave(eda, path, body="Drei.")
    autosave(eda, path, body="Vier.")
    assert released in [one.number for one in revisions(app, path)]
    assert [eda.get(path + room).status_code for room in ROOMS] == [200] * 4


def test_what_saved_itself_stays_once_somebody_saves_it(app: Flask, eda: SignedIn) -> None:
    path = begin(eda, "Eigenes")
    autosave(eda, path, body="Zwei.")
    save(eda, path)
    autosave(eda, path, body="Drei.")
    assert [one.source.splitlines()[-1] for one in revisions(app, path)][1:] == ["Zwei.", "Drei."]


def test_a_link_fixed_to_what_saved_itself_goes_on_to_show_it(app: Flask, gabi: SignedIn, client: FlaskClient) -> None:
    path = begin(gabi, "Neu")
    autosave(gabi, path, body="Eins.", authors="Gabi")
    link = make_link(gabi, path, "fixed")
    autosave(gabi, path, body="Zwei.")
    answer = client.get(link)
    assert answer.status_code == 200
    assert "Eins." in answer.text


def test_a_link_to_a_revision_that_is_not_there_says_that_it_is_gone(
    app: Flask, gabi: SignedIn, client: FlaskClient
) -> None:
    path = begin(gabi, "Neu")
    link = make_link(gabi, path, "fixed")

    def work() -> None:
        db.session.execute(db.update(Preview).values(revision=99))
        db.session.commit()

    within(app, work)
    assert client.get(link).status_code == 410


def test_a_link_ends_with_its_maker_s_membership(app: Flask, gabi: SignedIn, client: FlaskClient, lage: str) -> None:
    link = make_link(gabi, lage, "latest")
    assert client.get(link).status_code == 200
    gero = sign_in(app, make_guest(app, GERO, "Gero"))
    let_in(app, gabi, active=False)
    assert client.get(link).status_code == 410
    assert link not in gero.page(f"{lage}/previews?lang=en").links.values()


def test_editors_read_what_was_proposed_and_none_of_the_guests_own_revisions(
    app: Flask, gabi: SignedIn, eda: SignedIn, handed_in: str
) -> None:
    number = propose(eda, handed_in)
    own = [one.number for one in revisions(app, handed_in) if one.number != number]
    assert len(own) == 3
    assert {eda.get(f"{handed_in}/proposals/{one}").status_code for one in own} == {404}
    assert eda.get(f"{handed_in}/proposals/{number}").status_code == 200
    assert gabi.get(f"{handed_in}/proposals/{number}").status_code == 200


def test_a_draft_with_a_proposal_is_not_put_away_by_a_page_left_open(
    app: Flask, gabi: SignedIn, eda: SignedIn, handed_in: str
) -> None:
    number = propose(eda, handed_in)
    assert gabi.post(f"{handed_in}/discards", {"revision": draft_of(app, handed_in).current}).status_code == 303
    assert draft_of(app, handed_in).state is State.QUERIED
    assert gabi.post(f"{handed_in}/proposals/{number}/refusals").status_code == 303
    assert draft_of(app, handed_in).state is State.HANDED_IN


def test_who_was_away_while_the_words_changed_signs_the_new_ones(
    app: Flask, gabi: SignedIn, eda: SignedIn, handed_in: str
) -> None:
    ask(eda, handed_in)
    gero = sign_in(app, make_guest(app, GERO, "Gero"))
    let_in(app, gabi, active=False)
    form = gero.page(f"{handed_in}?lang=en").form("text")
    assert gero.client.post(form.action, data=form.filled(text="Seit Mai.")).status_code == 303
    assert save(gero, handed_in, body="Neue Worte.").status_code == 303
    let_in(app, gabi, active=True)
    assert within(app, lambda: Signoff.valid(draft_of(app, handed_in).id)) == []
    assert hand_in(SignedIn(app, gabi.email), handed_in).status_code == 303
    assert draft_of(app, handed_in).state is State.HANDED_IN


def test_a_sign_off_of_other_words_is_not_taken_for_one_of_these(app: Flask, gabi: SignedIn, lage: str) -> None:
    def work() -> list[str]:
        draft, who = draft_of(app, lage), db.session.scalars(db.select(Member).where(Member.email == gabi.email)).one()
        for words in ("a" * 64, "b" * 64, "b" * 64):
            Signoff.give(draft.id, draft.current, words, by=who)
        return [one.words_hash for one in Signoff.valid(draft.id)]

    assert within(app, work) == ["b" * 64]


def test_what_a_guest_writes_while_asked_is_not_shown_to_editors_until_it_is_handed_in(
    app: Flask, gabi: SignedIn, eda: SignedIn, handed_in: str
) -> None:
    ask(eda, handed_in)
    autosave(gabi, handed_in, title="Halb fertig", body="Unsigniert.")
    rooms = ("/desk/handed-in", review(handed_in), f"{review(handed_in)}/page", f"{handed_in}/signing")
    shown = [eda.get(room).text for room in rooms]
    assert not [room for room, page in zip(rooms, shown, strict=True) if "Halb fertig" in page or "Unsigniert" in page]
    assert all("Zur Lage im Netz" in page for page in shown)
    assert "Wir bauen aus." in shown[2]
    assert "Unsigniert." in gabi.get(f"{handed_in}/signing").text
    assert hand_in(gabi, handed_in).status_code == 303
    assert "Unsigniert." in eda.get(f"{review(handed_in)}/page").text


def test_a_proposal_for_a_post_that_was_taken_back_keeps_its_words_and_tells_nothing(
    gabi: SignedIn, eda: SignedIn, handed_in: str
) -> None:
    form = eda.page(f"{review(handed_in)}/proposal?lang=en").form("note")
    gabi.post(f"{handed_in}/withdrawals")
    save(gabi, handed_in, title="Geheim")
    sent = form.filled(note="Klarer", body="Langer Vorschlag.", title="Titel")
    answer = eda.client.post(form.action, data=sent)
    assert answer.status_code == 404
    assert "Langer Vorschlag." in answer.text
    assert "Geheim" not in answer.text
    assert "Langer Vorschlag." in eda.post("/desk/handed-in/no-such-post/proposals", dict(sent)).text


def test_a_proposal_beside_words_that_moved_on_keeps_its_words_and_can_be_sent_again(
    app: Flask, gabi: SignedIn, eda: SignedIn, handed_in: str
) -> None:
    form = eda.page(f"{review(handed_in)}/proposal?lang=en").form("note")
    gabi.post(f"{handed_in}/withdrawals")
    save(gabi, handed_in, body="Anders.")
    hand_in(gabi, handed_in)
    answer = eda.client.post(form.action, data=form.filled(note="Klarer", body="Langer Vorschlag."))
    assert answer.status_code == 409
    again = page_of(eda, answer, f"{review(handed_in)}/proposal").form("note")
    assert again.values["body"] == "Langer Vorschlag."
    assert eda.client.post(again.action, data=again.filled()).status_code == 303
    assert draft_of(app, handed_in).proposal


@pytest.mark.parametrize(("view", "field"), [("", "body"), ("&as=file", "source")])
def test_what_was_typed_while_a_colleague_put_the_draft_away_comes_back(
    app: Flask, eda: SignedIn, view: str, field: str
) -> None:
    path = begin(eda, "Eigenes")
    form = eda.page(f"{path}?lang=en{view}").form(field)
    eda.post(f"{path}/discards", {"revision": draft_of(app, path).current})
    answer = eda.client.post(form.action, data=form.filled(**{field: f"{form.values[field]}\nGetippt."}))
    assert answer.status_code == 409
    again = page_of(eda, answer, path).form(field)
    assert "Getippt." in again.values[field]
    eda.post(f"{path}/discards", {"revision": draft_of(app, path).current})
    assert eda.client.post(again.action, data=again.filled()).status_code == 303
    assert "Getippt." in says(app, path)


def test_a_preview_of_a_correction_ends_with_the_correction(
    app: Flask, eda: SignedIn, gabi: SignedIn, handed_in: str, client: FlaskClient
) -> None:
    assert release(eda, handed_in).status_code == 303
    assert gabi.post(f"{handed_in}/corrections", {"revision": draft_of(app, handed_in).current}).status_code == 303
    save(gabi, handed_in, body="Wir bauen nirgends aus.")
    link = make_link(gabi, handed_in, "fixed")
    assert "nirgends" in client.get(link).text
    assert gabi.post(f"{handed_in}/discards", {"revision": draft_of(app, handed_in).current}).status_code == 303
    assert client.get(link).status_code == 410
