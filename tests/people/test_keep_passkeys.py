"""A member's passkeys and recovery codes: added, named, removed, told of."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.people.models import Decision, Invitation, Passkey, RecoveryCode, UsedChallenge, passkey
from tests.authenticator import Authenticator, asked, register
from tests.cast import (
    GABI,
    MO,
    SignedIn,
    letters_to,
    make_guest,
    make_invitation,
    make_moderator,
    reload,
    sign_in,
    within,
)
from tests.conftest import At
from tests.page import Page

PAGE = "/desk/passkeys"


def keys(app: Flask) -> list[Passkey]:
    with app.app_context():
        return list(db.session.scalars(select(Passkey).order_by(Passkey.id)))


def deeds(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Decision.deed).order_by(Decision.id)))


def codes_of(who: SignedIn) -> list[str]:
    page = Page(who.post(f"{PAGE}/recovery-codes").text, PAGE)
    return [each.text for each in page.by_id("recovery-codes").all("code")]


def test_a_passkey_is_added_listed_by_its_name_logged_and_told_by_mail(app: Flask, mo: SignedIn) -> None:
    register(mo, name="  Mos   Telefon ")
    page = mo.page(PAGE)
    assert "Mos Telefon" in page.text
    assert page.links["Passkeys"] == PAGE
    assert deeds(app) == ["passkey-added"]
    assert "Mos Telefon" in letters_to(app, MO)[-1]
    (key,) = keys(app)
    assert (key.transports, key.sign_count) == (["internal"], 1)


def test_a_passkey_without_a_name_is_called_by_its_device(app: Flask, mo: SignedIn) -> None:
    register(mo, name="")
    assert keys(app)[0].name == "? · ?"


@pytest.mark.parametrize("count", [1, 3])
def test_several_passkeys_of_one_member_are_listed(app: Flask, mo: SignedIn, count: int) -> None:
    for number in range(count):
        register(mo, name=f"Schlüssel {number}")
    assert len([form for form in mo.page(PAGE).forms if form.action.endswith("/removal")]) == count
    assert len({key.handle for key in keys(app)}) == 1  # devices know one account, not several


def test_a_device_that_has_one_is_not_asked_for_another(mo: SignedIn) -> None:
    device = register(mo)
    (known,) = asked(mo.page(PAGE), "passkey")["excludeCredentials"]
    answer = device.make(asked(mo.page(PAGE), "passkey"))
    assert known["type"] == "public-key"
    assert "ist hier schon bekannt" in mo.post(PAGE, {"passkey": answer}).text


def test_a_passkey_is_renamed_by_its_owner_alone(app: Flask, mo: SignedIn, gabi: SignedIn) -> None:
    register(mo)
    path = f"{PAGE}/{keys(app)[0].id}/name"
    assert gabi.post(path, {"name": "Gabis"}).status_code == 404
    assert mo.post(path, {"name": " "}).status_code == 422
    assert mo.post(path, {"name": "Schlüsselbund"}).status_code == 303
    assert keys(app)[0].name == "Schlüsselbund"


def test_the_last_passkey_is_not_removed_without_recovery_codes(app: Flask, mo: SignedIn) -> None:
    register(mo)
    path = f"{PAGE}/{keys(app)[0].id}/removal"
    refused = mo.post(path, {"sure": "yes"})
    assert refused.status_code == 422
    assert "Erzeugen Sie zuerst Wiederherstellungs-Codes" in Page(refused.text, PAGE).text
    codes_of(mo)
    assert Page(mo.post(path).text, PAGE).form("sure")
    assert len(keys(app)) == 1
    assert mo.post(path, {"sure": "yes"}).status_code == 303
    assert keys(app) == []
    assert "passkey-removed" in deeds(app)


def test_a_removed_passkey_takes_the_sessions_along_that_it_confirmed(app: Flask) -> None:
    here, there = sign_in(app, make_moderator(app)), SignedIn(app, MO)
    lost = register(there, name="verloren")
    codes_of(there)
    confirm(here, lost)
    register(here, name="neu")
    here.post(f"{PAGE}/{keys(app)[0].id}/removal", {"sure": "yes"})
    assert there.get(PAGE).status_code == 303  # to the sign-in page
    assert here.get(PAGE).status_code == 200


def confirm(who: SignedIn, device: Authenticator) -> None:
    page = Page(who.post(f"{PAGE}/proofs").text, PAGE)
    assert who.post(f"{PAGE}/proofs", {"proof_passkey": device.sign(asked(page, "proof_passkey"))}).status_code == 303


def test_a_mailbox_alone_brings_no_second_passkey(app: Flask) -> None:
    own, thief = sign_in(app, make_moderator(app)), SignedIn(app, MO)
    register(own)
    answer = Authenticator().make(asked(thief.page(PAGE), "passkey"))
    asks = thief.post(PAGE, {"passkey": answer, "name": "fremd"})
    assert asks.status_code == 403
    assert Page(asks.text, PAGE).form("proof_passkey").values["passkey"] == answer
    second = thief.post(PAGE, {"passkey": answer, "proof_new_passkey": answer})
    assert second.status_code == 422
    assert thief.post(f"{PAGE}/{keys(app)[0].id}/removal", {"sure": "yes"}).status_code == 403
    assert thief.post(f"{PAGE}/recovery-codes").status_code == 403
    assert len(keys(app)) == 1


def test_recovery_codes_are_shown_once_stored_as_hashes_and_made_anew(app: Flask, mo: SignedIn) -> None:
    register(mo)
    first = codes_of(mo)
    assert len(set(first)) == 10
    assert first[0] not in mo.page(PAGE).html
    with app.app_context():
        stored = db.session.scalars(select(RecoveryCode.code_hash)).all()
    assert not set(first) & set(stored)
    second = codes_of(mo)
    with app.app_context():
        member_id = keys(app)[0].member_id
        assert not RecoveryCode.use(member_id, first[0])
        assert RecoveryCode.use(member_id, second[0].lower().replace("-", " "))
        assert not RecoveryCode.use(member_id, second[0])
        assert not RecoveryCode.use(member_id + 1, second[1])
    assert "recovery-codes-made" in deeds(app)
    assert "Wiederherstellungs-Codes" in letters_to(app, MO)[-1]


def test_who_comes_back_after_a_revocation_begins_anew(app: Flask) -> None:
    gabi = sign_in(app, make_guest(app))
    register(gabi)

    def leave_and_return() -> None:
        member = reload(app, keys(app)[0].member)
        db.session.add(member)
        member.revoke("ist gegangen")

    within(app, leave_and_return)
    token = make_invitation(app, GABI).rpartition("/")[2]

    def come_back() -> None:
        invitation = Invitation.by(token)
        assert invitation
        invitation.accept(GABI, "Gabi")

    within(app, come_back)
    assert keys(app) == []


def test_what_is_over_is_forgotten(app: Flask, at: At) -> None:
    gabi = sign_in(app, make_guest(app))
    register(gabi)
    codes_of(gabi)
    within(app, lambda: db.session.merge(keys(app)[0].member).revoke("ist gegangen"))
    at(29 * 24 * 60)
    assert within(app, passkey.forget) == 0
    assert within(app, UsedChallenge.forget) == 1
    at(31 * 24 * 60)
    assert within(app, passkey.forget) == 11
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(RecoveryCode)) == 0


def test_a_removed_passkey_ends_a_session_that_another_key_confirmed_later(app: Flask) -> None:
    here, there = sign_in(app, make_moderator(app)), SignedIn(app, MO)
    lost = register(here, name="verloren")
    confirm(there, lost)
    register(there, name="untergeschoben")
    here.post(f"{PAGE}/{keys(app)[0].id}/removal", {"sure": "yes"})
    assert there.get(PAGE).status_code == 303  # to the sign-in page
    assert here.get(PAGE).status_code == 200


def test_another_name_for_a_passkey_asks_for_one(app: Flask) -> None:
    own, thief = sign_in(app, make_moderator(app)), SignedIn(app, MO)
    register(own)
    assert thief.post(f"{PAGE}/{keys(app)[0].id}/name", {"name": "fremd"}).status_code == 403
    assert keys(app)[0].name == "Mein Telefon"


def test_a_first_passkey_has_a_name_on_one_line_whatever_page_asked(app: Flask) -> None:
    mo = sign_in(app, make_moderator(app))
    page = Page(mo.post(f"{PAGE}/proofs").text, PAGE)
    answer = Authenticator().make(asked(page, "proof_new_passkey"))
    mo.post(f"{PAGE}/proofs", {"proof_new_passkey": answer, "proof_name": "A\n\nIhr\x00 Konto \u202e"})
    assert keys(app)[0].name == "A Ihr Konto"


def test_enter_in_the_name_of_a_first_passkey_is_no_wrong_recovery_code(mo: SignedIn) -> None:
    answer = mo.post(f"{PAGE}/proofs", {"proof_name": "Mein"})
    assert answer.status_code == 403
    assert not Page(answer.text, PAGE).with_class("faults")
