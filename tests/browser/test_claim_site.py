"""The first start prints a link by which the owner claims the site."""

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.desk import join
from tests.browser.reader import PHONE
from tests.server import Server

OLGA = "olga@einzelfall.example"


def test_the_printed_link_makes_one_person_the_owner(site: Server, seat: Seat) -> None:
    owner, late = seat(site, PHONE), seat(site)
    link = site.owner_link
    assert link.startswith(site.url)
    join(owner, site, link, OLGA, "Olga")
    owner.open("/desk/people")
    expect(owner.page.locator(".item").filter(has_text=OLGA)).to_contain_text("Olga")

    late.open(link)
    expect(late.page.locator("#join-email")).to_have_count(0)
    assert site.command("audit").exit_code == 0
