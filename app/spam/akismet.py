"""Akismet, asked through the `akismet` package within a total time and believed only by the book."""

import logging
import os
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, cast

import akismet
import httpx
import structlog

from app.kit.circuit import Away, Circuit
from app.spam import fields
from app.spam.exchange import Exchange, Refused, trusted_base
from app.spam.fields import EVERYTHING
from app.spam.submission import Submission
from app.spam.verdict import Judgement, Verdict

DEADLINE = 2.0  # seconds for everything: name, connection, question, answer
# questions open at once in one process; more are asked later. Fewer than the threads of a worker (site/serve.py), or
# an Akismet that hangs would keep all of them waiting and the site would stand still
LINES = 4
FAILURES = 5  # questions in a row without an answer that counts, after which nobody asks
REST = 60.0  # seconds for which nobody asks then
LONGEST_WAIT = 7 * 86400  # seconds; a longer recheck-after is cut

Question = Callable[[akismet.SyncClient], object]
Feedback = Literal["spam", "ham"]
log = structlog.get_logger(__name__)
OUTAGES = frozenset({"akismet-late", "akismet-refused", "akismet-unreachable"})

_VERDICTS = {
    akismet.CheckResponse.HAM: Verdict.HAM,
    akismet.CheckResponse.SPAM: Verdict.SPAM,
    akismet.CheckResponse.DISCARD: Verdict.DISCARD,
}


class KeyStatus(StrEnum):
    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"  # Akismet could not be asked


@dataclass(frozen=True)
class Answer:
    """What came of a question: a value, or the key of the reason why there is none."""

    value: object = None
    fault: str | None = None
    headers: httpx.Headers = field(default_factory=httpx.Headers)


class Silent(Exception):
    """No answer, or none from Akismet."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.fault)
        self.answer = answer


@dataclass(frozen=True)
class Usage:
    """What Akismet says of the month's use of the key."""

    used: int
    limit: int | None
    """None where there is none."""
    is_throttled: bool


class AkismetJudge:
    """The service at `url`, for the site at `blog`. Nothing is opened before the first question."""

    def __init__(
        self,
        key: str,
        url: str,
        blog: str,
        *,
        is_test: Callable[[], bool] = lambda: False,
        allowed: frozenset[str] = EVERYTHING,
    ) -> None:
        """`is_test` is asked each time: what it marks teaches Akismet nothing. `allowed` are the
        fields that may leave.

        Raises ValueError for a `url` that is neither https nor on this machine.
        """
        self._key = key
        self._base = trusted_base(url)
        self._blog = blog
        self._is_test = is_test
        self._allowed = allowed
        self.circuit = Circuit("akismet", rest=REST, faults=(Silent,), failures=FAILURES)
        self._lines: dict[int, threading.BoundedSemaphore] = {}
        _hush()

    def __repr__(self) -> str:
        return f"<AkismetJudge at {self._base.host}>"

    def judge(self, submission: Submission, deadline: float = DEADLINE) -> Judgement:
        """Akismet's verdict within `deadline` seconds; UNSURE with the reason for anything out of order."""
        sent = self._fields(submission)
        if submission.recheck_reason:
            sent["recheck_reason"] = submission.recheck_reason
        answer = self._ask(
            "comment-check",
            lambda client: client.comment_check(submission.user_ip, **cast(akismet.AkismetArguments, sent)),
            fields.refused(submission, self._allowed),
            deadline,
        )
        return self._judgement(answer)

    def report_spam(self, submission: Submission, reporter: str | None = None) -> bool:
        """Tell Akismet that a person found this to be spam; False if it was not taken in."""
        return self._report("spam", submission, reporter)

    def report_ham(self, submission: Submission, reporter: str | None = None) -> bool:
        """Tell Akismet that a person found nothing wrong in this; False if it was not taken in."""
        return self._report("ham", submission, reporter)

    def verify(self, deadline: float = DEADLINE) -> KeyStatus:
        """Whether key and site are known to Akismet."""
        answer = self._ask("verify-key", lambda client: client.verify_key(), {}, deadline)
        if answer.fault:
            return KeyStatus.UNKNOWN
        return KeyStatus.VALID if answer.value else KeyStatus.INVALID

    def usage(self, deadline: float = DEADLINE) -> Usage | None:
        """How much of the plan is used this month; None where Akismet does not say."""
        said = self._ask("usage-limit", lambda client: client.usage_limit(), {}, deadline).value
        if not isinstance(said, dict) or not str(said.get("usage", "")).isascii():
            return None
        used, limit = str(said.get("usage")), str(said.get("limit"))
        if not used.isdigit():
            return None
        return Usage(int(used), int(limit) if limit.isdigit() else None, said.get("throttled") is True)

    def _report(self, what: Feedback, submission: Submission, reporter: str | None) -> bool:
        """The fields go as the reader sent them; `reporter` is a role, never somebody's address."""
        if reporter and "@" in reporter:
            raise ValueError("a reporter is named by role, not by address")
        extra = fields.refused(submission, self._allowed) | ({"reporter": reporter} if reporter else {})
        sent = cast(akismet.AkismetArguments, self._fields(submission))

        def send(client: akismet.SyncClient) -> bool:
            verb = client.submit_spam if what == "spam" else client.submit_ham
            return verb(submission.user_ip, **sent)

        return self._ask(f"submit-{what}", send, extra, DEADLINE).fault is None

    def _fields(self, submission: Submission) -> dict[str, str]:
        return fields.known(submission, self._allowed, is_test=self._is_test())

    def _ask(
        self,
        what: str,
        question: Question,
        extra: Mapping[str, str | Sequence[str]],
        deadline: float,
    ) -> Answer:
        """Ask in a thread of its own, whose answer after the deadline nobody hears."""
        began = time.monotonic()
        exchange = Exchange(self._base, extra, deadline)

        def put() -> Answer:
            return _within(deadline, self._free_lines(), lambda: self._put(question, exchange, deadline))

        answer = self._unless_resting(put)
        if answer.fault == "akismet-late":
            exchange.hang_up()
        spent = round((time.monotonic() - began) * 1000)
        log.info("akismet asked", what=what, fault=answer.fault, milliseconds=spent)
        return answer

    def _unless_resting(self, put: Callable[[], Answer]) -> Answer:
        """The answer; none where Akismet has failed again and again and is left alone for a moment."""

        def heard() -> Answer:
            answer = put()
            if answer.fault in OUTAGES:
                raise Silent(answer)
            return answer

        try:
            return self.circuit.ask(heard)
        except Silent as silent:
            return silent.answer
        except Away:
            return Answer(fault="akismet-resting")

    def _put(self, question: Question, exchange: Exchange, seconds: float) -> Answer:
        try:
            with self._http(exchange, seconds) as http:
                config = akismet.Config(self._key, self._blog)
                value = question(akismet.SyncClient(config=config, http_client=http))
        except Exception as error:  # noqa: BLE001 - nothing that Akismet does may stop a comment
            return Answer(fault=_fault(error), headers=exchange.headers)
        return Answer(value, headers=exchange.headers)

    def _http(self, exchange: Exchange, seconds: float) -> httpx.Client:
        headers = {"User-Agent": f"Einzelfall/1.0 | {akismet.USER_AGENT}", "Accept-Encoding": "identity"}
        return httpx.Client(transport=exchange, timeout=seconds, headers=headers, trust_env=False)

    def _free_lines(self) -> threading.BoundedSemaphore:
        """Counted per process: a fork must not inherit lines that are busy in its parent."""
        return self._lines.setdefault(os.getpid(), threading.BoundedSemaphore(LINES))

    def _judgement(self, answer: Answer) -> Judgement:
        verdict = _VERDICTS.get(cast(akismet.CheckResponse, answer.value), Verdict.UNSURE)
        reason = answer.fault or f"akismet-{verdict}"
        if verdict is Verdict.HAM and "X-akismet-recheck-after" in answer.headers:
            verdict, reason = Verdict.UNSURE, "akismet-provisional"
        elif verdict is Verdict.HAM and "X-akismet-error" in answer.headers:
            verdict, reason = Verdict.UNSURE, "akismet-error"
        wait = _seconds(answer.headers) if verdict is Verdict.UNSURE else None
        return Judgement(verdict, "akismet", (reason,), wait, self._alert(answer))

    def _alert(self, answer: Answer) -> str | None:
        """What Akismet says about key, plan and limits, without the key."""
        names = ("alert-code", "alert-msg", "error") + (("debug-help",) if answer.fault else ())
        said = filter(None, (answer.headers.get(f"X-akismet-{name}") for name in names))
        plain = re.sub(re.escape(self._key), "…", ": ".join(said), flags=re.IGNORECASE)
        return "".join(filter(str.isprintable, plain))[:200] or None


def _within(seconds: float, lines: threading.BoundedSemaphore, work: Callable[[], Answer]) -> Answer:
    """The result of `work` if it is there in time."""
    done: Future[Answer] = Future()
    if not lines.acquire(blocking=False):
        return Answer(fault="akismet-busy")
    try:
        threading.Thread(target=_work, args=(work, done, lines), name="akismet", daemon=True).start()
        return done.result(seconds)
    except TimeoutError:
        return Answer(fault="akismet-late")
    except RuntimeError:  # the system gives no more threads
        lines.release()
        return Answer(fault="akismet-busy")


def _work(work: Callable[[], Answer], done: Future[Answer], lines: threading.BoundedSemaphore) -> None:
    """A line stays taken until its thread has really ended."""
    try:
        done.set_result(work())
    finally:
        lines.release()


def _fault(error: Exception) -> str:
    """The key of a reason. The words of an error are never used: some contain the API key."""
    cause = error.__cause__
    if isinstance(error, akismet.APIKeyError):
        return "akismet-bad-key"
    if isinstance(error, akismet.ProtocolError):
        return "akismet-odd-answer"
    if isinstance(cause, Refused):
        return "akismet-refused"
    if isinstance(cause, httpx.TimeoutException):
        return "akismet-late"
    return "akismet-unreachable" if isinstance(cause, httpx.TransportError) else "akismet-not-asked"


def _seconds(headers: httpx.Headers) -> int | None:
    told = headers.get("X-akismet-recheck-after", "")
    return min(int(told), LONGEST_WAIT) if re.fullmatch(r"[0-9]{1,9}", told) else None


def _hush() -> None:
    """httpx and httpcore log what they send and receive in detail: not even a debug log may show the key."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
