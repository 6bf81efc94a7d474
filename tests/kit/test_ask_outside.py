"""Asking somebody else's server: nothing that it does leads elsewhere, takes longer, or brings more."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kit.outside import Fault, Missing, Outside, Unanswered, Unreachable
from app.kit.public_addresses import is_public
from tests.kit.outsiders import HERE, Outsiders, closed_port, dripping, huge, outsiders, page

HOST = "o2.example"
PATH = "/.well-known/einzelfall.txt"
QUICK = 1.0  # seconds instead of five, so that tests of slowness are quick


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture
def there(folder: Path) -> Iterator[Outsiders]:
    with outsiders(folder, QUICK) as made:
        yield made


def fault_of(outside: Outside) -> Unanswered:
    with pytest.raises(Unanswered) as caught:
        outside.read(HOST, PATH)
    return caught.value


def test_a_text_is_read_under_the_own_name_without_cookies(there: Outsiders) -> None:
    web = there.serve(HOST, page("\ufeffhello\n", "200 OK", "Set-Cookie: a=b"))
    assert there.outside().read(HOST, PATH) == "hello\n"
    assert there.outside().read(HOST, PATH) == "hello\n"
    request = web.asked[-1].decode().lower()
    assert request.startswith(f"get {PATH} ")
    assert f"host: {HOST}" in request
    assert "einzelfall" in request.partition("user-agent:")[2]
    assert "cookie" not in request
    assert "gzip" not in request


@pytest.mark.parametrize(
    ("answer", "kind", "fault"),
    [
        (page("", "301 Moved", "Location: https://www.o2.example/x"), Missing, Fault.REDIRECT),
        (page("", "302 Found", "Location: http://169.254.169.254/latest"), Missing, Fault.REDIRECT),
        (page("no", "404 Not Found"), Missing, Fault.STATUS),
        (page("", "204 No Content"), Missing, Fault.STATUS),
        (page("later", "503 Unavailable"), Unreachable, Fault.STATUS),
        (page("later", "429 Slower"), Unreachable, Fault.STATUS),
        (page("<p>", kind="application/octet-stream"), Missing, Fault.NO_TEXT),
        (page("x" * 65_537), Missing, Fault.TOO_MUCH),
        (huge(10), Missing, Fault.TOO_MUCH),
        (dripping(8), Unreachable, Fault.SLOW),
        (lambda _send: time.sleep(2), Unreachable, Fault.SLOW),
        (lambda send: send(b"HTTP/1.1 200 OK\r\nContent-Le"), Unreachable, Fault.AWAY),
        (lambda send: send(b"SSH-2.0-OpenSSH\r\n"), Unreachable, Fault.AWAY),
        (lambda send: send(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000), Unreachable, Fault.AWAY),
    ],
    ids=["moved", "to metadata", "404", "204", "503", "429", "binary", "64 KB and one", "10 GB", "dripping", "silent",
         "broken off", "no HTTP", "endless headers"],
)  # fmt: skip
def test_what_does_not_answer_as_it_should_is_refused_in_time(
    there: Outsiders, answer: object, kind: type[Unanswered], fault: Fault
) -> None:
    there.serve(HOST, answer)  # type: ignore[arg-type]  # lambdas answer something, which nobody reads
    began = time.monotonic()
    refused = fault_of(there.outside())
    assert (type(refused), refused.fault) == (kind, fault)
    assert time.monotonic() - began < QUICK + 1


def test_a_name_that_leads_inside_is_never_connected_to(there: Outsiders) -> None:
    web = there.serve(HOST, page("secret"))
    assert fault_of(there.outside(rule=is_public)).fault == Fault.PRIVATE
    assert web.asked == []


def test_one_private_address_among_public_ones_is_enough(there: Outsiders) -> None:
    web = there.serve(HOST, page("secret"))
    there.dns.zone[HOST, "A"] = ["8.8.8.8", HERE]
    refused = fault_of(there.outside(rule=lambda address: address != HERE))
    assert (type(refused), refused.fault) == (Missing, Fault.PRIVATE)
    there.dns.zone[HOST, "A"], there.dns.zone[HOST, "AAAA"] = ["8.8.8.8"], ["::1"]
    assert fault_of(there.outside(rule=lambda address: address != "::1")).fault == Fault.PRIVATE
    assert web.asked == []


def test_a_name_that_changes_its_mind_leads_nowhere_else(there: Outsiders) -> None:
    """Rebinding: the first answer is public, every later one is not. One is asked for, and connected to."""
    web = there.serve(HOST, page("hello"))
    answers = iter([[HERE]])
    there.dns.zone[HOST, "A"] = lambda: next(answers, ["127.0.0.2"])
    assert there.outside().read(HOST, PATH) == "hello"
    assert there.dns.asked.count((HOST, "A")) == 1
    assert len(web.asked) == 1
    assert fault_of(there.outside()).fault == Fault.PRIVATE


def test_the_next_address_is_tried_when_one_does_not_answer(there: Outsiders) -> None:
    there.serve(HOST, page("hello"))
    there.dns.zone[HOST, "A"] = ["127.0.0.9", HERE]  # nobody listens at the first
    assert there.outside(rule=lambda _address: True).read(HOST, PATH) == "hello"


def test_a_certificate_of_another_name_is_none(there: Outsiders) -> None:
    web = there.serve(HOST, page("hello"), as_host="other.example")
    refused = fault_of(there.outside())
    assert (type(refused), refused.fault) == (Unreachable, Fault.CERTIFICATE)
    assert web.asked == []


def test_a_certificate_that_nobody_trusts_is_none(there: Outsiders) -> None:
    there.serve(HOST, page("hello"))
    assert fault_of(there.outside(trust=ssl.create_default_context())).fault == Fault.CERTIFICATE


def test_who_is_not_there_is_away_and_a_name_of_nobody_is_missing(there: Outsiders) -> None:
    there.serve(HOST, page("hello"))
    assert fault_of(there.outside(port=closed_port())).fault == Fault.AWAY
    del there.dns.zone[HOST, "A"]
    refused = fault_of(there.outside())
    assert (type(refused), refused.fault) == (Missing, Fault.NO_NAME)


def test_without_anybody_who_resolves_names_nothing_is_known(there: Outsiders) -> None:
    there.serve(HOST, page("hello"))
    outside = there.outside()
    there.stop_dns()
    began = time.monotonic()
    refused = fault_of(outside)
    assert (type(refused), refused.fault) == (Unreachable, Fault.NO_DNS)
    with pytest.raises(Unreachable):
        outside.texts(HOST)
    assert time.monotonic() - began < 2 * QUICK + 1


def test_texts_of_a_name_are_read_with_their_parts_joined(there: Outsiders) -> None:
    there.dns.zone["_einzelfall.o2.example", "TXT"] = ['one" "two', "v=spf1 -all"]
    assert sorted(there.outside().texts("_einzelfall.o2.example")) == ["onetwo", "v=spf1 -all"]
    with pytest.raises(Missing):
        there.outside().texts("o2.example")
