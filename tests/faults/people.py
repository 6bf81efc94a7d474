"""People who write and read while something fails: each sends the same thing again until it is acknowledged."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count, pairwise
from types import MappingProxyType
from typing import Self
from urllib.parse import urlencode

from app.kit import tokens
from tests.server import PATIENCE, eventually

POST = "/posts/gastbeitrag-o2-netz"
PAGES = ("/", "/counter.json", POST)
BREATH = (
    0.03  # seconds between two submissions of a writer: what a fault is to meet is begun, and the site has room to mend
)
TURN = 0.03  # seconds between two pages of a reader
CALM = 0.05  # seconds a client waits before it tries again
IMPATIENT = 20.0  # seconds without an answer after which a client sends again, as the outbox in the page does
UNWELL = (429, 503)  # answers that ask to send again
MOST = 64  # people at once
PLAIN: Mapping[str, str] = MappingProxyType({})
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    """What came back for a request."""

    status: int
    location: str
    retry_after: str
    text: str


@dataclass
class Sending:
    """One submission, from its first attempt to its acknowledgement; moments are those of `time.time()`."""

    kind: str  # "report" or "comment"
    key: str
    fields: dict[str, str]
    began_at: float = 0.0  # of the attempt that was acknowledged
    told_at: float = 0.0
    receipt: str = ""
    attempts: int = 0

    @property
    def path(self) -> str:
        return "/reports" if self.kind == "report" else f"{POST}/comments"

    @property
    def words(self) -> str:
        """What no other submission says."""
        return self.fields["device" if self.kind == "report" else "text"]


Kinds = Sequence[Callable[[], Sending]]


@dataclass
class Seen:
    """What readers saw: moments of pages, and of what was none."""

    pages: list[float] = field(default_factory=list)
    failures: list[float] = field(default_factory=list)

    def gap(self, since: float, until: float) -> float:
        """The longest time without a page, in seconds."""
        moments = [since, *sorted(at for at in self.pages if since < at < until), until]
        return max(after - before for before, after in pairwise(moments))


class People:
    """Writers and readers beside a site, from `with` to its end; then all that was begun is acknowledged."""

    def __init__(self, port: int, *, writers: int = 4, readers: int = 1, kinds: Kinds | None = None) -> None:
        """`kinds` make what is written, in turn: reports and comments without it."""
        self.port = port
        self._numbers, self._counts, self._kinds = count(), (writers, readers), kinds or (comment, report)
        self._over = threading.Event()
        self.told: list[Sending] = []
        self.seen = Seen()
        self.faults: list[str] = []  # answers that should not be
        self.statuses: Counter[str] = Counter()
        self._threads = ThreadPoolExecutor(MOST)
        self._running: list[Future[None]] = []

    def __enter__(self) -> Self:
        writers, readers = self._counts
        self.began_at = time.time()
        self._running = [self._threads.submit(self._read) for _ in range(readers)]
        self.are_joined_by(writers, self._kinds)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._threads.shutdown()
        self.ended_at = time.time()
        for each in self._running:
            each.result()

    def are_joined_by(self, writers: int, kinds: Kinds) -> None:
        """So many write these from now on, too."""
        self._running += [self._threads.submit(self._write, kinds) for _ in range(writers)]

    @property
    def refused(self) -> int:
        """How many attempts were in vain so far."""
        return sum(count for what, count in list(self.statuses.items()) if what != "303")

    def wait_for(self, more: int) -> None:
        """Until so many were acknowledged that were sent from now on."""
        now = time.time()
        eventually(
            lambda: len(self._begun_after(now)) >= more or any(each.done() for each in self._running),
            f"{more} were told",
        )

    def first_after(self, moment: float) -> float:
        """When the first submission was acknowledged that was sent after a moment."""
        later = eventually(lambda: self._begun_after(moment), "something is stored again")
        return min(one.told_at for one in later)

    def _begun_after(self, moment: float) -> list[Sending]:
        return [one for one in list(self.told) if one.began_at > moment]

    def _write(self, kinds: Kinds) -> None:
        while not self._over.is_set():
            sending = kinds[next(self._numbers) % len(kinds)]()
            if send_until_told(self.port, sending, self._note):
                self.told.append(sending)
            time.sleep(BREATH)

    def _note(self, what: str, fault: str = "") -> None:
        self.statuses[what] += 1
        if fault:
            self.faults.append(fault)

    def _read(self) -> None:
        while not self._over.is_set():
            for path in PAGES:
                try:
                    answer = request(self.port, path)
                except (HTTPException, OSError):
                    self.seen.failures.append(time.time())
                else:
                    (self.seen.pages if answer.status == 200 else self.seen.failures).append(time.time())
                time.sleep(TURN)


def send_until_told(port: int, sending: Sending, note: Callable[..., None] = lambda *_: None) -> bool:
    """Send as often as it fails, the same thing under the same key."""
    ends = time.monotonic() + 2 * PATIENCE  # a whole start may lie between
    while time.monotonic() < ends:
        sending.attempts, sending.began_at = sending.attempts + 1, time.time()
        try:
            answer = request(port, sending.path, sending.fields)
        except (HTTPException, OSError) as error:
            note(type(error).__name__)
        else:
            note(str(answer.status), fault_of(answer, sending))
            if answer.status == 303:
                sending.told_at = time.time()
                sending.receipt = answer.location.partition("/reports/")[2].partition("?")[0]
                return True
        time.sleep(CALM)
    raise AssertionError(f"a {sending.kind} was never acknowledged")


def request(
    port: int,
    path: str,
    fields: dict[str, str] | None = None,
    timeout: float = IMPATIENT,
    headers: Mapping[str, str] = PLAIN,
) -> Answer:
    """One request on a connection of its own; HTTPException or OSError when there is no whole answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        if fields is None:
            connection.request("GET", path, headers=dict(headers))
        else:
            connection.request("POST", path, urlencode(fields), FORM)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        return Answer(answer.status, answer.headers.get("Location", ""), answer.headers.get("Retry-After", ""), text)
    finally:
        connection.close()


def fault_of(answer: Answer, sending: Sending) -> str:
    """What is wrong with an answer; one that asks to send again keeps every value and says when."""
    if answer.status in UNWELL:
        if answer.status == 503 and not (sending.key in answer.text and sending.words in answer.text):
            return f"a 503 lost what was in the {sending.kind}"
        return "" if answer.retry_after.isdigit() else f"a {answer.status} does not say when to come again"
    return "" if answer.status == 303 else f"{answer.status} for a {sending.kind}: {answer.text[:200]}"


def report() -> Sending:
    key = tokens.new_key()
    return Sending("report", key, {"key": key, "symptoms": "no_data", "place": "Jena", "device": f"Phone {key}"})


def comment() -> Sending:
    key = tokens.new_key()
    text = f"Beim Anhalten war ich noch unterwegs, {key} mal."
    return Sending("comment", key, {"key": key, "name": "Lena", "text": text})
