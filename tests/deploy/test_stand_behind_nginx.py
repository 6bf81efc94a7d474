"""The proxy that ships: what it keeps, what it passes on, what it writes down, and what it does when a host is gone."""

import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

import pytest

from tests.deploy.behind import PRIVATE, PUBLIC, Arrived, Host
from tests.deploy.nginx import NAME, Nginx
from tests.ports import free_port
from tests.server import eventually

WRITES = 20
paths = (f"/posts/number-{number}" for number in count())


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as host:
        yield host


@pytest.fixture(scope="module")
def running(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with Nginx(tmp_path_factory.mktemp("nginx"), [host.address], f"--writes={WRITES}") as nginx:
        eventually(nginx.is_listening, "nginx listens")
        yield nginx


@pytest.fixture
def nginx(running: Nginx, host: Host) -> Nginx:
    """In front of one host that answers publicly, and has not been asked yet."""
    host.arrived.clear()
    host.headers, host.status, host.before = dict(PUBLIC), 200, lambda _request: True
    return running


def test_the_configuration_is_sound(nginx: Nginx) -> None:
    said = subprocess.run(nginx.command("-t"), capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "warn" not in said.stderr


def test_http_leads_to_https_and_forms_stay_forms(nginx: Nginx) -> None:
    plain = HTTPConnection(nginx.address, nginx.http)
    plain.request("POST", "/reports?lang=en", b"a=b", {"Host": "evil.example"})
    answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (308, f"https://{NAME}:{nginx.https}/reports?lang=en")
    plain.close()


def test_it_speaks_http_2(nginx: Nginx) -> None:
    with nginx.connect(protocol="h2") as connection:
        assert connection.selected_alpn_protocol() == "h2"
        assert connection.version() in {"TLSv1.2", "TLSv1.3"}


def test_other_names_lead_nowhere(nginx: Nginx, host: Host) -> None:
    with pytest.raises(ssl.SSLError):
        nginx.connect("evil.example")
    assert nginx.ask("/", headers={"Host": "evil.example"}).status == 421
    assert host.arrived == []


def test_a_public_answer_is_asked_for_once_however_many_want_it(nginx: Nginx, host: Host) -> None:
    path = next(paths)
    host.headers["Cache-Control"] = "public, max-age=600"
    with ThreadPoolExecutor(10) as readers:
        answers = list(readers.map(lambda _: nginx.ask(path).body, range(20)))
    assert answers == [b"answer 1"] * 20
    assert nginx.ask(path, method="HEAD").status == 200
    assert len(host.arrived) == 1


def test_each_language_is_kept_apart(nginx: Nginx) -> None:
    path = next(paths)
    assert nginx.ask(path).body != nginx.ask(f"{path}?lang=en").body


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=1.0, gzip;q=0.8", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("brother, x-gzip", None),
        ("br;q=0.000, gzip;q=0", None),
        ("", None),
    ],
)
def test_what_is_sent_packed_is_told_by_three_words(
    nginx: Nginx, host: Host, said: str, understood: str | None
) -> None:
    path = next(paths)
    nginx.ask(path, headers={"Accept-Encoding": said})
    assert host.arrived[0].headers.get("accept-encoding") == understood


def test_each_encoding_is_kept_apart(nginx: Nginx, host: Host) -> None:
    path, said = next(paths), ("br", "gzip", "identity", "gzip, br", "deflate")
    host.headers["Cache-Control"] = "public, max-age=600"
    found = [nginx.ask(path, headers={"Accept-Encoding": one}).body for one in said]
    assert found == [b"answer 1", b"answer 2", b"answer 3", b"answer 1", b"answer 3"]


def test_what_is_one_reader_s_is_never_kept(nginx: Nginx, host: Host) -> None:
    path = next(paths)
    for headers in (PRIVATE, {**PUBLIC, "Set-Cookie": "session=anna"}, {**PUBLIC, "Vary": "Cookie"}):
        host.headers = dict(headers)
        assert nginx.ask(path).body != nginx.ask(path).body, headers
    assert nginx.ask(path, method="POST").body != nginx.ask(path, method="POST").body


def test_after_two_seconds_it_has_asked_again(nginx: Nginx, host: Host) -> None:
    path = next(paths)
    first, began = nginx.ask(path).body, time.monotonic()
    eventually(lambda: nginx.ask(path).body != first, "it asks again")
    print(f"asked again after {time.monotonic() - began:.2f} s")
    assert host.arrived[-1].headers["if-none-match"] == '"one"', "it asks whether anything has changed"


def test_the_host_learns_the_address_that_was_seen_and_nothing_that_was_claimed(nginx: Nginx, host: Host) -> None:
    claims = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix")
    more = ("Forwarded", "X-Real-IP", "Proxy", "TE", "Upgrade")
    nginx.ask(next(paths), headers=dict.fromkeys((*claims, *more), "203.0.113.9"))
    told = host.arrived[0].headers
    assert (told["x-forwarded-for"], told["x-forwarded-proto"]) == ("127.0.0.1", "https")
    assert told["host"] == f"{NAME}:{nginx.https}"
    assert "203.0.113.9" not in told.values()


def test_metrics_are_for_those_who_run_the_site(nginx: Nginx, host: Host) -> None:
    for path in ("/metrics", "/metrics?a=b", "/%6detrics", "//metrics", "/x/../metrics"):
        assert nginx.ask(path).status == 404, path
    assert host.arrived == []


def test_no_log_says_who_or_what(nginx: Nginx, host: Host) -> None:
    nginx.ask(
        "/reports/r3ceipt-0f-anna?thanks=anna%40example.org", headers={"User-Agent": "anna", "Referer": "http://anna"}
    )
    nginx.ask("/s3cret/r3ceipt")
    host.before = lambda _request: False
    nginx.ask("/reports/r3ceipt-lost", method="POST", body=b"text=anna")
    nginx.raw(b"GET /reports/r3ceipt HTTP/1.1\r\nHost: \x00\r\n\r\n")
    nginx.ask("/imprint")
    written = nginx.written(last=" GET imprint 503 ")
    assert " GET reports 200 " in written
    assert " POST reports 503 " in written
    for word in ("127.0.0.1", "r3ceipt", "s3cret", "anna", "thanks"):
        assert word not in written, word


def test_who_writes_much_is_made_slower_and_readers_are_not(nginx: Nginx, host: Host) -> None:
    host.headers, many, began = dict(PRIVATE), 2 * WRITES, time.monotonic()
    with ThreadPoolExecutor(many) as clients:
        sent = clients.map(lambda _: nginx.ask("/reports", method="POST", body=b"a=b").status, range(many))
        assert nginx.ask(next(paths)).status == 200
        assert list(sent) == [200] * many
    assert time.monotonic() - began > 0.9 * (many - WRITES) / WRITES, "they came faster than they may"


class Two:
    """Two hosts behind one nginx."""

    def __init__(self, nginx: Nginx, first: Host, second: Host) -> None:
        self.nginx, self.first, self.second = nginx, first, second


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with Host() as first, Host() as second, Nginx(tmp_path, [first.address, second.address]) as nginx:
        eventually(nginx.is_listening, "nginx listens")
        yield Two(nginx, first, second)


def test_a_dead_host_costs_no_answer(two: Two) -> None:
    two.first.headers = two.second.headers = dict(PRIVATE)
    two.first.die()
    answers = [two.nginx.ask("/reports", method=method).status for method in ("GET", "POST") * 5]
    assert answers == [200] * 10
    assert len(two.second.arrived) == 10


def test_what_may_have_arrived_is_not_sent_to_another_host(two: Two) -> None:
    seen: list[Arrived] = []

    def take_and_fall(request: Arrived) -> bool:
        seen.append(request)
        return False

    two.first.before = two.second.before = take_and_fall
    answer = two.nginx.ask("/reports", method="POST", body=b"key=once")
    assert (answer.status, answer.headers["Retry-After"], answer.headers["Cache-Control"]) == (503, "5", "no-store")
    assert "doppelt gezählt wird nichts" in answer.body.decode()
    assert len(seen) == 1


def test_while_every_host_is_dead_readers_read_what_was_kept(two: Two) -> None:
    path = next(paths)
    read = two.nginx.ask(path).body
    two.first.die()
    two.second.die()
    eventually(lambda: two.nginx.ask("/posts/never-read").status == 503, "nobody answers any more")
    threading.Event().wait(2.1)  # until what is kept is old
    for _ in range(3):
        answer = two.nginx.ask(path)
        assert (answer.status, answer.body) == (200, read)
    assert two.nginx.ask("/reports", method="POST").status == 503


def test_while_a_host_lives_nobody_is_shown_what_is_over(nginx: Nginx, host: Host) -> None:
    """It may have been removed: neither beside another reader, nor because the host has no time."""
    path, readers = next(paths), 8
    read = nginx.ask(path).body
    together, host.before = threading.Barrier(readers), lambda _request: not threading.Event().wait(0.1)
    threading.Event().wait(2.1)

    def ask(_number: int) -> bytes:
        together.wait()
        return nginx.ask(path).body

    with ThreadPoolExecutor(readers) as clients:
        assert read not in list(clients.map(ask, range(readers)))
    host.status, host.headers = 503, dict(PRIVATE)
    threading.Event().wait(2.1)
    assert nginx.ask(path).status == 503


def test_a_certificate_is_needed_to_start(tmp_path: Path) -> None:
    nginx = Nginx(tmp_path, [f"127.0.0.1:{free_port()}"])
    (tmp_path / "key").unlink()
    assert subprocess.run(nginx.command("-t"), capture_output=True, check=False).returncode != 0
