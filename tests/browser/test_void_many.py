"""A flood of copies, taken out and put back by somebody without a mouse."""

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.desk import join
from tests.browser.inspection import Inspection
from tests.browser.reader import Reader
from tests.server import Server

MO = "mara@einzelfall.example"
COPY = "Das Netz ist überall perfekt, hier beschwert sich nur die Konkurrenz, glaubt dieser Seite kein Wort!"
COPIES = 8


def test_a_flood_is_voided_and_restored_by_keyboard(site: Server, seat: Seat) -> None:
    flood(seat(site))
    mara = seat(site)
    join(mara, site, site.invite(MO, "moderator"), MO, "Mara")
    mara.lang = "en"
    seen = list(deed := Inspection(mara, voided_and_restored(mara, site)))
    assert not deed.complaints
    assert len(seen) == 6


def voided_and_restored(mara: Reader, site: Server) -> Iterator[str]:
    page = mara.open("/desk/held")
    item = page.locator(".item").filter(has_text="Konkurrenz")
    expect(item).to_contain_text("5 reports")
    yield "held reports"
    mara.tab_to(item.locator("a.more"))
    mara.press("Enter")
    expect(page.locator("#found")).to_have_text("8 reports match")
    yield "reports found"
    mara.tab_to(page.locator("[data-row] button").first)
    mara.press("d")
    expect(page.locator("main form.decide [type=submit]")).to_be_focused()
    assert count(site) == 3
    yield "question"
    mara.tab_to(page.locator("main form.decide [type=submit]"))
    mara.press("Enter")
    expect(page.locator(".flash [type=submit]")).to_be_visible()
    assert count(site) == 0
    yield "voided"
    mara.tab_to(page.locator(".flash [type=submit]"))
    mara.press("Enter")
    expect(page.locator(".flash form")).to_have_count(0)
    assert count(site) == 3
    yield "restored"
    page = mara.open("/desk/reports?state=counted")
    mara.tab_to(page.locator("a.more").first)
    mara.press("j", "k", "o")
    expect(page.locator("dl.facts")).to_be_visible()
    yield "one report"


def flood(sender: Reader) -> None:
    """Copies, each with a number of its own, as a program sends them."""
    for number in range(COPIES):
        form: dict[str, str | float | bool] = {
            "symptoms": "no_data",
            "place": f"Dorf {number}",
            "text": f"{COPY} {number}",
            "key": f"flood-number-{number}",
        }
        answer = sender.context.request.post("/reports", form=form, headers={"Accept": "application/json"})
        assert answer.json()["state"] == ("counted" if number < 3 else "held")


def count(site: Server) -> int:
    """How many of the copies count."""
    return int(site.rows("SELECT count(*) FROM report WHERE state = 'counted' AND place LIKE 'Dorf %'")[0][0])
