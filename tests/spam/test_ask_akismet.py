"""What Akismet may answer, and what is made of it."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.kit.circuit import Circuit
from app.spam.akismet import DEADLINE, FAILURES, LINES, AkismetJudge, KeyStatus, Silent, Usage
from app.spam.verdict import Verdict
from tests.akismet_server import KEY, LONGEST, AkismetServer, closed_port
from tests.spam.cast import LENA, write

BLOG = "https://einzelfall.example"
PATIENT = 60.0  # seconds; no answer of this machine takes so long
SHORT = 0.3  # seconds
FAR_TOO_LATE = 6.0  # seconds; each of the slow answers takes longer
ANSWERS = [
    ("ham", Verdict.HAM, "akismet-ham"),
    ("spam", Verdict.SPAM, "akismet-spam"),
    ("discard", Verdict.DISCARD, "akismet-discard"),
    ("recheck", Verdict.UNSURE, "akismet-provisional"),
    ("alert", Verdict.HAM, "akismet-ham"),
    ("error", Verdict.UNSURE, "akismet-error"),
    ("invalid", Verdict.UNSURE, "akismet-bad-key"),
    ("500", Verdict.UNSURE, "akismet-refused"),
    ("202", Verdict.UNSURE, "akismet-refused"),
    ("redirect", Verdict.UNSURE, "akismet-refused"),
    ("garbage", Verdict.UNSURE, "akismet-odd-answer"),
    ("empty", Verdict.UNSURE, "akismet-odd-answer"),
    ("space", Verdict.UNSURE, "akismet-odd-answer"),
    ("capital", Verdict.UNSURE, "akismet-odd-answer"),
    ("echo", Verdict.UNSURE, "akismet-odd-answer"),
    ("flood", Verdict.UNSURE, "akismet-refused"),
    ("cut", Verdict.UNSURE, "akismet-unreachable"),
    ("dead", Verdict.UNSURE, "akismet-unreachable"),
]
SLOW = ["hang", "late", "drip", "drip-body"]


@pytest.mark.parametrize(("mode", "verdict", "reason"), ANSWERS, ids=[mode for mode, *_ in ANSWERS])
def test_every_answer_is_judged_by_the_book(
    mode: str, verdict: Verdict, reason: str, akismet: AkismetServer, judge: AkismetJudge
) -> None:
    akismet.says(mode)
    judgement = judge.judge(LENA, deadline=PATIENT)
    assert (judgement.verdict, judgement.reasons) == (verdict, (reason,))
    assert judgement.judge == "akismet"
    assert judgement.is_worth_asking_again == (verdict is Verdict.UNSURE)


@pytest.mark.parametrize("mode", SLOW)
def test_what_is_not_all_there_at_the_deadline_is_late(mode: str, akismet: AkismetServer, judge: AkismetJudge) -> None:
    akismet.says(mode)
    began = time.monotonic()
    judgement = judge.judge(LENA, deadline=SHORT)
    assert time.monotonic() - began < FAR_TOO_LATE
    assert (judgement.verdict, judgement.reasons) == (Verdict.UNSURE, ("akismet-late",))
    assert judgement.is_worth_asking_again


def test_who_sets_no_deadline_waits_two_seconds(akismet: AkismetServer, judge: AkismetJudge) -> None:
    akismet.says("hang")
    began = time.monotonic()
    judge.judge(LENA)
    assert DEADLINE == 2.0
    assert DEADLINE <= time.monotonic() - began < 10 * DEADLINE < LONGEST


@pytest.mark.parametrize("mode", ["hang", "drip", "drip-body"])
def test_a_late_answer_leaves_no_thread_behind(mode: str, akismet: AkismetServer, judge: AkismetJudge) -> None:
    akismet.says(mode)
    judge.judge(LENA, deadline=SHORT)
    assert _soon(lambda: not _asking())


def test_more_questions_than_lines_are_not_asked(akismet: AkismetServer, judge: AkismetJudge) -> None:
    akismet.says("hang")
    askers = [threading.Thread(target=judge.judge, args=(LENA, 1.0)) for _ in range(LINES)]
    for asker in askers:
        asker.start()
    assert _soon(lambda: len(akismet.requests) == LINES)
    assert judge.judge(LENA).reasons == ("akismet-busy",)
    for asker in askers:
        asker.join()
    akismet.says("ham")
    assert _soon(lambda: not _asking())
    assert judge.judge(LENA).verdict is Verdict.HAM


def test_a_service_that_comes_back_is_asked_again(akismet: AkismetServer, judge: AkismetJudge) -> None:
    akismet.says("dead")
    assert judge.judge(LENA).verdict is Verdict.UNSURE
    akismet.says("spam")
    assert judge.judge(LENA).verdict is Verdict.SPAM


def test_after_failures_in_a_row_nobody_asks_for_a_moment(akismet: AkismetServer, judge: AkismetJudge) -> None:
    judge.circuit = Circuit("akismet", rest=SHORT, faults=(Silent,), failures=FAILURES)
    akismet.says("500")
    for _ in range(FAILURES - 1):
        judge.judge(LENA)
    akismet.says("ham")
    assert judge.judge(LENA).verdict is Verdict.HAM, "one that answers ends the row"
    akismet.says("500")
    for _ in range(FAILURES):
        judge.judge(LENA)
    akismet.says("ham")
    akismet.requests.clear()
    resting = judge.judge(LENA)
    assert (resting.verdict, resting.reasons) == (Verdict.UNSURE, ("akismet-resting",))
    assert resting.is_worth_asking_again
    assert judge.circuit.is_away
    assert akismet.requests == []
    assert _soon(lambda: judge.judge(LENA).verdict is Verdict.HAM)
    assert not judge.circuit.is_away


@pytest.mark.parametrize("mode", ["garbage", "invalid", "error"])
def test_an_answer_that_is_no_use_is_no_outage(mode: str, akismet: AkismetServer, judge: AkismetJudge) -> None:
    akismet.says(mode)
    for _ in range(2 * FAILURES):
        judge.judge(LENA)
    assert len(akismet.requests) == 2 * FAILURES


@pytest.mark.parametrize(
    ("mode", "usage"),
    [
        ("ham", Usage(7463, 350_000, is_throttled=False)),
        ("alert", Usage(350_001, 350_000, is_throttled=True)),
        ("discard", Usage(12, None, is_throttled=False)),
        ("garbage", None),
        ("500", None),
        ("dead", None),
    ],
)
def test_akismet_says_how_much_of_the_plan_is_used(
    mode: str, usage: Usage | None, akismet: AkismetServer, judge: AkismetJudge
) -> None:
    akismet.says(mode)
    assert judge.usage() == usage


def test_a_redirect_is_not_followed(akismet: AkismetServer, judge: AkismetJudge) -> None:
    akismet.says("redirect")
    judge.judge(LENA)
    assert [request.path for request in akismet.requests] == ["/1.1/comment-check"]


def test_a_provisional_answer_says_when_to_ask_again(akismet: AkismetServer, judge: AkismetJudge) -> None:
    akismet.says("recheck")
    assert judge.judge(LENA).recheck_after == 900


def test_trouble_with_the_plan_is_told_in_akismets_words(akismet: AkismetServer, judge: AkismetJudge) -> None:
    akismet.says("alert")
    assert judge.judge(LENA).alert == "10003: Over the limit"


def test_an_unknown_key_is_explained(akismet: AkismetServer, judge: AkismetJudge) -> None:
    akismet.says("invalid")
    assert judge.judge(LENA).alert == "We don't know this key"


@pytest.mark.parametrize(
    ("mode", "status"),
    [
        ("ham", KeyStatus.VALID),
        ("invalid", KeyStatus.INVALID),
        ("500", KeyStatus.UNKNOWN),
        ("garbage", KeyStatus.UNKNOWN),
        ("dead", KeyStatus.UNKNOWN),
    ],
)
def test_a_key_is_valid_invalid_or_could_not_be_checked(
    mode: str, status: KeyStatus, akismet: AkismetServer, judge: AkismetJudge
) -> None:
    akismet.says(mode)
    assert judge.verify() is status


@pytest.mark.parametrize(
    "url",
    ["http://rest.akismet.com", "http://192.0.2.1", "ftp://localhost", "http://127.0.0.1.evil.example", ""],
)
def test_plain_http_to_other_machines_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValueError, match="https is expected"):
        AkismetJudge(KEY, url, BLOG)


@pytest.mark.parametrize("url", ["https://rest.akismet.com", "http://localhost:8050", "http://[::1]:8050"])
def test_https_and_this_machine_are_good_addresses(url: str) -> None:
    assert KEY not in repr(AkismetJudge(KEY, url, BLOG))


def test_a_failed_tls_connection_does_not_fall_back_to_plain_http(akismet: AkismetServer) -> None:
    secure = AkismetJudge(KEY, akismet.url.replace("http:", "https:"), BLOG)
    assert secure.judge(LENA).reasons == ("akismet-unreachable",)
    assert not akismet.requests


def test_characters_that_no_form_can_carry_stop_nothing(akismet: AkismetServer, judge: AkismetJudge) -> None:
    assert judge.judge(write("kaputt \ud800", name="\udfff", honeypot_value="\ud800")).verdict is Verdict.HAM


def test_nothing_is_opened_before_the_first_question() -> None:
    before = threading.active_count()
    AkismetJudge(KEY, f"http://127.0.0.1:{closed_port()}", BLOG)
    assert threading.active_count() == before


FORKED = """
import os, sys
from app.spam.akismet import AkismetJudge
from tests.spam.cast import LENA
judge = AkismetJudge("k", sys.argv[1], "https://einzelfall.example")
assert judge.judge(LENA).verdict == "ham"
if child := os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
os._exit(0 if judge.judge(LENA).verdict == "ham" else 1)
"""


def test_a_judge_that_was_used_before_a_fork_works_after_it(akismet: AkismetServer) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", FORKED, akismet.url],
        env={**os.environ, "PYTHONPATH": str(root)},
        timeout=PATIENT,
        check=False,
    )
    assert done.returncode == 0
    assert len(akismet.requests) == 2


def _asking() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "akismet"]


def _soon(is_so: Callable[[], bool]) -> bool:
    """Whether it becomes so, sooner or later."""
    until = time.monotonic() + PATIENT / 2
    while time.monotonic() < until and not is_so():
        time.sleep(0.01)
    return is_so()
