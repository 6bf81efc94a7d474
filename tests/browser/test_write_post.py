"""A post is written at two desks at once."""

from collections.abc import Iterator

from playwright.sync_api import Route, expect

from tests.browser.conftest import Seat
from tests.browser.desk import join
from tests.browser.inspection import Inspection
from tests.browser.reader import Reader
from tests.server import Server

EVA, UWE = "eva.schreibt@einzelfall.example", "uwe@einzelfall.example"
TITLE = "Was wir im Dezember wissen"


def test_what_is_typed_saves_itself_and_two_who_save_at_once_both_keep_theirs(site: Server, seat: Seat) -> None:
    eva, uwe = seat(site), seat(site)
    join(eva, site, site.invite(EVA, "editor"), EVA, "Eva")
    join(uwe, site, site.invite(UWE, "editor"), UWE, "Uwe")
    seen = list(deed := Inspection(uwe, written_at_two_desks(eva, uwe)))
    assert not deed.complaints
    assert len(seen) == 4


def written_at_two_desks(eva: Reader, uwe: Reader) -> Iterator[str]:
    page = eva.open("/desk/drafts/new")
    page.locator("#new-title").fill(TITLE)
    slow: list[Route] = []
    page.route("**/js/autosave*", lambda route: slow.append(route))  # noqa: PLW0108 -- it asks how many arguments are taken
    with page.expect_request("**/js/autosave*"):
        page.get_by_role("button", name="Beginnen").click()
    page.locator("#draft-body").fill("Evas erster Satz.")
    slow.pop().continue_()
    expect(page.locator("[data-autosaved]")).to_have_text("Von selbst gespeichert.")
    page.unroute("**/js/autosave*")
    eva.look()
    other = uwe.open("/desk/drafts/was-wir-im-dezember-wissen")
    expect(other.locator("#draft-body")).to_have_value("Evas erster Satz.")
    uwe.picture("post written")
    yield "the page where it is written"
    page.locator("#draft-body").fill("Evas erster und zweiter Satz.")
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(page.get_by_text("Gespeichert.", exact=True)).to_be_visible()
    other.locator("#draft-body").fill("Uwes Satz.")
    expect(other.locator("[data-autosaved]")).to_contain_text(
        "Jemand anderes hat diesen Beitrag inzwischen gespeichert"
    )
    other.get_by_role("button", name="Speichern", exact=True).click()
    expect(other.locator("h1")).to_have_text("Jemand hat während des Schreibens gespeichert")
    expect(other.locator(".diff ins").first).to_be_visible()
    uwe.picture("post both")
    yield "both versions"
    other.locator("#draft-body").fill("Evas erster und zweiter Satz. Und Uwes.")
    other.get_by_role("button", name="Das speichern").click()
    other.get_by_role("button", name="Speichern und veröffentlichen").click()
    uwe.picture("post publication")
    yield "before it is published"
    other.get_by_role("button", name="Jetzt veröffentlichen").click()
    expect(other.get_by_text("Der Beitrag ist öffentlich.").first).to_be_visible()
    other = uwe.open("/desk/drafts/was-wir-im-dezember-wissen/revisions")
    expect(other.locator(".item")).to_have_count(5)
    uwe.picture("post revisions")
    yield "its revisions"
