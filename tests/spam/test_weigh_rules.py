"""Our own rules: what they say about honest anger, and what about machines."""

import csv
import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.kit.names import skeleton
from app.spam import rules
from app.spam.rules import RULES, Mode
from app.spam.rules.table import CROWD
from app.spam.submission import Submission
from app.spam.verdict import Verdict
from tests.cpu import STEEP, growth
from tests.spam.cast import LENA, PERMALINK, write
from tests.spam.complaints import COMPLAINTS

STAFF = ("O2", "Telefónica")
MANY_LINKS = " ".join(f"http://pillen{number}.example.com/kauf" for number in range(9))
ADVERT = f"<a href='http://pillen.example'>Pillen</a> {MANY_LINKS}"


WORST = dict.fromkeys(RULES, "Check out my channel https://bit.ly/x casino") | {
    "script": "Купите лучшие таблетки в нашем магазине",
    "other-tongue": "and this is what they have done to me and all of us, who are the only ones with it " * 9,
}


@pytest.fixture(scope="module")
def corpora() -> Path:
    here = Path(__file__).resolve().parents[2]
    folder = Path(os.environ.get("SHARED_TEST_DATA", here.parent / "shared")) / "data" / "spam"
    if not folder.is_dir():
        pytest.skip("the shared data is not here")
    return folder


@pytest.mark.parametrize("text", COMPLAINTS)
def test_an_honest_complaint_is_ham(text: str) -> None:
    assert rules.local(write(text)).verdict is Verdict.HAM


@pytest.mark.parametrize("text", COMPLAINTS)
def test_an_honest_complaint_without_script_from_an_old_page_is_never_spam(text: str) -> None:
    for age in (None, 40 * 86400.0):
        judgement = rules.local(write(text, form_age_seconds=age, open_seconds=None, repeats=1))
        assert judgement.verdict is not Verdict.SPAM


@pytest.mark.parametrize("key", RULES)
def test_no_rule_but_the_honeypot_makes_spam_alone(key: str) -> None:
    worst = write(
        f"{ADVERT} {'KAUFEN!!!!! ' * 9} ver\u200bsteckt\u200bes",
        name="www.o2.example.com O2 cheap casino\u202e",
        protected_names=STAFF,
        form_age_seconds=None if key == "form-token-missing" else 90 * 86400.0,
        open_seconds=0.1,
        repeats=10_000,
        honeypot_value="x",
        from_network=10_000,
        may_leave=False,
        similar=20_000,
        known_spam=50,
        same_host=50,
        shared_words=0,
        spamminess=0.999,
    )
    worst = replace(worst, text=f"{worst.text} {WORST[key]}" if key != "script" else WORST[key])
    heard = rules.hear(worst)[key]
    assert heard == RULES[key].most
    assert (rules.conclude({key: heard}).verdict is Verdict.SPAM) == (key == "honeypot")


def test_a_crowded_network_makes_honest_words_wait_and_never_spam() -> None:
    text = COMPLAINTS[0]
    assert rules.local(write(text, from_network=CROWD)).verdict is Verdict.HAM
    crowded = rules.local(write(text, from_network=CROWD + 1))
    assert (crowded.verdict, crowded.reasons) == (Verdict.UNSURE, (rules.CROWDED,))
    for more in ({"form_age_seconds": None}, {"repeats": 1}, {"open_seconds": 1.0}):
        alone = rules.local(write(text, **more)).verdict
        assert rules.local(write(text, from_network=10_000, **more)).verdict in {alone, Verdict.UNSURE}
    assert rules.local(write(ADVERT, repeats=10, from_network=10_000)).verdict is Verdict.SPAM


def test_words_alone_are_never_spam() -> None:
    loud = write(ADVERT + " JETZT KAUFEN!!!!!!", name="www.pillen.example.com O2", protected_names=STAFF)
    assert rules.local(loud).verdict is Verdict.UNSURE


def test_the_same_words_from_a_machine_are_spam() -> None:
    assert rules.local(write(ADVERT, form_age_seconds=None)).verdict is Verdict.SPAM
    assert rules.local(write(ADVERT, repeats=10)).verdict is Verdict.SPAM
    assert rules.local(write(ADVERT, open_seconds=0.4)).verdict is Verdict.SPAM


def test_a_filled_honeypot_is_spam() -> None:
    judgement = rules.local(write(honeypot_value="http://pillen.example"))
    assert (judgement.verdict, judgement.reasons) == (Verdict.SPAM, ("honeypot",))


@pytest.mark.parametrize(
    ("submission", "reason"),
    [
        (write(form_age_seconds=None), "form-token-missing"),
        (write(form_age_seconds=26 * 3600.0), "form-token-old"),
        (write(open_seconds=1.5), "too-quick"),
        (write(repeats=1), "repeats"),
        (write("Siehe http://netz.example/x"), "links"),
        (write("[url=http://x.example]x[/url]", open_seconds=None), "link-markup"),
        (write("ICH WILL ENDLICH WIEDER TELEFONIEREN"), "shouting"),
        (write(name="pillen-shop.com"), "url-in-name"),
        (write(name="О2 Team", protected_names=STAFF), "imitates-staff"),
        (write(may_leave=False), "declined"),
        (write(similar=3), "near-copies"),
        (write(known_spam=1), "known-spam"),
        (write("Hier entlang: https://bit.ly/2x"), "short-links"),
        (write(same_host=5), "same-host"),
        (write("Купите лучшие таблетки в нашем магазине, очень дешево!"), "script"),
        (write("They told me that it is my phone, and that was all."), "observed:other-tongue"),
        (write(name="Cheap Watches"), "trade-in-name"),
        (write(name="SEO Agentur Berlin"), "trade-in-name"),
        (write("Hey guys, check out my new channel and subscribe to me!"), "offer"),
        (write("Besucht meinen Shop, da gibt es Uhren"), "offer"),
        (write("Listen to my new song please"), "offer"),
        (write(COMPLAINTS[0] + " " + COMPLAINTS[5], shared_words=0), "off-topic"),
        (write(spamminess=0.995), "bayes"),
        (write("Pi\u200bllen und Ca\u200bsino"), "hidden-characters"),
        (write("Pillen \u202enelliP"), "hidden-characters"),
        (write(name="Le\u200bna"), "hidden-characters"),
    ],
)
def test_what_is_heard_is_named_among_the_reasons(submission: Submission, reason: str) -> None:
    assert reason in rules.local(submission).reasons


@pytest.mark.parametrize(
    "submission",
    [
        LENA,
        write(open_seconds=None),
        write(form_age_seconds=24.5 * 3600),
        write("Mein Beitrag steht auf " + PERMALINK + "#c-4"),
        write("Stimmt: http://netz.example/x", parent_text="Lest http://netz.example/x!"),
        write("Schreibt an lena@example.com", name="Otto2", protected_names=STAFF),
        write("Endlich.Danke! z.B. am 3.11. um 9.30 Uhr, Version 2.3.4 ... usw.usf."),
        write(COMPLAINTS[0], spamminess=0.9949, similar=2, same_host=4, shared_words=1),
        write("Bei mir auch!", shared_words=0),
        write("Grüße aus Istanbul, Αθήνα und 東京"),
        write("می\u200cخواهم 👩\u200d👩\u200d👧 Donau\u00addampf \ufeffja ein\u200bmal"),
    ],
)
def test_what_honest_people_do_gives_no_points(submission: Submission) -> None:
    assert rules.local(submission).reasons == ()


@pytest.mark.parametrize("piece", ["a.", "-", "http://", "www.a", "<a  ", "[url", "a\u200b", "!", "A"])
def test_no_text_costs_more_to_weigh_than_its_length(piece: str) -> None:
    def weigh(length: int) -> None:
        skeleton.cache_clear()
        text = (piece * length)[:length]
        rules.local(write(text, name=text, parent_text=text))

    assert growth(weigh, rules.READ) < STEEP


@pytest.mark.parametrize("key", RULES)
def test_a_rule_that_observes_is_heard_and_gives_nothing_and_one_that_is_off_is_not_heard(key: str) -> None:
    heard = {key: RULES[key].most}
    only = rules.conclude(heard, {key: Mode.OBSERVE})
    assert (only.verdict, only.reasons, only.needs_person) == (Verdict.HAM, (f"observed:{key}",), False)
    assert only.heard == heard
    trapped = write(honeypot_value="x", form_age_seconds=None)
    assert rules.local(trapped, {"honeypot": Mode.OFF}).reasons == ("form-token-missing",)


def test_what_observes_does_not_let_words_become_spam() -> None:
    """The sign from the manner must count itself, or words alone would make spam."""
    judgement = rules.local(write(ADVERT, form_age_seconds=None), {"form-token-missing": Mode.OBSERVE})
    assert judgement.verdict is Verdict.UNSURE


def test_what_stands_behind_twenty_thousand_characters_is_not_looked_at() -> None:
    def told(behind: str) -> tuple[str, ...]:
        text = ("Netz weg. " * rules.READ)[: rules.READ] + behind
        return rules.local(write(text, name=text, parent_text=text, protected_names=STAFF)).reasons

    assert told(f" O2 {ADVERT} JETZT!!!!!! ver\u200bsteckt\u200bes") == told("")


def test_none_of_8541_german_tweets_is_spam(corpora: Path) -> None:
    tweets = _rows(corpora / "germeval2018_tweets_de.csv")
    verdicts = [rules.local(write(tweet["text"])).verdict for tweet in tweets]
    print({str(each): verdicts.count(each) for each in Verdict})
    assert len(verdicts) == 8541
    assert verdicts.count(Verdict.SPAM) == 0
    assert verdicts.count(Verdict.UNSURE) < 0.005 * len(verdicts)


def test_labelled_comments_of_videos_are_told_apart_without_error(corpora: Path) -> None:
    """These adverts name channels and have few links: our signals see little, that is Akismet's part."""
    rows = _rows(corpora / "youtube_spam_collection.csv")
    weighed = [(row["label"], rules.local(write(row["text"], name=row["author"])).verdict) for row in rows]
    print({(label, str(verdict)): weighed.count((label, verdict)) for label, verdict in set(weighed)})
    honest = [verdict for label, verdict in weighed if label != "spam"]
    assert Verdict.SPAM not in honest
    assert honest.count(Verdict.UNSURE) < 0.02 * len(honest)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "text", ["This is my favorite song", "I can relate to my daughter's music", "one of my videos"]
)
def test_what_is_liked_or_somebody_elses_is_no_offer(text: str) -> None:
    assert "offer" not in rules.hear(write(text))
