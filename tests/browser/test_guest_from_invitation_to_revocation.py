"""A guest's whole way at two real browsers: invited, signed off by passkey, published at its time, revoked."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import expect

from app.kit import clock
from tests.browser.conftest import Seat
from tests.browser.desk import has_device, join
from tests.browser.inspection import Inspection
from tests.browser.reader import PHONE, Reader
from tests.faults.clocks import DAY, Shifted
from tests.server import LINK, eventually

ERIK, GINA = "erik@einzelfall.example", "gina@o2.example"
TITLE, PATH, POST = "Zum Ausbau in Hamburg", "zum-ausbau-in-hamburg", "/posts/zum-ausbau-in-hamburg"
MINE, THEIRS = f"/desk/drafts/{PATH}", f"/desk/handed-in/{PATH}"
BEFORE, AFTER = "Wir bauen in Hamburg **drei** Stationen.", "Wir bauen in Hamburg bis März **drei** Stationen."
LONG = 11 * 60  # seconds after which whoever signs off is asked for the passkey again
KEPT = 1.25  # seconds for which an older page may be read: a quarter until each worker looks, and one in a browser


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Shifted]:
    """A fresh site of its own, whose clock can be set: the file of a post says when its time comes."""
    with Shifted(tmp_path / "site") as server:
        yield server


def test_a_guest_is_invited_published_word_for_word_and_revoked(site: Shifted, seat: Seat) -> None:
    editor, guest = seat(site), seat(site, PHONE)
    join(editor, site, site.invite(ERIK, "editor"), ERIK, "Erik")
    come_in(guest, site, invite(editor, site))
    seen = list(deed := Inspection(guest, hand_in(guest)))
    previewed = preview(guest, seat(site, PHONE))
    propose(editor)
    seen += list(answer := Inspection(guest, accept(guest, site)))
    assert not deed.complaints + answer.complaints
    assert len(seen) == 5
    schedule(editor)
    reader = seat(site, PHONE)
    assert reader.page.goto(POST).status == 404  # type: ignore[union-attr]  # there is an answer
    site.set_clock(2 * DAY)
    see_begun(reader, monotonic())
    read(reader)
    revoke(editor)
    revoked_at = monotonic()
    see_ended(reader, revoked_at)
    see_shut(reader, guest, previewed)


def invite(editor: Reader, site: Shifted) -> str:
    """The link in the guest's letter."""
    page = editor.open("/desk/people")
    page.locator("#invite-email").fill(GINA)
    page.locator("#invite-organisation").select_option("o2")
    page.locator("#invite-role").select_option("guest")
    page.locator("#invite-first_name").fill("Gina")
    page.locator("#invite-function").fill("Pressesprecherin")
    page.get_by_role("button", name="Einladung senden").click()
    editor.said("Eingeladen.")
    editor.look()
    editor.picture("way 01 invited")
    letters = eventually(lambda: [one for one in site.letters() if f"To: {GINA}\n" in one], "the letter is there")
    link = LINK.search(letters[0])
    assert link
    return link.group(0)


def come_in(guest: Reader, site: Shifted, link: str) -> None:
    page = guest.open(link)
    guest.said("Pressesprecherin")
    guest.picture("way 02 invitation")
    page.get_by_role("button", name="Code senden").click()
    page.locator("#sign-in-code").fill(site.code_for(GINA))
    guest.look()
    guest.picture("way 03 code")
    page.get_by_role("button", name="Weiter").click()
    guest.said("Willkommen, Gina.")
    has_device(guest)
    page.get_by_role("link", name="Passkeys", exact=True).click()
    page.get_by_role("button", name="Passkey hinzufügen").click()
    expect(page.locator(".item [name=name]")).to_be_visible()
    guest.look()
    guest.picture("way 04 passkey")


def hand_in(guest: Reader) -> Iterator[str]:
    page = guest.open("/desk/drafts/new")
    page.locator("#new-title").fill(TITLE)
    page.get_by_role("button", name="Beginnen").click()
    page.locator("#draft-body").fill(BEFORE)
    page.locator("#draft-authors").fill("Gina, Pressesprecherin")
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(page.get_by_text("Gespeichert.", exact=True)).to_be_visible()
    guest.picture("way 05 draft")
    yield "the guest's page"
    page.get_by_role("link", name="Vorschau-Links").click()
    page.get_by_role("button", name="Link zur neuesten Fassung").click()
    guest.said("Der Link ist da.")
    guest.picture("way 06 preview link")
    yield "links to a preview"
    page = guest.open(MINE)
    page.get_by_role("button", name="Speichern und einreichen").click()
    expect(page.locator(".diff")).to_contain_text("author: Gina")
    day = clock.today() + timedelta(days=1)
    page.locator("#sign-day").fill(day.isoformat())
    page.locator("#sign-time").fill("08:00")
    guest.picture("way 08 hand in")
    yield "what is signed off"
    page.get_by_role("button", name="Diesen Text unterschreiben").click()
    guest.said("Am Zug: die Redaktion")


def preview(guest: Reader, stranger: Reader) -> str:
    """Whoever has the link reads it, and no search engine; its address."""
    link = guest.open(f"{MINE}/previews").locator(".item a").inner_text()
    answer = stranger.page.goto(link)
    assert answer
    assert answer.status == 200
    assert "noindex" in answer.headers["x-robots-tag"]
    expect(stranger.page.locator("meta[name=robots]")).to_have_attribute("content", "noindex, nofollow")
    stranger.said("Wir bauen in Hamburg")
    stranger.said("Entwurf, nicht veröffentlicht.")
    assert not stranger.cookies
    stranger.look()
    stranger.picture("way 07 preview")
    return link


def propose(editor: Reader) -> None:
    page = editor.open("/desk/handed-in")
    page.get_by_role("link", name=TITLE).click()
    editor.look()
    editor.picture("way 09 handed in")
    page.get_by_role("link", name="Einen anderen Text vorschlagen").click()
    page.locator("#draft-note").fill("Mit Datum wird es klarer.")
    page.locator("#draft-body").fill(AFTER)
    editor.look()
    editor.picture("way 10 proposal written")
    page.get_by_role("button", name="Diesen Text vorschlagen").click()
    editor.said("Vorgeschlagen.")


def accept(guest: Reader, site: Shifted) -> Iterator[str]:
    """What would be other words is seen; by now the passkey has to be shown again."""
    page = guest.open(MINE)
    page.get_by_role("link", name="Den Vorschlag ansehen und entscheiden").click()
    expect(page.locator(".diff ins").first).to_contain_text("bis März")
    guest.picture("way 11 proposal")
    yield "the proposal"
    site.set_clock(LONG)
    page.get_by_role("button", name="Annehmen und unterschreiben").click()
    expect(page.locator("h1")).to_have_text("Bestätigen Sie, dass Sie es sind")
    guest.look()
    guest.picture("way 12 passkey asked")
    page.get_by_role("button", name="Mit einem Passkey bestätigen").click()
    guest.said("Am Zug: die Redaktion")
    guest.picture("way 13 signed off")
    guest.open("/desk/drafts")
    yield "all of the guest's posts"


def schedule(editor: Reader) -> None:
    """For the moment that the guest wished for, which stands in the form."""
    page = editor.open(THEIRS)
    expect(page.locator("#release-time")).to_have_value("08:00")
    page.get_by_role("button", name="Für diesen Zeitpunkt freigeben").click()
    expect(page.get_by_role("button", name="Für diesen Zeitpunkt freigeben")).to_have_count(0)
    editor.said("Geplant")
    editor.look()
    editor.picture("way 14 scheduled")


def see_begun(reader: Reader, begun_at: float) -> None:
    """Its time has come; readers are told as soon as 0022 promises, whoever has just been told that nothing is here."""

    def is_there() -> bool:
        opened_at = monotonic()
        answer = reader.page.goto(POST)
        assert answer
        assert opened_at - begun_at < KEPT or answer.ok
        return answer.ok

    eventually(is_there, "the post is public")


def read(reader: Reader) -> None:
    """The badge, the byline, and a file whose sum anybody can take."""
    page = reader.open(POST)
    expect(page.locator(".band")).to_contain_text("Gastbeitrag von O2")
    expect(page.locator(".byline").first).to_contain_text("Gina, Pressesprecherin")
    reader.said("Unterschrieben von Gina für O2")
    expect(page.get_by_text("verifiziert bis")).to_have_count(0)
    page.get_by_text("Genau dieser Text").click()
    expect(page.locator(".verified code")).to_be_visible()
    reader.look()
    reader.picture("way 15 published")
    words = page.request.get(f"{POST}/words").body()
    assert AFTER in words.decode()
    expect(page.locator(".verified code")).to_have_text(hashlib.sha256(words).hexdigest())


def revoke(editor: Reader) -> None:
    page = editor.open("/desk/people")
    page.once("dialog", lambda dialog: dialog.accept())
    item = page.locator(".item").filter(has_text=GINA)
    item.get_by_placeholder("Grund").fill("Hat das Unternehmen verlassen.")
    item.get_by_role("button", name="Entziehen").click()
    editor.said("Gina kann sich nicht mehr anmelden.")
    editor.look()
    editor.picture("way 16 revoked")


def see_ended(reader: Reader, revoked_at: float) -> None:
    """What was written stays, with until when it was verified; told to readers as soon as 0022 promises."""

    def is_told() -> bool:
        opened_at = monotonic()
        byline = reader.open(POST).locator(".byline").first.inner_text()
        assert opened_at - revoked_at < KEPT or "verifiziert bis" in byline, byline
        return "verifiziert bis" in byline

    eventually(is_told, "the byline says until when")
    expect(reader.page.locator(".prose")).to_contain_text("bis März")
    reader.picture("way 17 verified until")


def see_shut(reader: Reader, guest: Reader, previewed: str) -> None:
    """Nothing opens any more."""
    assert reader.page.goto(previewed).status == 410  # type: ignore[union-attr]  # there is an answer
    page = guest.open("/desk/drafts")
    expect(page.locator("#sign-in-email")).to_be_visible()
    guest.picture("way 18 signed out")
