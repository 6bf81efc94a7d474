"""Finding reports and taking many out at once: counted, asked, done, undone."""

import re

import pytest
from flask import Flask

from app.extensions import db
from app.kit import tokens
from app.ledger.models import Reason, counter
from app.people.models import Decision, Member
from app.reports.models import DecidedMeanwhile, Report, Told, Voiding
from app.reports.models.search import Criteria
from app.reports.models.voiding import MOST
from app.site.audit import differences
from tests.cast import SignedIn, make_moderator, sign_in, within
from tests.desk.crowd import COPY, HONEST, make_copies, make_honest, make_trapped
from tests.page import Page, Pages


def found(mo: SignedIn, query: str) -> list[int]:
    page = mo.page(f"/desk/reports?{query}")
    return [int(match[1]) for link in page.links.values() if (match := re.fullmatch(r"/desk/reports/(\d+)", link))]


def cluster_of(app: Flask, id_: int) -> str:
    return within(app, lambda: db.session.get_one(Report, id_)).cluster or ""


def void_all(mo: SignedIn, query: str, reason: str = "spam") -> Page:
    """Both steps; the page after them."""
    form = mo.page(f"/desk/reports?{query}").form("/desk/voidings")
    page = Pages(mo.client).read(mo.client.post(form.action, data=form.filled(reason=reason)), form.action)
    sure = page.form("sure")
    return mo.page(mo.client.post(sure.action, data=sure.filled()).location)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=held", "copy trapped"),
        ("place=Berlin", "honest"),
        ("place=Hambu", "copy"),
        ("symptom=data_slow", "honest"),
        ("source=import", ""),
        ("signal=honeypot", "trapped"),
        ("text=konkurrenz", "copy"),
        ("text=100%25", ""),
        ("since=2199-01-01", ""),
        ("until=2199-01-01&state=counted&place=berlin", "honest"),
        ("since=nonsense&state=nowhere&place=Berlin", "honest"),
    ],
)
def test_reports_are_found_by_what_is_known_of_them(app: Flask, mo: SignedIn, query: str, expected: str) -> None:
    copies, trapped, honest = make_copies(app, 4), make_trapped(app), make_honest(app)
    sets = {"copy": copies[3:] if "held" in query else copies, "trapped": trapped, "honest": [honest]}
    assert sorted(found(mo, query)) == sorted(id_ for name in expected.split() for id_ in sets[name])


def test_a_cluster_is_counted_asked_about_taken_out_and_put_back(app: Flask, mo: SignedIn) -> None:
    ids, honest = make_copies(app, 8), make_honest(app)
    query = f"cluster={cluster_of(app, ids[0])}&lang=en"
    form = mo.page(f"/desk/reports?{query}").form("/desk/voidings")
    asked = mo.client.post(form.action, data=form.filled(reason="spam"))
    page = Pages(mo.client).read(asked, form.action)
    assert within(app, counter) == 4
    assert "8 reports match: 3 count, 5 are held." in page.text
    assert COPY[:30] in page.text
    assert HONEST[:30] not in page.text

    sure = page.form("sure")
    landing = mo.page(mo.client.post(sure.action, data=sure.filled()).location)
    assert within(app, counter) == 1
    assert within(app, lambda: db.session.get_one(Report, honest)).is_counted
    undo = landing.form("/undo")
    mo.client.post(undo.action, data=undo.filled())
    assert within(app, counter) == 4
    assert within(app, lambda: list(differences())) == []
    deeds = [
        row.deed for row in within(app, lambda: list(db.session.scalars(db.select(Decision).order_by(Decision.id))))
    ]
    assert deeds == ["void", "void-undo"]


def test_an_undo_leaves_what_others_decided_since_and_says_the_true_number(app: Flask, mo: SignedIn) -> None:
    ids = make_copies(app, 6)
    void_all(mo, f"cluster={cluster_of(app, ids[0])}", "duplicate")
    mo.post(f"/desk/reports/{ids[0]}/decisions", {"deed": "recount"})
    mo.post(f"/desk/reports/{ids[0]}/voids", {"reason": "test", "sure": "yes"})
    mo.post(f"/desk/reports/{ids[1]}/decisions", {"deed": "recount"})
    undo = mo.page("/desk/voidings?lang=en").form("/undo")
    page = mo.page(mo.client.post(undo.action, data=undo.filled()).location)
    assert "Undone: 4 reports are where they were." in page.text
    assert within(app, lambda: db.session.get_one(Report, ids[0])).reason == Reason.TEST
    assert within(app, counter) == 2
    mo.client.post(undo.action, data=undo.filled())
    assert within(app, counter) == 2
    assert within(app, lambda: list(differences())) == []


def test_a_second_voiding_takes_only_what_is_left(app: Flask, mo: SignedIn) -> None:
    ids = make_copies(app, 6)
    form = mo.page(f"/desk/reports?cluster={cluster_of(app, ids[0])}").form("/desk/voidings")
    sure = form.filled(reason="spam") | {"sure": "yes"}
    for _ in range(2):
        assert mo.client.post(form.action, data=sure).status_code == 303
    assert [one.reports for one in within(app, lambda: Voiding.newest(5))] == [6]


def test_without_criteria_the_page_offers_no_way_to_take_all_out(app: Flask, mo: SignedIn) -> None:
    make_honest(app)
    with pytest.raises(LookupError):
        mo.page("/desk/reports").form("/desk/voidings")


@pytest.mark.parametrize("reason", ["", "withdrawn", "erased", "because"])
def test_only_a_public_reason_of_the_desk_takes_reports_out(app: Flask, mo: SignedIn, reason: str) -> None:
    make_honest(app)
    data = {"place": "Berlin", "reason": reason, "sure": "yes"}
    assert mo.post("/desk/voidings", data).status_code == 400
    assert within(app, counter) == 1


def test_one_void_is_undone_at_once_but_not_what_its_owner_took_back(app: Flask, mo: SignedIn) -> None:
    id_ = make_honest(app)
    landing = mo.post(f"/desk/reports/{id_}/voids", {"reason": "test", "sure": "yes"}).location
    undo = mo.page(landing).form("/decisions")
    mo.client.post(undo.action, data=undo.filled())
    assert within(app, counter) == 1
    within(app, lambda: db.session.get_one(Report, id_).uncount(Reason.WITHDRAWN))
    mo.post(f"/desk/reports/{id_}/decisions", {"deed": "recount"})
    assert within(app, counter) == 0


def test_the_words_searched_for_are_kept_nowhere(app: Flask, mo: SignedIn) -> None:
    make_copies(app, 4)
    void_all(mo, "text=Konkurrenz")
    (made,) = within(app, lambda: Voiding.newest(5))
    assert made.criteria == {"text": "…"}
    log = within(app, lambda: list(db.session.scalars(db.select(Decision))))
    assert "onkurrenz" not in "".join(f"{row.about}{row.reason}" for row in log)


def test_no_page_of_it_shows_a_receipt_or_a_nonce(app: Flask, mo: SignedIn) -> None:
    (id_,) = make_trapped(app)
    report = within(app, lambda: db.session.get_one(Report, id_))
    for path in ("/desk/held", "/desk/reports", f"/desk/reports/{id_}", "/desk/voidings"):
        html = mo.page(path).html
        assert report.receipt_hash not in html
        assert report.nonce.hex() not in html


def test_a_voiding_ends_at_its_limit_and_slices_see_what_happens_between_them(
    database: str, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.reports.models.voiding.MOST", 7)
    monkeypatch.setattr("app.reports.models.voiding.SLICE", 3)
    assert MOST == 5_000
    mo = make_moderator(app)
    with app.app_context():
        for _ in range(12):
            Report.tell(Told(("no_data",), "Kiel"), tokens.new_key())
        db.session.commit()
        voiding = Voiding.begin(Reason.TEST, {}, member_id=db.session.get_one(Member, mo.id).id)
        sizes = []
        for size in voiding.slices(Criteria(place="Kiel").still_open):
            sizes.append(size)
            db.session.commit()
        db.session.commit()
        assert (sizes, voiding.reports, counter()) == ([3, 3, 1], 7, 5)
        assert list(voiding.undo()) == [3, 3, 1]
        db.session.commit()
        assert counter() == 12
        with pytest.raises(DecidedMeanwhile):
            list(voiding.undo())
        assert list(differences()) == []


def test_criteria_that_no_database_can_look_for_are_read_without_that(on_each: Flask) -> None:
    mo = sign_in(on_each, make_moderator(on_each))
    make_copies(on_each, 1)
    for asked in ("text=%00", "place=%00", f"text={COPY[:10]}%00", "cluster=%00", "state=%00"):
        assert mo.get(f"/desk/reports?{asked}").status_code == 200, asked
    assert mo.post("/desk/voidings", {"reason": "spam", "text": "no such text\0", "sure": "yes"}).status_code == 303
    assert within(on_each, counter) == 1
