"""The number on an open page."""

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Seat
from tests.browser.reader import Device, Reader
from tests.server import Server, eventually

SOON = 3_000  # milliseconds, of the watching page's own clock: how busy the machine is does not matter
NOTE_DIGITS = """() => {
  const digits = document.querySelector(".count data");
  window.shown = [digits.value];
  new MutationObserver(() => window.shown.push(digits.value)).observe(digits, { childList: true, attributes: true });
}"""


def test_a_second_open_page_shows_the_new_number_within_three_seconds(
    site: Server, seat: Seat, device: Device, lang: str
) -> None:
    watching, telling = seat(site, device, lang=lang), seat(site)
    watching.stop_clock()
    watching.open("/")
    watching.page.evaluate(NOTE_DIGITS)
    told = [report(telling) for _ in range(2)]
    watching.page.clock.run_for(SOON)
    expect(digits(watching)).to_have_attribute("value", told[-1])

    told.append(report(telling))
    watching.page.clock.run_for(SOON)
    expect(digits(watching)).to_have_attribute("value", told[-1])
    shown = [int(each) for each in watching.page.evaluate("window.shown")]
    true = {int(told[0]) - 1, *map(int, told)}
    assert set(shown) <= true, f"showed {shown}, true were {true}"
    assert shown == sorted(shown)


def test_the_digits_are_grouped_as_the_language_does_and_quiet(demo_site: Server, seat: Seat, lang: str) -> None:
    reader = seat(demo_site, lang=lang)
    reader.open("/")
    expect(digits(reader)).to_have_text({"de": "8.", "en": "8,"}[lang] + f"{count(reader):05}"[-3:])
    for place in reader.page.locator("[data-counter]").all():
        assert place.get_attribute("aria-live") == "off"
        assert place.evaluate("element => element.closest('[role=status], [role=alert]')") is None


def test_a_page_that_was_offline_catches_up(site: Server, seat: Seat) -> None:
    watching, telling = seat(site), seat(site)
    watching.stop_clock()
    watching.open("/")
    watching.context.set_offline(True)
    told = report(telling)
    watching.page.clock.run_for(SOON)
    assert count(watching) == int(told) - 1
    watching.context.set_offline(False)

    def catch_up() -> bool:
        watching.page.clock.run_for(SOON)
        return count(watching) == int(told)

    eventually(catch_up, "the number is true again")
    watching.forgive("ERR_INTERNET_DISCONNECTED")


def report(reader: Reader) -> str:
    """Report from another page; the number that was given."""
    page = reader.open("/reports/new")
    page.get_by_role("checkbox").first.check()
    page.locator("#report-place").fill("Jena")
    page.locator("main [type=submit]:not([name])").click()
    return page.locator("h1 data").get_attribute("value") or ""


def digits(reader: Reader) -> Locator:
    return reader.page.locator(".count data")


def count(reader: Reader) -> int:
    return int(digits(reader).get_attribute("value") or "")
