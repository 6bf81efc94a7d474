"""A comment waits, a person approves it, readers see it."""

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.desk import join
from tests.browser.reader import PHONE, Device, Reader
from tests.browser.talk import POST, comment, write
from tests.server import Server

MO = "mo@einzelfall.example"
HOLD = {"de": "Wartet auf Freigabe", "en": "Waiting for approval"}
THANKS = {"de": "Dein Kommentar ist gespeichert.", "en": "Your comment is stored."}


def test_a_held_comment_is_shown_to_its_writer_alone_until_a_moderator_publishes_it(site: Server, seat: Seat) -> None:
    text = "In Eppendorf ist abends ab sechs das Netz weg, jeden Tag."
    writing, reading, moderating = seat(site, PHONE), seat(site, lang="en"), seat(site, PHONE)
    write(writing, "Lena", text)
    own = comment(writing, text)
    expect(own).to_contain_text(HOLD["de"])
    expect(own).to_be_focused()
    expect(writing.page.locator("#comment-text")).to_have_value("")
    reading.open(POST)
    expect(comment(reading, text)).to_have_count(0)

    join(moderating, site, site.invite(MO, "moderator"), MO, "Mo")
    moderating.open("/desk/comments")
    publish(moderating, text)
    moderating.said("Veröffentlicht: der Kommentar von Lena.")

    reading.open(POST)
    expect(comment(reading, text)).to_be_visible()
    assert not reading.cookies


def test_without_script_the_writer_is_thanked_and_the_desk_works_as_well(
    site: Server, seat: Seat, device: Device, lang: str
) -> None:
    text = f"Auch in Bergedorf geht nichts, gemeldet vom Gerät {device.name} auf {lang}."
    writing, moderating = seat(site, device, lang=lang, script=False), seat(site, device, script=False)
    write(writing, "Jonas", text)
    expect(writing.page.locator("h1")).to_have_text({"de": "Stimmt das so?", "en": "Is that right?"}[lang])
    writing.said(text)
    writing.page.locator("main [type=submit]:not([name])").click()
    writing.said(THANKS[lang])
    writing.look()

    email = f"mia-{device.name}-{lang}@einzelfall.example"
    join(moderating, site, site.invite(email, "moderator"), email, "Mia")
    moderating.open("/desk/comments")
    publish(moderating, text)
    writing.open(POST)
    expect(comment(writing, text)).to_be_visible()
    assert not writing.cookies


def publish(moderator: Reader, text: str) -> None:
    item = moderator.page.locator(".item").filter(has_text=text)
    item.get_by_role("button", name="Veröffentlichen").click()
    expect(item).to_have_count(0)
    moderator.look()
