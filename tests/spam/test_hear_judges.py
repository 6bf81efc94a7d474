"""Our own rules and Akismet together."""

import time
from math import inf
from types import SimpleNamespace

import pytest
from flask import Flask

from app.cache.versions import State
from app.config import InvalidConfig
from app.spam import judges
from app.spam.akismet import KeyStatus
from app.spam.judges import Judges
from app.spam.rules import Mode
from app.spam.verdict import Verdict
from tests.akismet_server import KEY, AkismetServer, closed_port
from tests.spam.cast import LENA, write

BLOG = "https://einzelfall.example"
ADVERT = "<a href='http://pillen.example'>" + " ".join(f"http://p{number}.example.com" for number in range(9))


@pytest.fixture
def bench(akismet: AkismetServer) -> Judges:
    return Judges(KEY, akismet.url, BLOG)


def _site(key: str, url: str) -> Flask:
    site = Flask(__name__)
    site.extensions["settings"] = SimpleNamespace(akismet_key=key, akismet_url=url, base_url=BLOG)
    silent = SimpleNamespace(next_look=inf, state=State(0, None, ()))  # nobody knows any versions
    site.extensions["page_cache"] = SimpleNamespace(versions=silent)
    judges.init_app(site)
    return site


def test_without_a_key_akismet_is_never_asked(akismet: AkismetServer) -> None:
    alone = Judges("", akismet.url, BLOG)
    assert alone.verdict(LENA).verdict is Verdict.HAM
    assert alone.verdict(write(ADVERT, repeats=10)).verdict is Verdict.SPAM
    assert alone.report_spam(LENA)
    assert alone.verify() is None
    assert not akismet.requests


def test_a_filled_honeypot_is_spam_without_asking(akismet: AkismetServer, bench: Judges) -> None:
    assert bench.verdict(write(honeypot_value="x")).verdict is Verdict.SPAM
    assert not akismet.requests


@pytest.mark.parametrize(("mode", "verdict"), [("spam", Verdict.SPAM), ("discard", Verdict.DISCARD)])
def test_akismets_spam_wins_over_our_ham(mode: str, verdict: Verdict, akismet: AkismetServer, bench: Judges) -> None:
    akismet.says(mode)
    assert bench.verdict(LENA).verdict is verdict


def test_akismets_ham_wins_over_our_doubts(bench: Judges) -> None:
    judgement = bench.verdict(write(ADVERT))
    assert judgement.verdict is Verdict.HAM
    assert judgement.reasons == ("links", "link-markup", "akismet-ham")


def test_what_our_rules_call_spam_is_in_no_doubt_and_not_asked_about(akismet: AkismetServer, bench: Judges) -> None:
    assert bench.verdict(write(ADVERT, repeats=10)).verdict is Verdict.SPAM
    assert bench.alone(write(ADVERT, repeats=10), {}) is not None
    assert akismet.requests == []


@pytest.mark.parametrize("mode", ["spam", "ham"])
def test_an_akismet_that_is_only_observed_is_asked_and_decides_nothing(mode: str, akismet: AkismetServer) -> None:
    akismet.says(mode)
    observing = Judges(KEY, akismet.url, BLOG, modes=lambda: {"akismet": Mode.OBSERVE})
    judgement = observing.verdict(write(ADVERT))
    assert (judgement.verdict, judgement.judge) == (Verdict.UNSURE, "local")
    assert judgement.reasons[-1] == f"observed:akismet-{mode}"
    assert observing.verdict(LENA).verdict is Verdict.HAM
    assert len(akismet.requests) == 2


def test_an_akismet_that_is_switched_off_is_not_asked(akismet: AkismetServer) -> None:
    off = Judges(KEY, akismet.url, BLOG, modes=lambda: {"akismet": Mode.OFF})
    assert off.verdict(write(ADVERT)).verdict is Verdict.UNSURE
    assert not off.uses_akismet
    assert akismet.requests == []


def test_a_name_like_that_of_staff_is_always_for_a_person(bench: Judges) -> None:
    judgement = bench.verdict(write(name="O₂ Service", protected_names=("O2",)))
    assert judgement.verdict is Verdict.UNSURE
    assert not judgement.is_worth_asking_again


@pytest.mark.parametrize("mode", ["hang", "drip", "dead", "500"])
def test_a_silent_akismet_holds_even_what_we_find_good(mode: str, akismet: AkismetServer, bench: Judges) -> None:
    akismet.says(mode)
    began = time.monotonic()
    held = [bench.verdict(each, deadline=0.4) for each in (LENA, write(ADVERT))]
    assert time.monotonic() - began < 8  # an answer that drips takes ten
    assert [each.verdict for each in held] == [Verdict.UNSURE, Verdict.UNSURE]
    assert all(each.is_worth_asking_again for each in held)


def test_a_site_starts_while_akismet_is_dead() -> None:
    with _site(KEY, f"http://127.0.0.1:{closed_port()}").app_context():
        assert judges.judges().verdict(LENA).verdict is Verdict.UNSURE


def test_a_site_asks_the_akismet_of_its_settings(akismet: AkismetServer) -> None:
    akismet.says("spam")
    with _site(KEY, akismet.url).app_context():
        assert judges.judges().verdict(LENA).verdict is Verdict.SPAM
        assert judges.judges().verify() is KeyStatus.VALID
        assert judges.judges().report_ham(LENA)


def test_a_site_is_refused_plain_http_to_another_machine() -> None:
    with pytest.raises(InvalidConfig, match="akismet_url: https is expected") as refused:
        _site(KEY, "http://rest.akismet.com")
    assert KEY not in str(refused.value)


def test_a_site_under_test_or_a_demo_says_so_to_akismet(akismet: AkismetServer) -> None:
    site = _site(KEY, akismet.url)
    with site.app_context():
        judges.judges().verdict(LENA)
        site.testing = True
        judges.judges().verdict(LENA)
        site.testing, site.config["DEMO"] = False, True
        judges.judges().verdict(LENA)
    assert ["is_test" in request for request in akismet.requests] == [False, True, True]
