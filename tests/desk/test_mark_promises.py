"""Promises at the desk: marked in a post, told on, noted, taken back."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.kit import clock
from app.people.models import Decision
from app.promises.models import Event, Kind, Promise, story
from tests.cast import SignedIn, make_editor, make_moderator, make_other_guest, make_post, read_posts, sign_in, within
from tests.page import Page, Pages
from tests.promises.told import SENTENCE, SOURCE, make_event, make_guest_post, make_promise

NEW = "/desk/promises/new?post=lage&lang=en"
TOLD = {"deed": "claimed", "said_on": "2011-12-20", "words": "Alles ist erledigt.", "source": SOURCE}


@pytest.fixture(autouse=True)
def lage(app: Flask, posts: Path) -> str:
    return make_guest_post(app, posts)


@pytest.fixture
def promise(app: Flask) -> Promise:
    return make_promise(app, make_editor(app))


def deeds(app: Flask) -> list[str]:
    return [row.deed for row in within(app, lambda: list(db.session.scalars(db.select(Decision))))]


def lines(app: Flask) -> list[Event]:
    return within(app, lambda: list(db.session.scalars(db.select(Event).order_by(Event.id))))


def story_page(who: SignedIn, promise: Promise) -> Page:
    return who.page(f"/desk/promises/{promise.slug}?lang=en")


def test_a_sentence_is_chosen_from_the_post_and_a_day_proposed_before_it_is_marked(app: Flask, eda: SignedIn) -> None:
    posts = eda.page("/desk/promises/new?lang=en")
    assert any(link.startswith("/desk/promises/new?post=lage") for link in posts.links.values())
    page = eda.page(NEW)
    offered = [radio["value"] for radio in page.root.all("input") if radio.get("type") == "radio"]
    assert offered[2:4] == [SENTENCE, "Das kostet z. B. in Berlin viel Geld."]
    typed = {"sentence": SENTENCE, "kind": "capacity", "areas": "Hamburg\nBayern; Berlin Kreuzberg"}
    typed |= {"due_words": "in den nächsten Monaten", "translation": "We extend the network."}
    form = page.form("sentence")
    asked = Pages(eda.client).read(eda.client.post(form.action, data=form.filled(**typed)), form.action)
    assert within(app, Promise.all_listed) == []
    again = asked.form("sentence")
    assert again.values["due_on"] == "2012-02-29"
    assert again.lists["sentence"] == [SENTENCE]
    answers = [eda.client.post(again.action, data=again.filled(due_on="2012-03-31")) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert answers[0].location == answers[1].location
    (made,) = within(app, Promise.all_listed)
    assert (made.kind, made.due_on, made.translation) == (Kind.CAPACITY, date(2012, 3, 31), "We extend the network.")
    assert made.areas[:2] == ["02000000", "09"]
    assert made.areas[2].startswith("11000000/")
    assert deeds(app) == ["promise-marked"]


def test_a_day_is_proposed_anew_for_other_words_but_a_person_s_own_day_stands(app: Flask, eda: SignedIn) -> None:
    form = eda.page(NEW).form("sentence")
    first = form.filled(sentence=SENTENCE, kind="other", due_words="im kommenden Jahr")
    asked = Pages(eda.client).read(eda.client.post(form.action, data=first), form.action).form("sentence")
    corrected = asked.filled(due_words="noch in diesem Jahr")
    again = Pages(eda.client).read(eda.client.post(asked.action, data=corrected), asked.action).form("sentence")
    assert (asked.values["due_on"], again.values["due_on"]) == ("2012-12-31", "2011-12-31")
    assert within(app, Promise.all_listed) == []
    own = again.filled(due_words="bald", due_on="2012-05-01")
    assert eda.client.post(again.action, data=own).status_code == 303
    (made,) = within(app, Promise.all_listed)
    assert (made.due_words, made.due_on) == ("bald", date(2012, 5, 1))


def test_a_day_is_proposed_anew_when_a_postponement_was_said_on_another_day(
    app: Flask, eda: SignedIn, promise: Promise
) -> None:
    form = story_page(eda, promise).form("/events")
    sent = form.filled(**TOLD | {"deed": "postponed", "due_words": "im kommenden Jahr"})
    asked = Pages(eda.client).read(eda.client.post(form.action, data=sent), form.action).form("/events")
    sent = asked.filled(said_on="2012-01-10")
    again = Pages(eda.client).read(eda.client.post(form.action, data=sent), form.action).form("/events")
    assert (asked.values["due_on"], again.values["due_on"]) == ("2012-12-31", "2013-12-31")
    assert lines(app) == []
    assert eda.client.post(again.action, data=again.filled()).status_code == 303


def test_words_without_a_day_are_asked_about_once_and_never_overdue(app: Flask, eda: SignedIn) -> None:
    form = eda.page(NEW).form("sentence")
    first = form.filled(sentence=SENTENCE, kind="other", due_words="bald")
    asked = Pages(eda.client).read(eda.client.post(form.action, data=first), form.action).form("sentence")
    assert asked.values["due_on"] == ""
    assert eda.client.post(asked.action, data=asked.filled()).status_code == 303
    (made,) = within(app, Promise.all_listed)
    assert (made.due_words, made.due_on) == ("bald", None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"areas": "Hamburg\nNirgendheim"}, "areas"),
        ({"areas": "Neustadt"}, "areas"),
        ({"kind": "", "areas": "Hamburg"}, "kind"),
        ({"kind": "miracle"}, "kind"),
        ({"sentence": "Wir versprechen alles."}, "sentence"),
        ({"sentence": ""}, "sentence"),
        ({"due_on": "31.3.2012"}, "due_on"),
        ({"due_on": "2011-01-01"}, "due_on"),
        ({"due_words": "x" * 121, "due_on": "2012-01-01"}, "due_words"),
    ],
)
def test_a_refused_mark_keeps_every_value_and_names_the_field(
    app: Flask, eda: SignedIn, wrong: dict[str, str], field: str
) -> None:
    form = eda.page(NEW).form("sentence")
    sent = form.filled(**({"sentence": SENTENCE, "kind": "wifi", "translation": "We extend."} | wrong))
    page = Pages(eda.client).read(eda.client.post(f"{form.action}", data=sent), form.action, 422)
    kept = page.form("kind")
    assert {name: kept.values.get(name, "") for name in wrong if name not in {"sentence"}} == {
        name: value for name, value in wrong.items() if name != "sentence"
    }
    assert kept.values["translation"] == "We extend."
    assert f"#mark-{field}" in page.links.values()
    assert within(app, Promise.all_listed) == []


def test_what_became_of_it_is_told_once_however_often_the_form_is_sent(
    app: Flask, eda: SignedIn, promise: Promise
) -> None:
    form = story_page(eda, promise).form("/events")
    answers = [eda.client.post(form.action, data=form.filled(**TOLD)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert [line.words for line in lines(app)] == ["Alles ist erledigt."]
    assert deeds(app) == ["promise-claimed"]
    page = story_page(eda, promise)
    assert "Said to be done, with too few answers so far" in page.text
    assert page.links[SOURCE] == SOURCE


def test_a_postponement_is_proposed_a_day_and_the_old_date_is_struck(
    app: Flask, eda: SignedIn, promise: Promise
) -> None:
    form = story_page(eda, promise).form("/events")
    sent = form.filled(**TOLD | {"deed": "postponed", "due_words": "im kommenden Jahr"})
    asked = Pages(eda.client).read(eda.client.post(form.action, data=sent), form.action).form("/events")
    assert (asked.values["due_on"], asked.values["words"]) == ("2012-12-31", TOLD["words"])
    assert eda.client.post(asked.action, data=asked.filled()).status_code == 303
    page = story_page(eda, promise)
    assert [gone.text for gone in page.main.all("del")] == ["no date was named"]
    assert "“im kommenden Jahr”" in page.text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"said_on": "2011-11-01"}, "said_on"),
        ({"said_on": "2999-01-01"}, "said_on"),
        ({"said_on": "gestern"}, "said_on"),
        ({"source": ""}, "source"),
        ({"source": "javascript:alert(1)"}, "source"),
        ({"words": ""}, "words"),
        ({"deed": "reply"}, "deed"),
        ({"deed": "taken-back"}, "deed"),
        ({"deed": "postponed"}, "due_words"),
        ({"due_on": "2013-01-01"}, "due_words"),
    ],
)
def test_a_refused_event_keeps_every_value_and_names_the_field(
    app: Flask, eda: SignedIn, promise: Promise, wrong: dict[str, str], field: str
) -> None:
    form = story_page(eda, promise).form("/events")
    told = TOLD | {"translation": "All is done."} | wrong
    page = Pages(eda.client).read(eda.client.post(form.action, data=form.filled(**told)), form.action, 422)
    kept = page.form("/events").values
    assert {name: kept[name] for name in told} == told
    assert kept["key"] == form.values["key"]
    assert f"#event-{field}" in page.links.values()
    assert lines(app) == []


def test_an_editor_takes_back_with_a_reason_and_it_stays_readable(app: Flask, eda: SignedIn, promise: Promise) -> None:
    claim = make_event(app, promise, make_editor(app))
    page = story_page(eda, promise)
    form = next(one for one in page.forms if one.values.get("about") == str(claim.id))
    refused = Pages(eda.client).read(eda.client.post(form.action, data=form.filled(reason=" ")), form.action, 422)
    assert "Please give a reason" in refused.text or "Bitte" in refused.text
    for _ in range(2):
        assert eda.client.post(form.action, data=form.filled(reason="Das war ein Entwurf.")).status_code == 303
    page = story_page(eda, promise)
    assert [gone.text for gone in page.main.all("del")] == ["Das ist erledigt."]
    assert "Das war ein Entwurf." in page.text
    assert "Open" in page.text
    assert deeds(app) == ["promise-taken-back"]


def test_a_promise_taken_back_takes_nothing_more_but_the_carrier_s_note(
    app: Flask, eda: SignedIn, gabi: SignedIn, promise: Promise
) -> None:
    event_form = story_page(eda, promise).form("/events")
    form = next(one for one in story_page(eda, promise).forms if one.values.get("about") == "")
    eda.client.post(form.action, data=form.filled(reason="Kein Versprechen."))
    late = eda.client.post(event_form.action, data=event_form.filled(**TOLD))
    assert late.status_code == 422
    with pytest.raises(LookupError):
        story_page(eda, promise).form("/events")
    note = story_page(gabi, promise).form("/notes")
    assert gabi.client.post(note.action, data=note.filled(words="Danke.")).status_code == 303
    assert [one.text for one in eda.page("/desk/promises").main.all("del")] == [SENTENCE]


def test_a_guest_sees_marks_and_notes_only_what_is_their_organisation_s(
    app: Flask, posts: Path, gabi: SignedIn, promise: Promise
) -> None:
    make_post(posts, "eigener", f"{SENTENCE} Das sagen wir.", authors="[Thea]")
    make_guest_post(app, posts, "andere", organisation="vodafone")
    read_posts(app)
    other = make_promise(app, make_editor(app), "andere")
    assert promise.sentence in gabi.page("/desk/promises").text
    assert f"/desk/promises/{other.slug}" not in gabi.page("/desk/promises").html
    links = gabi.page("/desk/promises/new").html
    assert "post=lage" in links
    assert "post=eigener" not in links
    assert "post=andere" not in links
    for path in (f"/desk/promises/{other.slug}", "/desk/promises/new?post=eigener", "/desk/promises/new?post=andere"):
        assert gabi.get(path).status_code == 403
    data = {"sentence": SENTENCE, "kind": "other", "lang": "de", "words": "x", "key": "abcdefgh", **TOLD}
    for path in ("in/andere", "in/eigener", f"{other.slug}/events", f"{other.slug}/notes"):
        assert gabi.post(f"/desk/promises/{path}", data).status_code == 403, path
    assert gabi.post(f"/desk/promises/{promise.slug}/retractions", {"reason": "x"}).status_code == 403
    assert lines(app) == []
    note = story_page(gabi, promise).form("/notes")
    for _ in range(2):
        assert gabi.client.post(note.action, data=note.filled(words="Wir sind dran.")).status_code == 303
    told = within(app, lambda: story(promise))
    assert [one.words for one in told.replies] == ["Wir sind dran."]


def test_only_the_carrier_writes_the_note(app: Flask, eda: SignedIn, promise: Promise) -> None:
    data = {"words": "Wir sind dran.", "lang": "de", "key": "abcdefgh"}
    assert eda.post(f"/desk/promises/{promise.slug}/notes", data).status_code == 403
    vera = sign_in(app, make_other_guest(app))
    assert vera.post(f"/desk/promises/{promise.slug}/notes", data).status_code == 403
    assert lines(app) == []


def test_moderators_have_no_door_to_promises(app: Flask, promise: Promise) -> None:
    mo = sign_in(app, make_moderator(app))
    assert mo.get("/desk/promises").status_code == 403
    assert mo.get(f"/desk/promises/{promise.slug}").status_code == 403


def test_a_promise_of_a_post_that_is_gone_or_still_to_come_is_not_marked(
    app: Flask, posts: Path, eda: SignedIn
) -> None:
    later = (clock.now() + timedelta(days=2)).isoformat()
    make_post(posts, "morgen", SENTENCE, date=later)
    read_posts(app)
    for slug in ("morgen", "nie-da"):
        assert eda.get(f"/desk/promises/new?post={slug}").status_code == 404
        assert eda.post(f"/desk/promises/in/{slug}", {"sentence": SENTENCE, "kind": "other"}).status_code == 404
