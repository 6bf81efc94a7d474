"""verify.py reads a site over HTTP, and no site, however odd, makes it hang, crash or tell a receipt."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app.extensions import db
from app.ledger import verify
from app.ledger.models import Reason
from tests.ledger import site as sites
from tests.ledger.site import RECEIPT, Answer, Site, redirect_to, send
from tests.ledger.telling import tell
from tests.ledger.written import SIGNER, Written, fault_of, found_by, lively

CHECKPOINT = "/ledger/checkpoint"
ENTRIES = "/ledger/entries"
COUNTER = "/counter.json"
EXPORT = f"/reports/{RECEIPT}/export.json"


@pytest.fixture
def site() -> Iterator[Site]:
    """A site with a ledger of eleven entries, of which the checkpoint covers eight."""
    with Site(lively(), size=8) as site:
        yield site


def test_a_site_that_agrees_is_told_in_numbers_and_sentences(site: Site) -> None:
    said = found_by(site.url, "--receipt", RECEIPT)
    assert "Size     8\n" in said
    assert "3 newer entries" in said
    assert "The site shows the counter 2, as its entries make it." in said
    assert "Your report is entry 1 of 11" in said
    assert RECEIPT not in said
    assert site.asked == [CHECKPOINT, "/ledger/key", EXPORT, COUNTER, f"{ENTRIES}?from=0&to=50000"]


@pytest.mark.parametrize("end", ["/", "/ledger", "/ledger/"])
def test_the_address_of_the_ledger_will_do(site: Site, end: str) -> None:
    found_by(site.url + end)


def test_a_host_called_ledger_is_not_cut_off() -> None:
    assert verify.Site("http://ledger", 1).address == "http://ledger"
    assert verify.Site("http://ledger/ledger/", 1).address == "http://ledger"
    assert verify.Site("https://example.org/site/ledger", 1).address == "https://example.org/site"


def test_entries_are_fetched_in_pages() -> None:
    ledger = Written()
    for _ in range(verify.PAGE + 2):
        ledger.add("counted")
    with Site(ledger) as site:
        assert f"Counter  {verify.PAGE + 2}\n" in found_by(site.url)
        assert [path for path in site.asked if path.startswith(ENTRIES)] == [
            f"{ENTRIES}?from=0&to=50000",
            f"{ENTRIES}?from=50000&to=100000",
        ]
        every = b"".join(ledger.lines)
        site.odd[ENTRIES] = lambda request: send(request, 200, every)
        assert "more than the 50000 entries that it was asked for" in fault_of(site.url)


@pytest.mark.parametrize("path", [CHECKPOINT, "/ledger/key", EXPORT, COUNTER, ENTRIES])
@pytest.mark.parametrize(
    "odd",
    [
        sites.send_less_than_announced,
        sites.send_broken_chunks,
        sites.speak_another_language,
        sites.hang_up,
        sites.fail,
        redirect_to("http://localhost:1/elsewhere"),
        redirect_to("ftp://127.0.0.1/elsewhere"),
        redirect_to("file:///etc/passwd"),
        redirect_to(EXPORT),
    ],
)
def test_an_odd_answer_is_refused_in_one_sentence(
    site: Site, path: str, odd: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    site.odd[path] = odd
    assert verify.main([site.url, "--receipt", RECEIPT]) == 1
    said = capsys.readouterr().out
    assert said.startswith("Not verified. ")
    assert said.count("\n") == 1
    assert "broke off" not in said, "the fault was foreseen"
    assert RECEIPT not in said
    assert "/reports/" not in said


@pytest.mark.parametrize("odd", [sites.drip_body, sites.drip_headers, sites.say_nothing])
def test_a_slow_site_is_given_up_in_time(site: Site, odd: Answer) -> None:
    site.odd[ENTRIES] = odd
    began = time.monotonic()
    said = fault_of(site.url, "--timeout", "0.5", "--receipt", RECEIPT)
    assert time.monotonic() - began < sites.LONG / 2
    assert "longer than 0.5 seconds" in said or "no whole answer" in said


@pytest.mark.parametrize("path", [CHECKPOINT, EXPORT, COUNTER])
def test_an_endless_answer_is_cut_off(site: Site, path: str) -> None:
    site.odd[path] = sites.send_without_end
    assert "sends more or less than that" in fault_of(site.url, "--receipt", RECEIPT)


def test_a_redirect_within_the_site_is_followed(site: Site) -> None:
    site.pages["/moved"] = site.pages[CHECKPOINT]
    site.odd[CHECKPOINT] = redirect_to("/moved")
    found_by(site.url)


def test_a_site_that_is_not_there_is_told_so(site: Site) -> None:
    with Site(lively()) as gone:
        address = gone.url
    assert "gives no whole answer (Connection refused)" in fault_of(address, "--receipt", RECEIPT)


def test_a_receipt_that_the_site_does_not_know_is_not_repeated(site: Site) -> None:
    said = fault_of(site.url, "--receipt", "AAAA-BBBB")
    assert "the report of that receipt and answers with the error 404" in said
    assert "AAAA" not in said


def test_another_key_than_the_trusted_one_is_refused(site: Site) -> None:
    site.pages["/ledger/key"] = SIGNER.vkey.encode().replace(b"+", b"x", 1)
    assert "is not in the form of a key" in fault_of(site.url, "--key", SIGNER.vkey)


@pytest.mark.parametrize("body", [b"", b"3", b"[]", b'{"count":"2"}', b'{"count":true}', b"\xff", b"[" * 60_000])
def test_a_counter_in_no_form_is_refused(site: Site, body: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    site.pages[COUNTER] = body
    assert verify.main([site.url]) == 1
    assert "not in the form of a counter" in capsys.readouterr().out


def test_a_counter_that_no_entries_make_is_refused(site: Site) -> None:
    site.pages[COUNTER] = b'{"count":4000}'
    assert "The site shows the counter 4000, but its entries make 2." in fault_of(site.url)


def test_a_report_told_meanwhile_is_no_fault(site: Site) -> None:
    grown = lively().add("counted", minute="2011-11-25T00:01Z")

    def tell(request: BaseHTTPRequestHandler) -> None:
        """At the second look there is one more report, and one more entry."""
        is_second = site.asked.count(COUNTER) > 1
        site.lines = grown.lines if is_second else site.lines
        send(request, 200, b'{"count":3}' if is_second else b'{"count":99}')

    site.odd[COUNTER] = tell
    assert "The site shows the counter 3" in found_by(site.url)


def test_what_our_own_site_serves_agrees(on_each: Flask) -> None:
    with on_each.app_context():
        reports = [tell() for _ in range(5)]
        reports[3].uncount(Reason.SPAM)
        db.session.commit()
    server = make_server("127.0.0.1", 0, on_each, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        said = found_by(f"http://127.0.0.1:{server.port}/ledger/")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert "Size     6\n" in said
    assert "Counter  4\n" in said
    assert "The site shows the counter 4" in said
