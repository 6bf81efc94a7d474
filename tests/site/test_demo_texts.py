import random
import re
from collections import Counter
from typing import get_args

import pytest

from app.site.demo import grammar, texts
from app.site.demo.texts import STAFF, Kind, Language, Written, comment, report_text

SYMPTOMS = ("data_slow", "data_stuck", "no_data", "calls_out", "calls_in", "calls_drop", "sms", "no_network")
WORD_LISTS = ("words.toml", "readers.toml", "answers.toml", "english.toml", "spam.toml", "reports.toml")
RESERVED = (".example", ".test", ".invalid")
ADDRESS = re.compile(r"https?://([^/\s\"\]<]+)[^\s\"\]<]*")
BARE_HOST = re.compile(r"\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b")
PHONE_NUMBER = re.compile(r"(\+49|\b0\d{2,4}[ /-]?\d{4,}|\d{6,})")


def conversation(seed: int, size: int) -> list[Written]:
    """Comments as they stand under a guest post: somebody writes, another answers, the carrier joins in."""
    rng, thread = random.Random(seed), list[Written]()
    for _ in range(size):
        kind: Kind = rng.choices(("reader", "reply", "question", "staff"), (60, 22, 10, 8))[0]
        answers = kind in ("reply", "staff") and thread
        above = rng.choice(thread[-20:]) if answers else None
        thread.append(comment(rng, kind=kind, under=rng.choice(("campaign", "guest")), answering=above))
    return thread


def spam(seed: int, size: int) -> list[Written]:
    rng = random.Random(seed)
    return [comment(rng, kind="spam") for _ in range(size)]


def hosts_in(text: str) -> list[str]:
    return [*ADDRESS.findall(text), *BARE_HOST.findall(ADDRESS.sub(" ", text))]


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("kind", get_args(Kind))
def test_the_same_seed_tells_the_same_story(kind: Kind, language: Language) -> None:
    first, second = (
        [comment(rng, kind=kind, language=language, answering=("Sabine", "Wann?")) for _ in range(40)]
        for rng in (random.Random(12), random.Random(12))
    )
    assert first == second


def test_no_slot_stays_empty_and_every_text_says_something() -> None:
    for author, text in [*conversation(1, 3000), *spam(1, 3000)]:
        assert author.strip()
        assert text.strip()
        assert not re.search(r"[{}]|  ", author + text), text


@pytest.mark.parametrize("name", WORD_LISTS)
def test_every_slot_of_the_word_lists_is_known(name: str) -> None:
    lists = grammar.read(name)
    words = grammar.read({"spam.toml": name, "english.toml": name}.get(name, "words.toml"))
    known = {*words["slots"], *words.get("names", {}), "at", "town", "to", "place"}
    assert {slot[1] for slot in grammar.SLOT.findall(str(lists))} <= known


def test_people_do_not_repeat_themselves() -> None:
    said = Counter(text for _, text in conversation(2011, 1754))
    assert len(said) >= 1500
    assert max(said.values()) <= 5


def test_spam_comes_in_thousands_of_forms() -> None:
    assert len({text for _, text in spam(2011, 11398)}) > 9000


def test_spam_leads_nowhere() -> None:
    hosts = {host for author, text in spam(7, 5000) for host in hosts_in(f"{author}\n{text}")}
    assert len(hosts) > 500
    assert not [host for host in hosts if not host.endswith(RESERVED)]


def test_readers_name_no_address_and_nobody_a_telephone_number() -> None:
    talk = conversation(5, 2000)
    assert not [text for _, text in talk if "://" in text or "www." in text]
    assert not [text for _, text in [*talk, *spam(5, 2000)] if PHONE_NUMBER.search(text)]


def test_only_the_two_of_the_carrier_carry_their_names() -> None:
    rng = random.Random(3)
    assert {comment(rng, kind="staff")[0] for _ in range(50)} == set(STAFF)
    others = {comment(rng, kind=kind)[0] for kind in ("reader", "reply", "question", "spam") for _ in range(2000)}
    assert not [name for name in others if name in STAFF or re.search(r"\bo2", name, re.IGNORECASE)]


def test_staff_say_sie_and_sign() -> None:
    rng = random.Random(4)
    for _ in range(500):
        author, text = comment(rng, kind="staff", under="guest", answering=("Sabine", "Wann ist Kiel dran?"))
        assert "Sabine" in text
        assert text.endswith(author)
        assert not re.search(r"\b(Du|Dir|Dich|Dein\w*)\b", text)


def test_an_answer_to_staff_says_sie() -> None:
    rng = random.Random(6)
    answers = [comment(rng, kind="reply", answering=(STAFF[0], "Vielen Dank.")) for _ in range(300)]
    assert not [text for _, text in answers if re.search(r"\b(Du|Dir|Dich|Dein\w*)\b", text)]


def test_an_answer_stays_with_the_place_it_answers_about() -> None:
    rng = random.Random(8)
    above = ("Uwe", "Wann ist Osnabrück an der Reihe?")
    said = [comment(rng, kind="staff", answering=above)[1] for _ in range(200)]
    named = {place.town for text in said if (place := grammar.place_named_in(text, texts.places("de")))}
    assert "Osnabrück" in " ".join(said)
    assert named == {"Osnabrück"}


def test_the_exact_spot_counts_for_more_than_its_town() -> None:
    named = grammar.place_named_in("Wann wird in Berlin-Moabit erweitert?", texts.places("de"))
    assert named == ("Berlin", "in Berlin-Moabit")


def test_a_reply_speaks_to_the_person_above() -> None:
    rng = random.Random(9)
    replies = [comment(rng, kind="reply", answering=("Wencke", "Hier auch.")) for _ in range(200)]
    assert sum("Wencke" in text for _, text in replies) > 100
    assert "Wencke" not in {author for author, _ in replies}


def test_a_report_tells_its_symptoms_in_its_place() -> None:
    rng = random.Random(10)
    for symptom in (*SYMPTOMS, "unheard_of"):
        told = [report_text(rng, "Mannheim", [symptom]) for _ in range(50)]
        assert all("Mannheim" in text and "{" not in text for text in told)
        assert len(set(told)) > 40


def test_reports_differ_from_one_another() -> None:
    rng = random.Random(11)
    told = Counter(report_text(rng, "Berlin", rng.sample(SYMPTOMS, 3)) for _ in range(1224))
    assert len(told) > 1000
    assert max(told.values()) <= 5
