"""“Me too” in a real browser: two taps, stored once, and a hint that stays on the device."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.reader import PHONE
from tests.server import Server

PLACE = "/places/kyritz"
STORED = "SELECT symptom FROM me_too WHERE place_id = '12068264'"


def test_two_taps_say_me_too_and_the_device_remembers(site: Server, seat: Seat) -> None:
    reader = seat(site, PHONE)
    page = reader.open(PLACE)
    page.locator(".chip", has=page.locator("[value=sms]")).tap()
    page.locator("form.me-too [type=submit]").tap()
    expect(page).to_have_url(re.compile(r"/places/kyritz/thanks(\?|$)"))
    assert site.rows(STORED) == [("sms",)]

    page = reader.open(PLACE)
    hint = page.locator("form.me-too [data-said]")
    expect(hint).to_be_empty()
    page.locator(".chip", has=page.locator("[value=sms]")).tap()
    expect(hint).not_to_be_empty()
    page.locator(".chip", has=page.locator("[value=calls_in]")).tap()
    expect(hint).to_be_empty()
    assert not reader.cookies


def test_without_a_script_it_takes_one_tap_more(site: Server, seat: Seat) -> None:
    page = seat(site, PHONE, script=False).open(PLACE)
    page.locator("[value=data_stuck]").check()
    page.locator("form.me-too [type=submit]").tap()
    page.locator("main form [type=submit]").tap()
    expect(page).to_have_url(re.compile(r"/places/kyritz/thanks(\?|$)"))
    assert ("data_stuck",) in site.rows(STORED)
