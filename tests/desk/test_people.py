"""Inviting, withdrawing, revoking and verifying at the desk."""

import re
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.people.models import Decision, Invitation, Member, Organisation, Role
from app.web.submission import one_line
from tests.cast import (
    EDA,
    GABI,
    MO,
    OLGA,
    SignedIn,
    invitation_link,
    letters_to,
    make_editor,
    make_guest,
    make_invitation,
    make_moderator,
    make_organisation,
    make_owner,
    make_post,
    read_posts,
    within,
)
from tests.page import Pages


def invite(who: SignedIn, email: str, role: str = "guest", organisation: str = "o2") -> int:
    data = {"email": email, "role": role, "organisation": organisation, "first_name": "Gabi", "function": "Netz"}
    return who.post("/desk/people/invitations", data).status_code


def open_invitation(who: SignedIn) -> list[str]:
    """What the one that is open says, in parts."""
    page = who.page("/desk/people")
    (row,) = (one for one in page.with_class("meta") if GABI in one.text)
    return re.split(r"[·,]| (?=\S+@)", row.text.replace(GABI, f"· {GABI} ·"))


def invitations(app: Flask) -> list[Invitation]:
    return within(app, lambda: list(db.session.scalars(db.select(Invitation))))


def is_active(app: Flask, email: str) -> bool:
    found = within(app, lambda: Member.of(email))
    return bool(found and found.active)


def deeds(app: Flask) -> list[str]:
    return within(app, lambda: list(db.session.scalars(db.select(Decision.deed).order_by(Decision.id))))


def test_an_editor_invites_a_guest_by_the_form(app: Flask, eda: SignedIn, pages: Pages) -> None:
    make_organisation(app)
    form = eda.page("/desk/people").form("/invitations")
    data = form.filled(email=GABI, organisation="o2", role="guest", first_name="Gabi", function="Leiterin Netz")
    assert eda.client.post(form.action, data=data).status_code == 303
    assert {GABI, "Gabi", "Leiterin Netz"} <= {part.strip(" ·,") for part in open_invitation(eda)}
    invitation = pages.open(invitation_link(app, GABI)).text
    assert "O2" in invitation
    assert "Gabi" in invitation
    assert deeds(app) == ["invited"]


@pytest.mark.parametrize("email", ["gabi", "", "gabi@sub.o2.com", "gabi@o2.com.evil.example", "gabi@vodafone.example"])
def test_an_address_that_is_not_the_organisations_is_refused_and_kept_in_the_form(
    app: Flask, eda: SignedIn, email: str
) -> None:
    make_organisation(app)
    data = {"email": email, "role": "guest", "organisation": "o2", "first_name": "Gabi", "function": "Netz"}
    answer = eda.post("/desk/people/invitations", data)
    page = Pages(eda.client).read(answer, "/desk/people/invitations", 422)
    assert page.by_id("invite-email").get("value") == email
    assert page.by_id("invite-email-fault").text
    assert invitations(app) == []


@pytest.mark.parametrize(
    ("organisation", "role"), [("o3", "guest"), ("o2", "king"), ("o2", "editor"), ("team", "guest")]
)
def test_what_cannot_be_chosen_is_refused(app: Flask, eda: SignedIn, organisation: str, role: str) -> None:
    make_organisation(app)
    assert invite(eda, "gabi@o2.com", role, organisation) == 422
    assert invitations(app) == []


def test_an_editor_makes_no_owner_and_an_owner_does(app: Flask, eda: SignedIn, olga: SignedIn) -> None:
    assert invite(eda, "x@campaign.example", "owner", "team") == 422
    assert invite(olga, "x@campaign.example", "owner", "team") == 303


def test_a_member_is_not_invited_again(app: Flask, olga: SignedIn, eda: SignedIn) -> None:
    for email in (OLGA, EDA):
        assert invite(olga, email, "moderator", "team") == 422
    assert invitations(app) == []


def test_a_withdrawn_invitation_opens_nothing(app: Flask, eda: SignedIn, pages: Pages) -> None:
    path = make_invitation(app, GABI)
    form = eda.page("/desk/people").form("/withdrawal")
    for _ in range(2):  # twice does no harm
        assert eda.client.post(form.action, data=form.filled()).status_code == 303
    pages.open(path, 410)
    assert deeds(app) == ["withdrawn"]


def test_an_editor_does_not_withdraw_an_owners_invitation(app: Flask, eda: SignedIn) -> None:
    make_invitation(app, "x@campaign.example", Role.OWNER, "team")
    (invitation,) = invitations(app)
    assert eda.post(f"/desk/people/invitations/{invitation.id}/withdrawal").status_code == 403


def test_revoking_ends_every_session_at_once(app: Flask, eda: SignedIn) -> None:
    gabi = make_guest(app)
    laptop, phone = SignedIn(app, GABI), SignedIn(app, GABI)
    form = eda.page("/desk/people").form(f"/{gabi.id}/revocation")
    assert eda.client.post(form.action, data=form.filled(reason="left")).status_code == 303
    assert [device.get("/desk/answers").status_code for device in (laptop, phone)] == [303, 303]
    assert not is_active(app, GABI)
    assert not [letter for letter in letters_to(app, GABI) if "left" in letter]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_a_revocation_needs_a_reason(app: Flask, eda: SignedIn, reason: str) -> None:
    gabi = make_guest(app)
    answer = eda.post(f"/desk/people/{gabi.id}/revocation", {"reason": reason})
    page = Pages(eda.client).read(answer, "/desk/people", 422)
    assert page.by_id(f"revoke-{gabi.id}-reason").get("value") == reason.strip()
    assert page.with_class("faults")
    assert is_active(app, GABI)
    assert deeds(app) == []


def test_revoking_twice_is_one_deed(app: Flask, eda: SignedIn) -> None:
    gabi = make_guest(app)
    for _ in range(2):
        eda.post(f"/desk/people/{gabi.id}/revocation", {"reason": "left"})
    assert deeds(app) == ["revoked"]


def test_an_editor_cannot_revoke_an_owner(app: Flask, eda: SignedIn) -> None:
    make_owner(app, "otto@campaign.example", "Otto")
    olga = make_owner(app)
    assert eda.post(f"/desk/people/{olga.id}/revocation", {"reason": "x"}).status_code == 403
    assert is_active(app, OLGA)


def test_the_last_owner_cannot_be_revoked_not_even_by_themselves(app: Flask, olga: SignedIn) -> None:
    me = within(app, lambda: Member.of(OLGA))
    assert me
    answer = olga.post(f"/desk/people/{me.id}/revocation?lang=en", {"reason": "tired"})
    page = Pages(olga.client).read(answer, "/desk/people", 409)
    assert is_active(app, OLGA)
    assert "The last owner cannot be revoked" in page.with_class("faults")[0].text
    assert page.by_id(f"revoke-{me.id}-reason").get("value") == "tired"


def test_one_of_two_owners_revokes_the_other(app: Flask, olga: SignedIn) -> None:
    otto = make_owner(app, "otto@campaign.example", "Otto")
    olga.post(f"/desk/people/{otto.id}/revocation", {"reason": "left"})
    assert not is_active(app, "otto@campaign.example")


def test_a_moderator_neither_sees_nor_changes_people(app: Flask, mo: SignedIn) -> None:
    eda = make_editor(app)
    assert mo.get("/desk/people").status_code == 403
    assert invite(mo, GABI) == 403
    assert mo.post(f"/desk/people/{eda.id}/revocation", {"reason": "x"}).status_code == 403
    assert is_active(app, EDA)


def test_an_organisation_is_entered_with_how_it_was_verified(app: Flask, eda: SignedIn, pages: Pages) -> None:
    data = {"name": "Telekom", "domains": "telekom.example, t.example", "verified_how": "We rang their press office."}
    assert eda.post("/desk/organisations", data).status_code == 303
    found = within(app, lambda: Organisation.of("telekom"))
    assert found
    assert found.domains == ["t.example", "telekom.example"]
    assert "We rang their press office." in pages.open("/organisations/telekom").text
    assert deeds(app) == ["verified"]


def test_an_organisations_address_is_the_one_that_posts_of_it_lead_to(app: Flask, eda: SignedIn, pages: Pages) -> None:
    eda.post("/desk/organisations", {"name": "Köln Süd", "domains": "k.example", "verified_how": "By phone."})
    make_post(Path(app.extensions["settings"].posts), "gast", kind="guest", organisation="Köln Süd")
    read_posts(app)
    (link,) = {e["href"] for e in pages.open("/posts/gast").root.all("a") if "/organisations/" in (e.get("href") or "")}
    assert pages.open(link).heading == "Köln Süd"


@pytest.mark.parametrize(
    "fault",
    [
        {"name": ""},
        {"name": "!!!"},
        {"domains": ""},
        {"domains": "a b@c"},
        {"verified_how": " "},
        {"name": "Vodafone"},
        {"name": "Vоdаfone"},
    ],  # the last one with Cyrillic letters
)
def test_an_organisation_that_says_too_little_or_is_there_is_refused(
    app: Flask, eda: SignedIn, fault: dict[str, str]
) -> None:
    make_organisation(app)
    data = {"name": "Telekom", "domains": "telekom.example", "verified_how": "By phone.", **fault}
    answer = eda.post("/desk/organisations", data)
    Pages(eda.client).read(answer, "/desk/organisations", 422)
    assert within(app, lambda: Organisation.of("telekom")) is None


def test_a_newly_verified_organisation_changes_who_may_be_invited(app: Flask, eda: SignedIn) -> None:
    make_organisation(app)
    data = {"domains": "new.example", "verified_how": "They wrote to us."}
    assert eda.post("/desk/organisations/vodafone/verification", data).status_code == 303
    assert invite(eda, "vera@vodafone.example", organisation="vodafone") == 422
    assert invite(eda, "vera@new.example", organisation="vodafone") == 303


@pytest.mark.parametrize(("slug", "status"), [("team", 404), ("nobody", 404)])
def test_the_team_and_nobody_are_not_verified(app: Flask, eda: SignedIn, slug: str, status: int) -> None:
    data = {"domains": "x.example", "verified_how": "x"}
    assert eda.post(f"/desk/organisations/{slug}/verification", data).status_code == status
    assert deeds(app) == []


def test_addresses_of_members_are_on_no_public_page(app: Flask, pages: Pages) -> None:
    make_guest(app)
    make_moderator(app)
    for path in ("/", "/organisations/o2", "/imprint"):
        html = pages.open(path).html
        assert GABI not in html
        assert MO not in html


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"first_name": "O2 Service"}, "first_name"),
        ({"function": " "}, "function"),
        ({"function": "x" * 81}, "function"),
        ({"email": "presse@o2.example"}, "email"),
        ({"email": "Info+hamburg@o2.example"}, "email"),
    ],
)
def test_a_guest_is_invited_by_name_and_function_at_a_mailbox_of_their_own(
    app: Flask, eda: SignedIn, fault: dict[str, str], field: str
) -> None:
    make_organisation(app)
    data = {"email": GABI, "role": "guest", "organisation": "o2", "first_name": "Gabi", "function": "Netz", **fault}
    answer = eda.post("/desk/people/invitations", data)
    page = Pages(eda.client).read(answer, "/desk/people/invitations", 422)
    assert page.by_id(f"invite-{field}-fault").text
    assert page.by_id("invite-email").get("value") == data["email"]
    assert invitations(app) == []


def test_the_teams_people_may_type_their_name_themselves_and_share_a_mailbox(app: Flask, eda: SignedIn) -> None:
    data = {"email": "redaktion@campaign.example", "role": "moderator", "organisation": "team"}
    assert eda.post("/desk/people/invitations", data).status_code == 303
    assert [one.first_name for one in invitations(app)] == [""]


def test_what_a_guest_does_there_is_noted_and_stands_on_the_organisations_page(
    app: Flask, eda: SignedIn, pages: Pages
) -> None:
    gabi = make_guest(app)
    form = eda.page("/desk/people").form(f"/{gabi.id}/function")
    for _ in range(2):
        assert eda.client.post(form.action, data=form.filled(function="Leiterin Netz")).status_code == 303
    assert "Gabi, Leiterin Netz" in pages.open("/organisations/o2").text
    assert deeds(app) == ["function"]


@pytest.mark.parametrize("function", ["", "x" * 81, "Leiterin \u202e ztveN"])
def test_a_function_says_something_and_ends(app: Flask, eda: SignedIn, function: str) -> None:
    gabi = make_guest(app)
    answer = eda.post(f"/desk/people/{gabi.id}/function", {"function": function})
    page = Pages(eda.client).read(answer, "/desk/people", 422)
    assert page.by_id(f"function-{gabi.id}-function").get("value", "") == one_line(function)
    assert page.with_class("faults")
    assert deeds(app) == []


@pytest.mark.parametrize(
    "data",
    [
        {"domains": "a b@c", "verified_how": "By phone."},
        {"domains": "o2.example", "verified_how": "x" * 601},
        {"domains": "", "verified_how": "By phone."},
    ],
    ids=str,
)
def test_how_an_organisation_was_verified_is_refused_with_everything_typed(
    app: Flask, eda: SignedIn, data: dict[str, str]
) -> None:
    make_organisation(app)
    answer = eda.post("/desk/organisations/o2/verification", data)
    page = Pages(eda.client).read(answer, "/desk/people", 422)
    assert page.with_class("faults")
    assert page.form("o2/verification").values.items() >= data.items()
    assert deeds(app) == []


def test_who_goes_back_from_the_question_about_domains_finds_what_they_typed(app: Flask, eda: SignedIn) -> None:
    make_guest(app)
    data = {"domains": "new.example", "verified_how": "They wrote to us."}
    there = "/desk/organisations/o2/verification"
    asked = Pages(eda.client).read(eda.post(there, data), there, 200).form("verification")
    page = Pages(eda.client).read(eda.client.post(there, data=asked.filled(sure="no")), there, 200)
    assert page.form("o2/verification").values.items() >= data.items()
    assert not page.with_class("faults")
    assert is_active(app, GABI)


def test_only_guests_have_a_function_and_only_editors_say_it(app: Flask, eda: SignedIn, mo: SignedIn) -> None:
    someone = within(app, lambda: Member.of(MO))
    assert someone
    assert eda.post(f"/desk/people/{someone.id}/function", {"function": "Chef"}).status_code == 404
    assert mo.post(f"/desk/people/{make_guest(app).id}/function", {"function": "Chef"}).status_code == 403


def test_what_somebody_wrote_for_one_organisation_cannot_be_taken_along_to_another(
    app: Flask, eda: SignedIn, olga: SignedIn
) -> None:
    """Else the answers of then would stand there as the other's, or as the campaign's own."""
    gabi = make_guest(app)
    eda.post(f"/desk/people/{gabi.id}/revocation", {"reason": "left"})
    assert invite(olga, GABI, "moderator", "team") == 422
    assert invite(eda, GABI) == 303
