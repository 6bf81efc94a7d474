"""A guest’s passkey in a real browser: set up for an answer, asked for in another session, then to sign in."""

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.desk import has_device, join, sign_in, sign_out
from tests.browser.reader import PHONE, Reader
from tests.browser.talk import comment, write
from tests.browser.test_answer_as_guest import approve
from tests.server import Server

GERO = "gero@o2.example"


def write_answer(reader: Reader, question: str, answer: str) -> None:
    page = reader.open("/desk/answers?post=gastbeitrag-o2-netz")
    page.locator(".item").filter(has_text=question).get_by_role("link", name="Antworten").click()
    page.locator("#answer-text").fill(answer)
    page.get_by_role("button", name="Antwort veröffentlichen").click()


def test_a_guest_sets_up_a_passkey_answers_and_signs_in_with_it(site: Server, seat: Seat) -> None:
    question, first, second = "Kommt der Mast in Ottensen noch?", "Ja, im Dezember.", "Er steht."
    write(seat(site, PHONE), "Sabine", question)
    approve(seat(site), site, question, "mira@einzelfall.example")
    guest = seat(site, PHONE)
    join(guest, site, site.invite(GERO, "guest", "o2"), GERO, "Gero")
    has_device(guest)
    page = guest.page

    write_answer(guest, question, first)
    expect(page.locator("h1")).to_have_text("Bestätigen Sie, dass Sie es sind")
    guest.look()
    guest.picture("passkey-set-up")
    page.locator("#proof-name").fill("Geros Telefon")
    page.get_by_role("button", name="Passkey einrichten und weiter").click()
    expect(comment(guest, first)).to_be_visible()

    guest.open("/desk/passkeys")
    expect(page.locator(".item").first).to_contain_text("Geros Telefon")
    guest.picture("passkeys")
    page.get_by_role("button", name="Wiederherstellungs-Codes erzeugen").click()
    codes = page.locator("#recovery-codes code")
    expect(codes).to_have_count(10)
    guest.look()
    guest.picture("recovery-codes")
    code = codes.first.inner_text()
    page.get_by_role("link", name="Ich habe sie aufbewahrt").click()

    sign_out(guest)
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.locator(".lanes")).to_be_visible()
    write_answer(guest, question, second)
    expect(comment(guest, second)).to_be_visible()

    without_script(seat(site, script=False), site, question, code)


def without_script(elsewhere: Reader, site: Server, question: str, code: str) -> None:
    """In a session that has shown nothing it is refused, until a recovery code is typed."""
    page, third = elsewhere.page, "Und sendet."
    sign_in(elsewhere, site, GERO)
    write_answer(elsewhere, question, third)
    expect(page.locator("#proof-code")).to_be_visible()
    expect(page.get_by_role("button", name="Mit einem Passkey bestätigen")).to_be_hidden()
    elsewhere.look()
    elsewhere.picture("passkey-confirm")
    page.locator("#proof-code").fill(code)
    page.get_by_role("button", name="Mit diesem Code bestätigen").click()
    expect(comment(elsewhere, third)).to_be_visible()
