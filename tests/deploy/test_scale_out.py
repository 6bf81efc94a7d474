"""Three hosts behind one nginx: they are one site, and when one of them is killed nobody notices."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from itertools import count
from urllib.parse import urlencode

import pytest
from flask import Flask

from app.comments.models import Comment, State
from app.extensions import db
from app.kit import tokens
from app.ledger.models import Checkpoint
from app.reports.models import Report
from tests.cast import make_comment, within
from tests.deploy.fleet import PORT, Fleet, fleet
from tests.deploy.network import needs_namespaces
from tests.server import PATIENCE, eventually

pytestmark = needs_namespaces
HOSTS = ("a", "b", "c")
REPORTS, WRITERS, READERS = 40, 3, 2
SLUG = "gastbeitrag-o2-netz"
WORDS = "Das steht auf jedem Rechner."
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Fleet, Flask]]:
    with fleet(tmp_path_factory.mktemp("fleet"), *HOSTS) as found:
        yield found


@pytest.fixture
def site(running: tuple[Fleet, Flask]) -> Fleet:
    return running[0]


@pytest.fixture
def app(running: tuple[Fleet, Flask]) -> Flask:
    return running[1]


def test_hosts_that_start_at_once_are_one_site(site: Fleet, app: Flask) -> None:
    with app.app_context():
        assert db.session.query(Checkpoint).count() == 1
        db.session.rollback()
    assert {path.name for path in site.instance.iterdir()} >= {"secret_key", "ledger_key"}
    assert not {"logs", "limits.sqlite", "serve.lock"} & {path.name for path in site.instance.iterdir()}
    for name in HOSTS:
        assert (site.folder / name / "logs").is_dir()
        assert "/desk/invitations/" in site.printed(name)
    eventually(lambda: site.who_runs_jobs(app), "one host runs the jobs")


def test_what_one_host_publishes_or_removes_all_of_them_show(site: Fleet, app: Flask) -> None:
    comment = make_comment(app, SLUG, text=WORDS)
    told("published", site, is_there=True)
    within(app, lambda: found(comment).decide(State.REMOVED, seen=State.PUBLISHED, reason="Beleidigung"))
    told("removed", site, is_there=False)


def test_a_host_killed_under_load_costs_no_reader_a_page_and_no_report_is_lost_or_doubled(
    site: Fleet, app: Flask
) -> None:
    victim = eventually(lambda: site.who_runs_jobs(app), "one host runs the jobs") or ""
    with app.app_context():
        before = db.session.query(Report).count()
        db.session.rollback()
    keys, over, codes = (f"scale-out-{number:04}" for number in count()), threading.Event(), list[str]()
    with site.clients(WRITERS + READERS) as clients:
        reads = [clients.submit(read_until, site, over) for _ in range(READERS)]
        try:
            tries = [clients.submit(tell, site, next(keys), codes) for _ in range(REPORTS)]
            eventually(lambda: len(codes) >= REPORTS // 3, "a third is told")
            site.kill(victim)
            asked_again = sum(task.result(PATIENCE) - 1 for task in tries)
        finally:
            over.set()
        statuses = sum((task.result(PATIENCE) for task in reads), Counter[int]())
    print(f"read {statuses}, reports sent again {asked_again}")
    assert set(statuses) == {200}
    assert len(set(codes)) == REPORTS
    with app.app_context():
        stored = {hash_ for (hash_,) in db.session.query(Report.receipt_hash)}
        assert len(stored) == before + REPORTS
        assert {tokens.digest(code) for code in codes} <= stored
        db.session.rollback()
    assert site.counted_in_redis(), "the hosts count together"
    audit = app.test_cli_runner().invoke(args=["audit"])
    assert audit.exit_code == 0, audit.output
    eventually(lambda: site.who_runs_jobs(app) not in {None, victim}, "another host runs the jobs")


def test_while_every_host_is_dead_pages_are_read(site: Fleet) -> None:
    pages = ["/", "/?lang=en", f"/posts/{SLUG}", "/posts/"]
    assert [site.there(lambda page=page: site.nginx.ask(page)).status for page in pages] == [200] * 4  # type: ignore[misc]
    for name in HOSTS:
        site.kill(name)
    eventually(lambda: site.there(lambda: site.nginx.ask("/imprint?never=read")).status == 503, "nobody answers")
    assert [site.there(lambda page=page: site.nginx.ask(page)).status for page in pages] == [200] * 4  # type: ignore[misc]


def found(comment: Comment) -> Comment:
    return db.session.get_one(Comment, comment.id)


def told(deed: str, site: Fleet, *, is_there: bool) -> None:
    """Wait until each host, and nginx in front of them, shows the comment, or no longer; print after how long."""
    began, seconds = time.monotonic(), {}
    for name in (*HOSTS, "nginx"):
        eventually(lambda name=name: site.there(lambda: shows(site, name)) == is_there, f"{name} has {deed} it")  # type: ignore[misc]  # a default binds it
        seconds[name] = round(time.monotonic() - began, 2)
    print(deed, seconds)


def shows(site: Fleet, name: str) -> bool:
    if name == "nginx":
        return WORDS.encode() in site.nginx.ask(f"/posts/{SLUG}").body
    connection = HTTPConnection(site.addresses[name], PORT, timeout=PATIENCE)
    try:
        connection.request("GET", f"/posts/{SLUG}")
        return WORDS.encode() in connection.getresponse().read()
    finally:
        connection.close()


def read_until(site: Fleet, over: threading.Event) -> Counter[int]:
    """Read pages one after the other; how often which status came back, 0 for none."""
    found, paths = Counter[int](), ("/", f"/posts/{SLUG}", "/?lang=en", "/counter.json", "/posts/")
    for number in count():
        if over.is_set():
            break
        try:
            found[site.nginx.ask(paths[number % len(paths)]).status] += 1
        except (HTTPException, OSError):
            found[0] += 1
    return found


def tell(site: Fleet, key: str, codes: list[str]) -> int:
    """Send a report until it is acknowledged; how often it was sent."""
    body, ends = urlencode({"key": key, "symptoms": "no_data", "place": "Jena"}).encode(), time.monotonic() + PATIENCE
    for tries in count(1):
        try:
            answer = site.nginx.ask("/reports", method="POST", body=body, headers=FORM)
        except (HTTPException, OSError):
            continue
        if answer.status == 303:
            codes.append(answer.headers["Location"].partition("/reports/")[2].partition("?")[0])
            return tries
        assert answer.status in {429, 503}, answer.status
        assert time.monotonic() < ends, f"{key} was never acknowledged"
        time.sleep(0.05)
    raise AssertionError
