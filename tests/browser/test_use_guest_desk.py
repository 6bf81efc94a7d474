"""The carrier's people in their room: on a phone without a script, and what axe says of each of its pages."""

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.desk import set_up_passkey, sign_in
from tests.browser.inspection import Inspection
from tests.browser.reader import DESKTOP, PHONE, Reader
from tests.server import Server

MAIKE = "maike@o2.example"  # who answers for the carrier of the demo


def test_a_question_goes_from_hand_to_hand_and_out_into_the_open(demo_site: Server, seat: Seat) -> None:
    maike = seat(demo_site, PHONE)
    sign_in(maike, demo_site, MAIKE)
    set_up_passkey(maike)
    assert list(pages := Inspection(maike, room(maike)))
    assert not pages.complaints

    page = maike.open("/desk/guest")
    page.get_by_role("link", name="Weitergeben").first.click()
    maike.picture("guest-question-360")
    page.locator("#assign-to").select_option(label="Torben, Netzqualität")
    page.locator("#assign-note").fill("Kennst Du den Standort?")
    page.locator("#assign-to").locator("xpath=ancestor::form").get_by_role("button").click()
    maike.said("Abgegeben an Torben")
    maike.said("Am Zug ist Torben")
    page.get_by_role("link", name="Keine Aussage").first.click()
    page.locator("#cannot-say-reason_key").select_option(label="es ist noch nicht entschieden")
    page.get_by_role("button", name="Veröffentlichen, dass wir nichts sagen können").click()
    maike.said("Alle sehen jetzt")
    reader = seat(demo_site, PHONE, script=False)
    page = reader.open("/answers/")
    page.locator("summary").filter(has_text="Wozu Unternehmen nichts sagen können").click()
    expect(page.get_by_text("O2 kann dazu nichts sagen: es ist noch nicht entschieden").first).to_be_visible()
    reader.picture("answers-cannot-say-360")


def room(reader: Reader) -> Iterator[str]:
    """Every page of it."""
    for name, path in (
        ("guest-desk", "/desk/guest"),
        ("figures", "/desk/guest/figures/places"),
        ("figures-symptoms", "/desk/guest/figures/symptoms?place=Berlin"),
        ("figures-handovers", "/desk/guest/figures/handovers"),
    ):
        reader.open(path)
        for device in (DESKTOP, PHONE):
            reader.turn(device, "light")
            reader.picture(f"{name}-{device.width}")
        yield name
    reader.page.goto("/desk/guest")
    reader.page.get_by_role("link", name="Weitergeben").first.click()
    yield "question"
