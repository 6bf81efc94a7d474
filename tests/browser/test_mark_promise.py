"""An editor marks a sentence as a promise, tells that it is claimed and takes the claim back, without a mouse."""

from collections.abc import Iterator

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Seat
from tests.browser.desk import join
from tests.browser.inspection import Inspection
from tests.browser.reader import Reader
from tests.server import Server

PROMISED = "Wir werden die Kapazität unseres Netzes in den nächsten Monaten deutschlandweit erweitern."
WORDS = "Die Erweiterung ist abgeschlossen."
REASON = "Das war nur eine Ankündigung."


def test_a_sentence_is_marked_claimed_and_taken_back_by_keyboard(site: Server, seat: Seat) -> None:
    editor = seat(site)
    join(editor, site, site.invite("eva@einzelfall.example", "editor"), "eva@einzelfall.example", "Eva")
    editor.lang = "en"
    seen = list(deed := Inspection(editor, marked_claimed_and_taken_back(editor)))
    assert not deed.complaints
    assert len(seen) == 7
    assert site.rows("SELECT deed FROM promise_event ORDER BY id") == [("claimed",), ("taken-back",)]


def marked_claimed_and_taken_back(eva: Reader) -> Iterator[str]:
    page = eva.open("/desk/promises")
    yield "no promises"
    page = eva.open("/desk/promises/new")
    yield "posts to mark in"
    eva.tab_to(page.locator("main a[href*='gastbeitrag-o2-netz']"))
    eva.press("Enter")
    choose(eva, page.get_by_label(PROMISED, exact=True))
    eva.tab_to(page.locator("#mark-kind"))
    eva.type("Capa")
    eva.tab_to(page.locator("#mark-due_words"))
    eva.type("in den nächsten Monaten")
    eva.tab_to(page.locator("main form [type=submit]"))
    eva.press("Enter")
    expect(page.locator("#mark-proposed")).to_be_visible()
    expect(page.locator("#mark-due_on")).to_have_value("2012-02-29")
    expect(page.get_by_label(PROMISED, exact=True)).to_be_checked()
    eva.picture("promise proposed")
    yield "a day proposed"
    eva.tab_to(page.locator("main form [type=submit]"))
    eva.press("Enter")
    expect(page.locator(".lead")).to_have_text("Overdue")
    eva.picture("promise marked")
    yield "marked"
    tell(eva)
    expect(page.locator(".lead")).to_contain_text("too few answers")
    eva.picture("promise claimed")
    yield "claimed"
    claim = page.locator(".item").filter(has_text=WORDS)
    eva.tab_to(claim.locator("summary"))
    eva.press("Enter")
    eva.tab_to(claim.locator("[name=reason]"))
    eva.type(REASON)
    eva.picture("promise taken back")
    eva.press("Enter")
    expect(claim.locator("del")).to_have_text(WORDS)
    expect(claim).to_contain_text(REASON)
    expect(page.locator(".lead")).to_have_text("Overdue")
    yield "taken back"
    page = eva.open("/desk/promises")
    expect(page.locator(".item")).to_have_count(1)
    eva.picture("promises at the desk")
    yield "all promises"


def tell(eva: Reader) -> None:
    page = eva.page
    eva.tab_to(page.locator("#event-deed"))
    eva.type("It is said")
    page.locator("#event-said_on").fill("2012-01-20")  # a field for dates takes keys in the order of the locale
    eva.tab_to(page.locator("#event-words"))
    eva.type(WORDS)
    eva.tab_to(page.locator("#event-source"))
    eva.type("/posts/gastbeitrag-o2-zwischenstand")
    eva.tab_to(page.locator("form[action*='/events'] [type=submit]"))
    eva.press("Enter")


def choose(eva: Reader, radio: Locator) -> None:
    """Reach the list with Tab, then go down in it with the arrow, as far as it takes."""
    page = eva.page
    eva.tab_to(page.locator(".sentences input").first)
    for _ in range(page.locator(".sentences input").count()):
        if radio.is_checked():
            return
        eva.press("ArrowDown")
    raise AssertionError("the arrow does not reach the sentence")
