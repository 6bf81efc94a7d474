"""The form with all it needs is small enough for the first round trips of a bad network."""

import re
from urllib.parse import urljoin, urlsplit

import brotli
import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from tests.page import Page, Pages
from tests.reports.telling import URL, with_key

FORM = "/reports/new"
LIMIT = 14_336  # bytes: ten segments of TCP, all that is sent before the first acknowledgement
LOADER = 512  # bytes that every other page pays for the outbox
BROTLI = {"Accept-Encoding": "br"}
LOADING = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch"}
LOADED_BY_SCRIPT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']""")
LOADED_BY_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""")
HOOK = re.compile(r"""document\.querySelector(?:All)?\("[a-z]*\[([a-z-]+)""")


def assets_of(page: Page) -> list[str]:
    """Every address that a page loads by itself."""
    found = [each["src"] for each in page.root.all("script", "img") if each.get("src")]
    found += [each["href"] for each in page.root.all("link") if LOADING & set(each.get("rel").split())]
    return list(dict.fromkeys(found))


def sizes(client: FlaskClient, path: str) -> dict[str, int]:
    """Bytes of a page and of all it loads, and of what that loads, as they are served to a browser."""
    html = client.get(path, headers=BROTLI)
    found, waiting = {path: len(html.data)}, assets_of(Page(client.get(path).text, path))
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        answer = client.get(address, headers=BROTLI, buffered=True)
        assert answer.status_code == 200, address
        found[address] = len(answer.data)
        waiting += _further(address, _plain(answer.data, answer.headers.get("Content-Encoding")))
    return found


def _plain(raw: bytes, coding: str | None) -> str:
    return (brotli.decompress(raw) if coding == "br" else raw).decode("utf-8")


def _further(address: str, text: str) -> list[str]:
    pattern = LOADED_BY_STYLE if ".css" in address else LOADED_BY_SCRIPT
    return [urljoin(address, each) for each in pattern.findall(text) if not each.startswith("data:")]


@pytest.mark.parametrize("path", [FORM, f"{FORM}?lang=en", f"{FORM}?place=Garmisch-Partenkirchen"])
def test_the_form_with_all_it_needs_fits_the_first_round_trips(
    client: FlaskClient, runner: FlaskCliRunner, path: str
) -> None:
    client.post(URL, data=with_key())
    assert runner.invoke(args=["ledger", "checkpoint"]).exit_code == 0, "the foot of the page names one"
    found = sizes(client, path)
    assert len(found) >= 8, "the page's own links are followed"
    assert sum(found.values()) <= LIMIT, found
    assert len(found) <= 10, "requests"


def test_the_form_loads_nothing_that_it_does_not_use(client: FlaskClient) -> None:
    html = client.get(FORM).text
    page = Page(html, FORM)
    for address in assets_of(page):
        text, name = client.get(address, buffered=True).text, urlsplit(address).path
        if name.endswith(".js"):
            (hook,) = set(HOOK.findall(text)[:1])
            assert f" {hook}" in html, f"{name} looks for {hook}"
        if name.endswith("forms.css"):
            classes = {each for each in re.findall(r"\.([a-z]+)[ ,:{>]", text) if len(each) > 2}
            used = {each for each in classes if page.with_class(each)}
            assert len(used) > 0.6 * len(classes), classes - used
    assert not {"rooms.css", "desk.css", "counter.js"} & {
        urlsplit(each).path.rpartition("/")[2] for each in assets_of(page)
    }


def test_other_pages_pay_little_for_the_outbox(client: FlaskClient) -> None:
    found = sizes(client, "/imprint")
    (loader,) = (size for address, size in found.items() if "js/pending.js" in address)
    assert loader < LOADER
    assert not [address for address in found if "js/outbox.js" in address]


def test_a_refused_form_is_as_small(pages: Pages) -> None:
    page = pages.read(pages.client.post(URL, data=with_key(place="")), URL, 422)
    assert assets_of(page) == assets_of(pages.open(FORM))


@pytest.mark.parametrize("coding", ["br", "identity"])
def test_a_style_is_the_same_however_it_is_sent(client: FlaskClient, coding: str) -> None:
    address = next(each for each in assets_of(Page(client.get(FORM).text, FORM)) if "site.css" in each)
    answer = client.get(address, headers={"Accept-Encoding": coding}, buffered=True)
    assert answer.headers.get("Content-Encoding", "identity") == coding
    assert _plain(answer.data, answer.headers.get("Content-Encoding")) == client.get(address, buffered=True).text
    assert "Accept-Encoding" in answer.headers["Vary"]
    etag = answer.headers["ETag"]
    again = client.get(address, headers={"Accept-Encoding": coding, "If-None-Match": etag}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def test_the_form_asks_for_nothing_again_and_again(client: FlaskClient) -> None:
    """Elsewhere an open page asks for the counter every two seconds; a bad network has better things to do."""
    assert "data-counter" not in client.get(FORM).text
