"""An editor puts a picture into a post; readers get the version that fits, also without a script."""

from functools import partial
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.desk import OWNER, sign_in
from tests.browser.inspection import complaints
from tests.browser.reader import DESKTOP, PHONE, Reader
from tests.cast import make_post
from tests.pictures.making import blank, encoded
from tests.server import Server, eventually

CHOSEN = "image => image.decode().then(() => image.currentSrc)"


def test_a_picture_is_uploaded_described_and_shown_as_large_as_it_has_to_be(
    demo_site: Server, seat: Seat, tmp_path: Path
) -> None:
    file = tmp_path / "mast.png"
    file.write_bytes(encoded(blank(2000, 1200, colour="teal"), "PNG"))
    editor = seat(demo_site, PHONE)
    sign_in(editor, demo_site, OWNER)
    page = editor.open("/desk/pictures")
    page.locator("#picture-alt").fill("Ein Mast")
    page.get_by_role("button", name="Bild hochladen").click()
    expect(page.locator("#picture-file")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#picture-alt")).to_have_value("Ein Mast")
    page.locator("#picture-file").set_input_files(file)
    page.get_by_role("button", name="Bild hochladen").click()
    line = page.locator("[id^=line-]").first.input_value()
    assert line.startswith("![Ein Mast](/pictures/")
    editor.picture("pictures-phone")
    assert complaints(editor, "pictures") == []
    editor.turn(DESKTOP, "light")
    editor.picture("pictures-desktop")
    make_post(demo_site.instance / "posts", "mit-bild", f"Davor.\n\n{line}\n\nDanach.")
    for device, versions in ((PHONE, ("-480.webp", "-960.webp")), (DESKTOP, ("-960.webp", "-1600.webp"))):
        reader = seat(demo_site, device, script=False)
        eventually(partial(_is_there, reader), "the post is on the shelf, of whichever worker answers")
        shown = reader.page.get_by_role("img", name="Ein Mast")
        shown.scroll_into_view_if_needed()
        assert shown.evaluate(CHOSEN).endswith(versions)
        reader.picture(f"post-with-picture-{device.name}")


def _is_there(reader: Reader) -> bool:
    answer = reader.page.goto(reader.address("/posts/mit-bild"))
    return answer is not None and answer.ok
