"""A post is written at two desks at once; then a guest's goes the whole way, on a phone."""

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.desk import join, set_up_passkey
from tests.browser.inspection import Inspection
from tests.browser.reader import PHONE, Reader
from tests.server import Server

EVA, UWE, GUEST = "eva.schreibt@einzelfall.example", "uwe@einzelfall.example", "gina@o2.example"
TITLE, GUEST_TITLE = "Was wir im Dezember wissen", "Zum Ausbau in Hamburg"


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
    page.get_by_role("button", name="Beginnen").click()
    page.locator("#draft-body").fill("Evas erster Satz.")
    expect(page.locator("[data-autosaved]")).to_have_text("Von selbst gespeichert.")
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


def test_a_guest_s_post_is_signed_off_by_passkey_and_read_word_for_word(site: Server, seat: Seat) -> None:
    guest, editor, reader = seat(site, PHONE), seat(site), seat(site, PHONE)
    join(guest, site, site.invite(GUEST, "guest", "o2"), GUEST, "Gina")
    set_up_passkey(guest)
    join(editor, site, site.invite("erik@einzelfall.example", "editor"), "erik@einzelfall.example", "Erik")
    seen = list(deed := Inspection(guest, handed_in_and_released(guest, editor)))
    assert not deed.complaints
    assert len(seen) == 4
    page = reader.open("/posts/zum-ausbau-in-hamburg")
    page.get_by_text("Genau dieser Text").click()
    expect(page.locator(".verified code")).to_be_visible()
    reader.picture("post released")
    reader.look()


def handed_in_and_released(guest: Reader, editor: Reader) -> Iterator[str]:
    page = guest.open("/desk/drafts/new")
    page.locator("#new-title").fill(GUEST_TITLE)
    page.get_by_role("button", name="Beginnen").click()
    page.locator("#draft-body").fill("Wir bauen in Hamburg **drei** Stationen.")
    page.locator("#draft-authors").fill("Gina, Pressesprecherin")
    guest.picture("guest post written")
    yield "the guest's page"
    page.get_by_role("button", name="Speichern und einreichen").click()
    expect(page.locator(".diff")).to_contain_text("author: Gina")
    guest.picture("guest post signing")
    yield "what is signed off"
    page.get_by_role("button", name="Diesen Text unterschreiben").click()
    expect(page.get_by_text("Am Zug: die Redaktion").first).to_be_visible()
    there = editor.open("/desk/handed-in")
    there.get_by_role("link", name=GUEST_TITLE).click()
    editor.look()
    editor.picture("guest post at the desk")
    there.get_by_role("link", name="Einen anderen Text vorschlagen").click()
    there.locator("#draft-note").fill("Mit Datum wird es klarer.")
    there.locator("#draft-body").fill("Wir bauen in Hamburg bis März **drei** Stationen.")
    editor.look()
    there.get_by_role("button", name="Diesen Text vorschlagen").click()
    expect(there.get_by_text("Vorgeschlagen.").first).to_be_visible()
    page = guest.open("/desk/drafts/zum-ausbau-in-hamburg")
    page.get_by_role("link", name="Den Vorschlag ansehen und entscheiden").click()
    expect(page.locator(".diff ins")).to_contain_text("bis März")
    guest.picture("guest post proposal")
    yield "the proposal"
    page.get_by_role("button", name="Annehmen und unterschreiben").click()
    expect(page.get_by_text("Am Zug: die Redaktion").first).to_be_visible()
    there = editor.open("/desk/handed-in/zum-ausbau-in-hamburg")
    there.get_by_role("button", name="Jetzt freigeben, Wort für Wort").click()
    expect(there.get_by_text("Der Beitrag ist öffentlich.").first).to_be_visible()
    page = guest.open("/desk/drafts")
    guest.picture("guest posts")
    yield "all of the guest's posts"
