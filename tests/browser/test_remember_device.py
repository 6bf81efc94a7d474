"""A device is remembered at its owner's wish, says with a tick that it is the same, and is forgotten again."""

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.desk import join
from tests.browser.reader import PHONE, Reader
from tests.browser.talk import POST, send, write
from tests.server import Server

SAME = "SELECT count(*) FROM comment_by_hand"


def test_a_writer_has_the_device_remembered_and_forgets_it(demo_site: Server, seat: Seat) -> None:
    reader = seat(demo_site, PHONE)
    page, tick = reader.page, reader.page.locator("#comment-hand")
    reader.open(f"{POST}/comments/new")
    expect(tick).to_be_hidden()
    write(reader, "Lena", "Am Bahnhof geht gar nichts.", f"{POST}/comments/new")
    page.locator("[data-remember] [type=submit]").click()
    expect(page.locator("[data-forget]")).to_be_visible()
    reader.look()
    reader.picture("remembered device")
    before = demo_site.rows(SAME)[0][0]

    write(reader, "Otto", "Im Zug auch nicht.", f"{POST}/comments/new")
    expect(page.locator("[data-forget]")).to_be_visible()
    assert demo_site.rows(SAME)[0][0] == before + 1

    reader.open(f"{POST}/comments/new")
    expect(tick).to_be_checked()
    reader.look()
    reader.picture("known device")
    _desk_shows_both(demo_site, seat(demo_site, PHONE))
    tick.uncheck()
    page.locator("#comment-name").fill("Lena")
    send(reader)  # refused: there is no text
    expect(page.locator("#comment-text[aria-invalid]")).to_be_visible()
    expect(tick).not_to_be_checked()

    page.locator("[data-address]").click()
    expect(tick).to_be_hidden()
    assert demo_site.rows(SAME)[0][0] == 0
    reader.open(f"{POST}/comments/new")
    expect(tick).to_be_hidden()
    assert not reader.cookies


def _desk_shows_both(site: Server, moderator: Reader) -> None:
    email = "mia-hands@einzelfall.example"
    join(moderator, site, site.invite(email, "moderator"), email, "Mia")
    id_ = site.rows("SELECT max(comment_id) FROM comment_by_hand")[0][0]
    page = moderator.open(f"/desk/comments/{id_}")
    moderator.said("Am Bahnhof geht gar nichts.")
    moderator.look()
    page.locator("a[href*='/desk/hands/']").click()
    expect(page.locator("main li.item")).to_have_count(2)
    moderator.look()
    moderator.picture("one hand")
