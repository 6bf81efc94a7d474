"""A guest's post from the first draft to readers; each step refused to whoever it is not for, and done once."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.drafts import recount
from app.drafts.jobs import restore_files
from app.drafts.models import PostRelease, State
from app.extensions import db
from app.kit import clock
from app.people.models import Decision, Member, Organisation
from tests.cast import (
    GERO,
    SignedIn,
    letters_to,
    make_editor,
    make_guest,
    make_other_guest,
    read_posts,
    sign_in,
    within,
)
from tests.comments.test_read_thread import queries
from tests.conftest import At
from tests.drafts.desk import begin, copy_of, draft_of, hand_in, publish, release, review, save, says, where

TITLE, WORDS = "Zur Lage im Netz", "Wir bauen **aus**.\n\nStand heute."


@pytest.fixture
def lage(gabi: SignedIn) -> str:
    """A guest's draft; the path of its page."""
    path = begin(gabi, TITLE)
    save(gabi, path, body=WORDS, summary="Was geschieht.", authors="Gabi, Pressesprecherin\nGero, Netz")
    return path


@pytest.fixture
def handed_in(gabi: SignedIn, lage: str) -> str:
    assert hand_in(gabi, lage).status_code == 303
    return lage


def lapse(app: Flask, at: datetime | None) -> None:
    """Its organisation's proofs count no more since then."""

    def work() -> None:
        found = Organisation.of("o2")
        assert found
        found.lapsed_at = at
        db.session.commit()

    within(app, work)


def deeds(app: Flask) -> list[str]:
    return within(app, lambda: [row.deed for row in db.session.scalars(db.select(Decision).order_by(Decision.id))])


def test_a_post_is_published_word_for_word_as_it_was_signed_off(
    app: Flask, gabi: SignedIn, eda: SignedIn, client: FlaskClient, lage: str
) -> None:
    assert eda.get(review(lage)).status_code == 404
    page = gabi.page(f"{lage}/signing?lang=en")
    shown = page.root.all("code")
    assert hand_in(gabi, lage).status_code == 303
    assert draft_of(app, lage).state is State.HANDED_IN
    assert any(review(lage) in letter for letter in letters_to(app, eda.email))
    assert "Zur Lage im Netz" in eda.page("/desk/handed-in?lang=en").text
    answer = release(eda, lage)
    assert answer.status_code == 303, answer.text
    text = client.get("/posts/zur-lage-im-netz").text
    words = client.get("/posts/zur-lage-im-netz/words")
    signed = hashlib.sha256(words.data).hexdigest()
    assert signed in text
    assert signed in [code.text for code in shown]
    assert (words.mimetype, words.cache_control.public) == ("text/plain", True)
    assert words.text == (
        f"title: {TITLE}\nsummary: Was geschieht.\nauthor: Gabi\nrole: Pressesprecherin\n"
        f"author: Gero\nrole: Netz\n\n{WORDS}\n"
    )
    assert "Gastbeitrag von O2" in text
    assert copy_of(app, lage).read_text("utf-8") == says(app, lage)
    assert any("/desk/drafts/zur-lage-im-netz" in letter for letter in letters_to(app, gabi.email))
    assert deeds(app)[-3:] == ["draft-begun", "draft-signed", "post-released"]


def test_what_lies_beside_the_way_is_refused_to_whoever_it_is_not_for(
    app: Flask, gabi: SignedIn, eda: SignedIn, mo: SignedIn, handed_in: str
) -> None:
    vera, client = sign_in(app, make_other_guest(app)), app.test_client()
    for verb in ("withdrawals", "answers", "restorations", "discards", "proposals/1/refusals"):
        assert [who.post(f"{handed_in}/{verb}").status_code for who in (vera, eda, mo)] == [404, 404, 403], verb
        assert client.post(f"{handed_in}/{verb}").status_code in {302, 303, 400}, verb
    for verb in ("queries", "archivings"):
        assert [who.post(f"{review(handed_in)}/{verb}").status_code for who in (gabi, vera, mo)] == [403] * 3, verb
        assert eda.get(f"{review(handed_in)}/{verb}").status_code == 405, verb
    for page in ("", "/page", "/revisions", "/previews"):
        assert [who.get(f"{handed_in}{page}").status_code for who in (vera, eda, mo)] == [404, 404, 403], page
    assert [who.get(f"{handed_in}/signing").status_code for who in (vera, eda, mo)] == [404, 200, 403]
    assert "signatures" not in eda.get(f"{handed_in}/signing").text
    assert eda.get(review(handed_in)).status_code == 200
    assert draft_of(app, handed_in).state is State.HANDED_IN


def test_what_was_decided_meanwhile_or_twice_changes_nothing(
    app: Flask, gabi: SignedIn, eda: SignedIn, handed_in: str
) -> None:
    form = eda.page(f"{review(handed_in)}?lang=en").form("when")
    assert gabi.post(f"{handed_in}/withdrawals").status_code == 303
    assert gabi.post(f"{handed_in}/withdrawals").status_code == 303
    assert eda.client.post(form.action, data=form.filled(when="now")).status_code == 404
    assert draft_of(app, handed_in).state is State.DRAFT
    save(gabi, handed_in, body="Ganz andere Worte.")
    assert hand_in(gabi, handed_in).status_code == 303
    answer = eda.client.post(form.action, data=form.filled(when="now"))
    assert where(answer) == review(handed_in)
    assert draft_of(app, handed_in).state is State.HANDED_IN
    for _ in range(2):
        release(eda, handed_in)
    assert deeds(app).count("post-released") == 1
    assert "Ganz andere Worte." in says(app, handed_in)


def test_nothing_is_written_while_it_is_handed_in(app: Flask, gabi: SignedIn, handed_in: str) -> None:
    seen = draft_of(app, handed_in).current
    sent = {"title": "Anders", "body": "Anders", "authors": "Gabi", "revision": seen}
    assert gabi.post(f"{handed_in}/revisions", sent).status_code == 409
    assert gabi.post(f"{handed_in}/restorations", {"number": 1, "revision": seen}).status_code == 303
    assert draft_of(app, handed_in).current == seen


def test_a_guest_cannot_write_front_matter_and_stays_a_guest_of_the_own_organisation(
    app: Flask, gabi: SignedIn, lage: str
) -> None:
    seen = draft_of(app, lage).current
    source = "---\ntitle: X\nkind: update\nstatus: published\n---\n\nText\n"
    gabi.post(f"{lage}/revisions", {"source": source, "title": "T", "body": "---\nkind: update\n---", "revision": seen})
    assert "kind: guest\norganisation: o2\n" in says(app, lage)
    assert "kind: update\nstatus" not in says(app, lage)


def test_a_query_is_answered_and_the_words_stay_signed_off(
    app: Flask, gabi: SignedIn, eda: SignedIn, handed_in: str
) -> None:
    form = eda.page(f"{review(handed_in)}?lang=en").form("text")
    assert eda.client.post(form.action, data=form.filled(text="")).status_code == 422
    assert eda.client.post(form.action, data=form.filled(text="Seit wann?")).status_code == 303
    assert draft_of(app, handed_in).state is State.QUERIED
    assert eda.client.post(form.action, data=form.filled(text="Seit wann?")).status_code == 303, "sent twice"
    late = eda.client.post(form.action, data=form.filled(text="Noch einmal?"))
    assert (late.status_code, "Noch einmal?" in late.text) == (409, True)
    page = gabi.page(f"{handed_in}?lang=en")
    assert "Seit wann?" in page.text
    assert "Noch einmal?" not in page.text
    answer = page.form("answers")
    long = gabi.client.post(answer.action, data=answer.filled(text="Seit Montag. " * 300))
    assert (long.status_code, long.text.count("Seit Montag. ")) == (422, 300)
    for _ in range(2):
        assert gabi.client.post(answer.action, data=answer.filled(text="Seit Montag.")).status_code == 303
    late = gabi.client.post(answer.action, data=answer.filled(text="Oder Dienstag."))
    assert (late.status_code, "Oder Dienstag." in late.text) == (409, True)
    assert draft_of(app, handed_in).state is State.HANDED_IN
    assert "Seit Montag." in eda.page(f"{review(handed_in)}?lang=en").text
    assert release(eda, handed_in).status_code == 303
    assert draft_of(app, handed_in).state is State.RELEASED


def test_words_that_changed_after_a_query_are_signed_off_anew(
    app: Flask, gabi: SignedIn, eda: SignedIn, handed_in: str
) -> None:
    form = eda.page(f"{review(handed_in)}?lang=en").form("text")
    eda.client.post(form.action, data=form.filled(text="Stimmt das?"))
    save(gabi, handed_in, body="Es stimmt.")
    answer = gabi.page(f"{handed_in}?lang=en").form("answers")
    gabi.client.post(answer.action, data=answer.filled(text="Berichtigt."))
    assert draft_of(app, handed_in).state is State.QUERIED
    release_form = {"revision": draft_of(app, handed_in).current, "when": "now"}
    eda.post(f"{review(handed_in)}/releases", release_form)
    assert draft_of(app, handed_in).state is State.QUERIED
    hand_in(gabi, handed_in)
    assert draft_of(app, handed_in).state is State.HANDED_IN


def propose(eda: SignedIn, path: str, body: str = "Wir bauen überall aus.") -> str:
    """Other words of an editor; the path where the guest decides on them."""
    form = eda.page(f"{review(path)}/proposal?lang=en").form("note")
    answer = eda.client.post(form.action, data=form.filled(note="Klarer", body=body))
    assert answer.status_code == 303, answer.text
    return f"{path}/proposals/{draft_of(eda.app, path).proposal}"


def test_proposed_words_are_nobody_s_until_the_guest_accepts_them(
    app: Flask, gabi: SignedIn, eda: SignedIn, client: FlaskClient, handed_in: str
) -> None:
    there = propose(eda, handed_in)
    assert WORDS in says(app, handed_in)
    page = gabi.page(f"{there}?lang=en")
    assert any("überall" in mark.text for mark in page.root.all("ins"))
    accept = page.form("acceptances")
    assert {gabi.client.post(accept.action, data=accept.filled()).status_code for _ in range(2)} == {303}
    assert "überall" in says(app, handed_in)
    assert deeds(app).count("proposal-accepted") == 1
    release(eda, handed_in)
    assert "überall" in client.get("/posts/zur-lage-im-netz/words").text


def test_refused_words_leave_the_guest_s_own_signed_off_as_they_were(
    app: Flask, gabi: SignedIn, eda: SignedIn, client: FlaskClient, handed_in: str
) -> None:
    there = propose(eda, handed_in)
    refuse = gabi.page(f"{there}?lang=en").form("refusals")
    assert gabi.client.post(refuse.action, data=refuse.filled(reason="Zu früh.")).status_code == 303
    assert "Zu früh." in eda.page(f"{review(handed_in)}?lang=en").text
    accept = gabi.post(f"{there}/acceptances")
    assert accept.status_code == 303
    assert WORDS in says(app, handed_in)
    release(eda, handed_in)
    assert "überall" not in client.get("/posts/zur-lage-im-netz").text


def test_whoever_no_longer_speaks_for_the_organisation_has_not_signed_off(
    app: Flask, gabi: SignedIn, eda: SignedIn, handed_in: str
) -> None:
    within(app, lambda: db.session.execute(db.update(Member).where(Member.email == gabi.email).values(active=False)))
    release(eda, handed_in)
    assert draft_of(app, handed_in).state is State.HANDED_IN
    assert not copy_of(app, handed_in).exists()


def test_nothing_is_released_for_an_organisation_whose_proofs_have_lapsed(
    app: Flask, gabi: SignedIn, eda: SignedIn, client: FlaskClient, handed_in: str
) -> None:
    public = f"/posts/{handed_in.rpartition('/')[2]}?lang=en"
    lapse(app, clock.now())
    release(eda, handed_in)
    assert "Kein Nachweis von O2" in eda.page(review(handed_in)).text
    assert draft_of(app, handed_in).state is State.HANDED_IN
    assert client.get(public).status_code == 404
    lapse(app, None)
    release(eda, handed_in)
    assert "verified until" not in client.get(public).text
    lapse(app, clock.now())
    assert "verified until" in client.get(public).text


def test_the_team_cannot_publish_a_guest_post_in_somebody_s_name(app: Flask, eda: SignedIn) -> None:
    path = begin(eda, "Falsche Flagge")
    form = eda.page(f"{path}?as=file&lang=en").form("source")
    forged = form.values["source"].replace("status: draft", "status: draft\nkind: guest\norganisation: o2") + "Text."
    assert eda.client.post(form.action, data=form.filled(source=forged)).status_code == 303
    seen = draft_of(app, path).current
    assert eda.post(f"{path}/publications", {"revision": seen, "when": "now"}).status_code == 422
    assert not copy_of(app, path).exists()


def test_the_audit_finds_words_that_were_not_signed_off(
    app: Flask, gabi: SignedIn, eda: SignedIn, handed_in: str
) -> None:
    release(eda, handed_in)
    assert within(app, lambda: list(recount.faults())) == []
    within(app, lambda: db.session.execute(db.update(PostRelease).values(words="title: Anders\n")))
    assert len(within(app, lambda: list(recount.faults()))) == 1
    copy_of(app, handed_in).write_text("---\ntitle: Anders\n---\n", "utf-8")
    assert len(within(app, lambda: list(recount.faults()))) == 2


def test_a_proposal_shows_the_words_that_are_signed_and_the_file_only_when_asked(
    eda: SignedIn, gabi: SignedIn, handed_in: str
) -> None:
    page = gabi.page(f"{propose(eda, handed_in)}?lang=en")
    words, file = page.with_class("diff")
    assert "title: Zur Lage im Netz" in words.text
    assert "organisation:" not in words.text
    assert "organisation: o2" in file.text
    assert [one.tag for one in file.above if one.tag == "details"]
    assert "Zur Lage im Netz" in page.with_class("crumbs")[0].text
    assert "Zur Lage im Netz" in page.title


def test_a_proposal_of_the_same_words_is_none(app: Flask, eda: SignedIn, handed_in: str) -> None:
    form = eda.page(f"{review(handed_in)}/proposal?lang=en").form("note")
    eda.client.post(form.action, data=form.filled(note="Nichts"))
    assert (draft_of(app, handed_in).state, draft_of(app, handed_in).proposal) == (State.HANDED_IN, None)


def test_a_released_post_waits_for_its_moment_and_can_be_taken_back_before(
    app: Flask, gabi: SignedIn, eda: SignedIn, lage: str, at: At
) -> None:
    client = app.test_client()
    moment = (clock.now() + timedelta(hours=30)).astimezone(clock.BERLIN)
    hand_in(gabi, lage, day=f"{moment:%Y-%m-%d}", time=f"{moment:%H:%M}")
    form = eda.page(f"{review(lage)}?lang=en").form("when")
    assert (form.values["day"], form.values["time"]) == (f"{moment:%Y-%m-%d}", f"{moment:%H:%M}")
    assert eda.client.post(form.action, data=form.filled(when="later")).status_code == 303
    assert client.get("/posts/zur-lage-im-netz").status_code == 404
    assert client.get("/posts/zur-lage-im-netz/words").status_code == 404
    assert "Scheduled" in gabi.page("/desk/drafts?lang=en").text
    assert {eda.post(f"{review(lage)}/recalls").status_code for _ in range(2)} == {303}
    assert draft_of(app, lage).state is State.HANDED_IN
    assert not copy_of(app, lage).exists()
    form = eda.page(f"{review(lage)}?lang=en").form("when")
    assert eda.client.post(form.action, data=form.filled(when="later")).status_code == 303
    at(31 * 60)
    read_posts(app)
    assert client.get("/posts/zur-lage-im-netz/words").status_code == 200
    eda.post(f"{review(lage)}/recalls")
    assert draft_of(app, lage).state is State.RELEASED


def test_two_people_sign_off_where_the_organisation_wants_it_and_any_change_voids_both(
    app: Flask, gabi: SignedIn, eda: SignedIn, lage: str
) -> None:
    gero = sign_in(app, make_guest(app, GERO, "Gero"))
    form = gabi.page("/desk/drafts?lang=en").form("four-eyes")
    assert gabi.client.post(form.action, data=form.filled()).status_code == 303
    for _ in range(2):
        hand_in(gabi, lage)
    assert draft_of(app, lage).state is State.DRAFT
    assert "as the second one" in gabi.page("/desk/drafts?lang=en").text
    save(gero, lage, body="Geros Worte.")
    hand_in(gero, lage)
    assert draft_of(app, lage).state is State.DRAFT
    hand_in(gabi, lage)
    assert draft_of(app, lage).state is State.HANDED_IN
    page = eda.page(f"{review(lage)}?lang=en").text
    assert "Gabi" in page
    assert "Gero" in page
    rule = next(one for one in eda.page("/desk/handed-in?lang=en").forms if "four-eyes" in one.action)
    assert gabi.post(rule.action).status_code == 403
    assert eda.client.post(rule.action, data=rule.filled()).status_code == 303
    assert deeds(app)[-1] == "four-eyes-off"


def test_a_preview_link_shows_the_draft_and_nothing_else_until_it_is_revoked_or_over(
    app: Flask, gabi: SignedIn, client: FlaskClient, lage: str, at: At
) -> None:
    form = gabi.page(f"{lage}/previews?lang=en").form("which")
    for which in ("latest", "fixed"):
        assert gabi.client.post(form.action, data=form.filled(which=which)).status_code == 303
    links = gabi.page(f"{lage}/previews?lang=en").links.values()
    fixed, latest = [link for link in links if link.startswith("/previews/")]
    save(gabi, lage, body="Neue Worte.")
    answer = client.get(latest)
    assert "Neue Worte." in answer.text
    assert "Stand heute." in client.get(fixed).text
    assert answer.cache_control.no_store
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in answer.headers
    assert client.post(latest).status_code == 405
    wrong = client.get(latest[:-10] + "0123456789")
    assert wrong.status_code == 404
    revoke = gabi.page(f"{lage}/previews?lang=en").form("revocations")
    for _ in range(2):
        gabi.client.post(revoke.action, data=revoke.filled())
    assert [client.get(link.partition("?")[0]).status_code for link in (fixed, latest)] == [410, 200]
    at(14 * 24 * 60 + 1)
    assert client.get(latest).status_code == 410


def test_a_missing_file_is_written_again_and_an_altered_one_is_set_aside(
    app: Flask, gabi: SignedIn, eda: SignedIn, client: FlaskClient, handed_in: str
) -> None:
    release(eda, handed_in)
    file, right = copy_of(app, handed_in), says(app, handed_in)
    file.unlink()
    with app.app_context():
        restore_files.now()
    assert file.read_text("utf-8") == right
    file.write_text(right.replace("Wir bauen", "Wir bauen nicht"), "utf-8")
    read_posts(app)
    with app.app_context():
        restore_files.now()
    assert file.read_text("utf-8") == right
    assert "bauen nicht" not in client.get("/posts/zur-lage-im-netz").text
    kept = [one for one in file.parent.iterdir() if one.name.endswith(".changed-by-hand")]
    assert ["bauen nicht" in one.read_text("utf-8") for one in kept] == [True]
    assert "changed by hand" in eda.page("/desk/?lang=en").text


def test_the_files_of_one_and_of_three_posts_are_compared_with_the_same_few_questions(
    app: Flask, eda: SignedIn
) -> None:
    counts = []
    for titles in (["Eins"], ["Zwei", "Drei"]):
        for title in titles:
            path = begin(eda, title)
            save(eda, path, body="Worte.")
            publish(eda, path)
        with app.app_context(), queries(app) as found:
            restore_files.now()
        counts.append(len(found))
    assert counts[0] == counts[1] > 0, counts


def test_a_team_s_file_changed_by_hand_is_left_for_a_person(app: Flask, eda: SignedIn) -> None:
    path = begin(eda, "Eigenes")
    save(eda, path, body="Ein Text.")
    form = eda.page(f"{path}/publication?lang=en").form("when")
    eda.client.post(form.action, data=form.filled(when="now"))
    copy_of(app, path).write_text("---\ntitle: Von Hand\ndate: 2011-11-12T20:00+01:00\n---\n\nText\n", "utf-8")
    with app.app_context():
        restore_files.now()
    assert "Von Hand" in copy_of(app, path).read_text("utf-8")
    copy_of(app, path).unlink()
    with app.app_context():
        restore_files.now()
    assert copy_of(app, path).read_text("utf-8") == says(app, path)


def test_of_many_who_release_at_once_one_does(on_each: Flask) -> None:
    gabi, eda = sign_in(on_each, make_guest(on_each)), sign_in(on_each, make_editor(on_each))
    path = begin(gabi, TITLE)
    save(gabi, path, body=WORDS)
    form = gabi.page(f"{path}/signing").form("signatures")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: gabi.client.post(form.action, data=form.filled()), range(4)))
    assert {answer.status_code for answer in answers} == {303}
    when = eda.page(review(path)).form("when")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: eda.client.post(when.action, data=when.filled(when="now")), range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert deeds(on_each).count("post-released") == 1
    assert copy_of(on_each, path).read_text("utf-8") == says(on_each, path)


def test_a_guest_who_takes_back_while_an_editor_releases_finds_one_outcome(on_each: Flask) -> None:
    gabi, eda = sign_in(on_each, make_guest(on_each)), sign_in(on_each, make_editor(on_each))
    path = begin(gabi, TITLE)
    save(gabi, path, body=WORDS)
    hand_in(gabi, path)
    when = eda.page(review(path)).form("when")
    with ThreadPoolExecutor(2) as pool:
        back = pool.submit(gabi.post, f"{path}/withdrawals")
        out = pool.submit(eda.client.post, when.action, data=when.filled(when="now"))
    assert {back.result().status_code, out.result().status_code} <= {303, 404}
    done = deeds(on_each)
    is_out = draft_of(on_each, path).state is State.RELEASED
    assert ("post-released" in done, "draft-taken-back" in done) == (is_out, not is_out)
    assert copy_of(on_each, path).exists() is is_out
