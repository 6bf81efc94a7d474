"""An invitation is for one person, works once, and acts on a typed code only."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.people.founding import found_organisations
from app.people.models import Decision, Invitation, Member, Organisation, Role, SignIn
from tests.cast import (
    CHARLIE,
    GABI,
    GERO,
    MO,
    SignedIn,
    csrf_token,
    letters_to,
    make_guest,
    make_invitation,
    make_organisation,
    make_owner,
    newest_code,
    type_code,
    within,
)
from tests.conftest import At
from tests.page import Page, Pages


def say_name(pages: Pages, path: str, first_name: str = "Gabi", **fields: object) -> str:
    """The first step; answers the address of the second."""
    answer = pages.post(pages.open(path).form("first_name"), first_name=first_name, **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def join(app: Flask, pages: Pages, path: str, email: str = GABI) -> int:
    step = say_name(pages, path)
    return type_code(pages.client, newest_code(app, email), step).status_code


def member(app: Flask, email: str) -> Member | None:
    return within(app, lambda: Member.of(email))


def test_a_guest_joins_by_name_and_code_and_is_signed_in(app: Flask, pages: Pages) -> None:
    path = make_invitation(app, GABI)
    assert join(app, pages, path) == 303
    gabi = member(app, GABI)
    assert gabi
    assert (gabi.first_name, gabi.role, gabi.organisation.slug) == ("Gabi", Role.GUEST, "o2")
    assert pages.open("/desk/answers")


def test_the_code_of_an_invitation_sent_twice_leads_on_too(app: Flask, pages: Pages) -> None:
    step = say_name(pages, make_invitation(app, GABI))
    data = {"csrf_token": csrf_token(pages.client, step), "code": newest_code(app, GABI)}
    assert [pages.client.post(step, data=data).location for _ in range(2)] == ["/desk/"] * 2


def test_a_double_click_on_the_code_of_an_invitation_leads_on(app: Flask, pages: Pages) -> None:
    client, step = pages.client, say_name(pages, make_invitation(app, GABI))
    data = {"csrf_token": csrf_token(client, step), "code": newest_code(app, GABI)}
    with client.session_transaction("/desk/") as session:
        before = dict(session)
    assert client.post(step, data=data).location == "/desk/"
    with client.session_transaction("/desk/") as session:
        session.clear()
        session.update(before)
    assert client.post(step, data=data | {"code": "1"}).status_code == 410
    assert client.post(step, data=data).location == "/desk/"
    assert client.get("/desk/guest").status_code == 200
    assert len(within(app, lambda: db.session.scalars(db.select(SignIn)).all())) == 1


def test_joining_is_in_the_log(app: Flask, pages: Pages) -> None:
    join(app, pages, make_invitation(app, GABI))
    (row,) = within(app, lambda: list(db.session.scalars(db.select(Decision))))
    assert row.deed == "joined"
    assert GABI not in f"{row.about} {row.reason}"


def test_opening_the_link_uses_nothing_up_and_sends_nothing(app: Flask, pages: Pages) -> None:
    path = make_invitation(app, GABI)
    for _ in range(3):  # as mail scanners do
        pages.open(path)
    assert not letters_to(app, GABI)
    assert member(app, GABI) is None
    assert join(app, pages, path) == 303


def test_the_invitation_works_once(app: Flask, pages: Pages) -> None:
    path = make_invitation(app, GABI)
    join(app, pages, path)
    second = Pages(app.test_client())
    assert second.open(path, 410).heading
    assert second.client.post(path, data={"first_name": "Gero"}).status_code in {400, 410}


def test_of_two_devices_one_uses_it_up(app: Flask) -> None:
    path = make_invitation(app, GABI)
    first, second = Pages(app.test_client()), Pages(app.test_client())
    step = say_name(first, path)
    code = newest_code(app, GABI)
    say_name(second, path, "Gero")
    form = second.open(step).form("code")
    assert type_code(first.client, code, step).status_code == 303
    assert second.post(form, code=newest_code(app, GABI)).status_code == 410
    gabi = member(app, GABI)
    assert gabi
    assert gabi.first_name == "Gabi"


def test_the_code_goes_to_the_invited_address_whatever_is_sent(app: Flask, pages: Pages) -> None:
    path = make_invitation(app, GABI)
    form = pages.open(path).form("first_name")
    assert "email" not in form.names
    pages.client.post(path, data={**form.values, "first_name": "Charlie", "email": CHARLIE})
    assert not letters_to(app, CHARLIE)
    assert letters_to(app, GABI)


def test_whoever_holds_the_link_but_not_the_mailbox_stays_outside(app: Flask, pages: Pages) -> None:
    step = say_name(pages, make_invitation(app, GABI), "Charlie")
    assert type_code(pages.client, "000000", step).status_code == 422
    assert member(app, GABI) is None


def test_a_code_for_another_invitation_does_not_open_this_one(app: Flask) -> None:
    """Charlie has an invitation of his own and found the link of somebody else's."""
    make_owner(app)
    own, found = make_invitation(app, MO, Role.MODERATOR, "team"), make_invitation(app, GABI)
    mo = Pages(app.test_client())
    say_name(mo, own, "Mo")
    code, form = newest_code(app, MO), mo.open(f"{found}/code").form("code")
    assert mo.post(form, code=code).status_code == 410
    assert member(app, GABI) is None
    assert member(app, MO) is None


def test_a_withdrawn_invitation_is_gone(app: Flask, pages: Pages) -> None:
    path = make_invitation(app, GABI)
    step = say_name(pages, path)
    code, form = newest_code(app, GABI), pages.open(step).form("code")
    within(app, lambda: db.session.scalars(db.select(Invitation)).one().withdraw())
    pages.open(path, 410)
    assert pages.post(form, code=code).status_code == 410
    assert member(app, GABI) is None


def test_after_two_weeks_it_has_ended(app: Flask, pages: Pages, at: At) -> None:
    at(0)
    path = make_invitation(app, GABI)
    at(14 * 24 * 60 - 1)
    pages.open(path)
    at(14 * 24 * 60 + 1)
    pages.open(path, 410)


@pytest.mark.parametrize("token", ["x", "0" * 43, "%00", "a" * 3000])
def test_a_made_up_link_is_not_found(pages: Pages, token: str) -> None:
    pages.open(f"/desk/invitations/{token}", 404)


def test_only_the_hash_of_the_link_is_kept(app: Flask) -> None:
    token = make_invitation(app, GABI).rpartition("/")[2]
    row = within(app, lambda: db.session.scalars(db.select(Invitation)).one())
    assert token not in str(vars(row))


def test_the_link_is_in_no_log(capsys: pytest.CaptureFixture[str], app: Flask, pages: Pages) -> None:
    path = make_invitation(app, GABI)
    join(app, pages, path)
    assert path.rpartition("/")[2] not in "".join(capsys.readouterr())


@pytest.mark.parametrize("name", ["", "   ", "123", "\u202e", "x" * 41])
def test_a_first_name_has_letters_and_an_end(pages: Pages, app: Flask, name: str) -> None:
    form = pages.open(make_invitation(app, GABI)).form("first_name")
    assert pages.send(form, 422, first_name=name).with_class("fault")
    assert not letters_to(app, GABI)


@pytest.mark.parametrize("name", ["Anna · O2 · verified", "Redaktion", "O2", "Anna (Vodafone)", "verifiziert", "О2"])
def test_a_first_name_cannot_speak_for_anybody_else(pages: Pages, app: Flask, name: str) -> None:
    make_guest(app, "vera@vodafone.example", "Vera", make_organisation(app).slug)
    form = pages.open(make_invitation(app, GABI)).form("first_name")
    assert pages.send(form, 422, first_name=name).with_class("fault")


def test_without_a_name_first_there_is_no_code_page(app: Flask, client: FlaskClient) -> None:
    path = make_invitation(app, GABI)
    assert client.get(f"{path}/code").location == path


def test_a_revoked_member_may_be_invited_again_with_another_role(app: Flask, pages: Pages) -> None:
    make_owner(app)
    gabi = make_guest(app)
    old = SignedIn(app, GABI)
    within(app, lambda: db.session.get_one(Member, gabi.id).revoke("left"))
    join(app, pages, make_invitation(app, GABI))
    back = member(app, GABI)
    assert back
    assert back.active
    assert back.id == gabi.id
    assert old.get("/desk/answers").status_code == 303  # the sessions of then stay ended


def test_joining_ends_nobody_elses_session(app: Flask, pages: Pages) -> None:
    make_guest(app, GERO, "Gero")
    gero = SignedIn(app, GERO)
    join(app, pages, make_invitation(app, GABI))
    assert gero.get("/desk/answers").status_code == 200
    assert len(within(app, lambda: list(db.session.scalars(db.select(SignIn))))) == 2


def test_the_page_names_organisation_and_address_but_no_other_person(app: Flask, pages: Pages) -> None:
    make_owner(app)
    page: Page = pages.open(make_invitation(app, GABI))
    assert GABI in page.text
    assert "O2" in page.text
    assert "olga" not in page.html.lower()


def test_the_first_guest_verifies_an_organisation_of_which_nobody_has_checked_more(app: Flask, pages: Pages) -> None:
    path = make_invitation(app, GABI)
    assert not within(app, lambda: Organisation.of("o2").verified_at)  # type: ignore[union-attr]  # just founded
    assert join(app, pages, path) == 303
    domain = GABI.partition("@")[2]
    assert f"Postfach unter {domain}" in pages.open("/organisations/o2").text


def test_the_code_of_another_browser_is_worth_nothing(app: Flask, pages: Pages) -> None:
    path = make_invitation(app, GABI)
    step = say_name(pages, path)
    stranger = Pages(app.test_client())
    say_name(stranger, path, "Gero")
    assert type_code(stranger.client, letters_to_code(app, 0), step).status_code == 422
    assert type_code(pages.client, letters_to_code(app, 0), step).status_code == 303


def named(app: Flask, first_name: str = "Gabi", function: str = "Leiterin Netz") -> str:
    """An invitation by name; answers the path of its link."""

    def work() -> str:
        found_organisations()
        organisation = Organisation.of("o2")
        assert organisation
        _, token = Invitation.send(GABI, Role.GUEST, organisation, first_name=first_name, function=function)
        return f"/desk/invitations/{token}"

    return within(app, work)


def test_who_is_invited_by_name_comes_in_under_it_whatever_is_sent(app: Flask, pages: Pages) -> None:
    path = named(app)
    page = pages.open(path)
    assert "Gabi" in page.text
    assert "Leiterin Netz" in page.text
    form = page.forms[0]
    assert "first_name" not in form.names
    step = pages.client.post(path, data={**form.values, "first_name": "Gero"}).location
    assert type_code(pages.client, newest_code(app, GABI), step).status_code == 303
    gabi = member(app, GABI)
    assert gabi
    assert (gabi.first_name, gabi.function) == ("Gabi", "Leiterin Netz")


def test_another_name_of_the_same_session_does_not_come_along(app: Flask, pages: Pages) -> None:
    """Somebody typed a name at an invitation that has none, and goes on with the code page of one that has."""
    say_name(pages, make_invitation(app, GABI), "Gero")
    path = named(app)
    code = newest_code(app, GABI)
    assert pages.post(pages.open(f"{path}/code").form("code"), code=code).status_code == 303
    gabi = member(app, GABI)
    assert gabi
    assert gabi.first_name == "Gabi"


def test_the_page_and_the_letter_say_whom_it_is_for_and_what_to_do_if_that_is_somebody_else(app: Flask) -> None:
    path = named(app)
    text = Pages(app.test_client()).open(f"{path}?lang=en").text
    assert "This invitation is for Gabi" in text
    assert "If it is not yours, please do not go on" in text


def test_an_invitation_ends_with_the_domain_it_was_sent_to(app: Flask, pages: Pages) -> None:
    path = make_invitation(app, GABI)
    step = say_name(pages, path)

    def work() -> None:
        found = Organisation.of("o2")
        assert found
        found.verify(["o2.com"], "By phone.")

    code, form = newest_code(app, GABI), pages.open(step).form("code")
    within(app, work)
    assert pages.post(form, code=code).status_code == 410
    assert member(app, GABI) is None


def letters_to_code(app: Flask, number: int) -> str:
    """The code of one of the letters to Gabi, in the order in which they were sent."""
    codes = [found.group() for letter in letters_to(app, GABI) if (found := re.search(r"\b\d{6}\b", letter))]
    return codes[number]
