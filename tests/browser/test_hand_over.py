"""A handover: proposed, released by two, loaded and answered by a guest, read by the public; each page with axe."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.desk import join, set_up_passkey
from tests.browser.inspection import Inspection
from tests.browser.reader import DESKTOP, PHONE, WITH_PICTURES, Reader
from tests.server import Server

EDITOR, OWNER, GUEST = "ella@einzelfall.example", "thea@einzelfall.example", "gitta@o2.example"
ANSWER = "Danke. Die Gruppen mit Ort und Monat gleichen wir mit unserem Ausbauplan ab."
HEADER = (
    "Zeitstempel",
    "In welcher Stadt hast Du Probleme?",
    "Stadtteil / Ort (optional)",
    "Welche Probleme hast Du? (Mehrfachauswahl möglich)",
)
PROBLEMS = ("Kein Netz", "Datenverbindung vorhanden, aber sehr langsam")
PLACES = (("Berlin", "Mitte", 40), ("Berlin", "", 20), ("Hamburg", "Altona", 24), ("Kiel", "", 6))


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Server]:
    """A fresh site of its own to which a sheet of ninety reports was imported."""
    with (
        Server(tmp_path / "site") as server,
        (tmp_path / "answers.csv").open("w", encoding="utf-8", newline="") as sheet,
    ):
        rows = csv.writer(sheet)
        rows.writerow(HEADER)
        for place, district, many in PLACES:
            rows.writerows((f"12.11.2011 17:58:{n:02}", place, district, PROBLEMS[n % 2]) for n in range(many))
        sheet.flush()
        done = server.command("reports", "import", sheet.name, "--date-order", "dmy")
        assert done.exit_code == 0, done.output
        yield server


def test_a_handover_leaves_when_two_have_looked_at_it(filled: Server, seat: Seat) -> None:
    ella, thea, gitta, anybody = (seat(filled) for _ in range(4))
    join(thea, filled, filled.invite(OWNER, "owner"), OWNER, "Thea")
    join(ella, filled, filled.invite(EDITOR, "editor"), EDITOR, "Ella")
    join(gitta, filled, filled.invite(GUEST, "guest", "o2"), GUEST, "Gitta")
    set_up_passkey(gitta)
    for reader, deeds in ((ella, proposed), (thea, released), (gitta, answered), (anybody, read)):
        reader.lang = "en"
        for name in (walk := Inspection(reader, deeds(reader))):
            shoot(reader, name)
        assert not walk.complaints
    assert not anybody.cookies
    rows = filled.rows("SELECT count(*) FROM handover_record")[0][0]
    assert len(loaded(gitta)) == rows >= 60
    assert filled.command("audit").exit_code == 0


def proposed(ella: Reader) -> Iterator[str]:
    page = ella.open("/desk/handovers/new")
    page.locator("#propose-organisation").select_option("o2")
    page.locator("#propose-k").fill("3")
    page.locator("main form.stack [type=submit]").click()
    expect(page.locator(".faults")).to_be_visible()
    yield "propose-refused"
    page.locator("#propose-k").fill("10")
    page.locator("main form.stack [type=submit]").click()
    expect(page.locator("table.printed tbody tr")).to_have_count(25)
    yield "proposal"
    page.get_by_role("button", name="Release …").click()
    yield "first-question"
    page.get_by_role("button", name="Yes, release it").click()
    expect(page.locator(".flash form")).to_be_visible()


def released(thea: Reader) -> Iterator[str]:
    page = thea.open("/desk/handovers")
    page.get_by_role("link", name="Look at it").click()
    page.get_by_role("button", name="Discard …").click()
    yield "discard-question"
    page.get_by_role("link", name="No, go back").click()
    page.get_by_role("button", name="Release …").click()
    yield "second-question"
    page.get_by_role("button", name="Yes, hand it over").click()
    expect(page.locator(".flash")).to_contain_text("Released:")
    yield "released"


def answered(gitta: Reader) -> Iterator[str]:
    page = gitta.open("/desk/handovers")
    page.locator(".item a").first.click()
    page.locator("#answer-text").fill(ANSWER)
    page.get_by_role("button", name="Publish the answer").click()
    expect(page.locator(".comment.is-official")).to_contain_text(ANSWER)
    yield "answered"


def read(anybody: Reader) -> Iterator[str]:
    page = anybody.open("/handovers/")
    expect(page.locator(".handover .comment").first).to_contain_text(ANSWER)
    yield "public-list"
    page.locator(".handover h2 a").first.click()
    expect(page.locator(".hashes code")).to_have_count(5)
    yield "public"


def loaded(gitta: Reader) -> list[dict[str, str]]:
    """The rows of the table as a guest loads it at the desk."""
    page = gitta.open("/desk/handovers")
    page.locator(".item a").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="records.csv").click()
    with Path(download.value.path()).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def shoot(reader: Reader, name: str) -> None:
    """The page on both devices."""
    for device in (PHONE, DESKTOP) if WITH_PICTURES else ():
        reader.turn(device, "light")
        reader.picture(f"handover-{name}-{device.width}")
