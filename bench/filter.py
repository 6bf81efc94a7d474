"""How well comments are told apart without Akismet: per layer and together, per language; and what it costs.

The ratio is what the judges do not let pass: of spam it should be high, of honest words low, and nothing of these
may be rejected.
Learned words are taught by two videos and asked about the third; from how probable spam on they are in doubt is to be
chosen within the two, by folds, which "within" shows. The demo's spam is workload and proves nothing.
"""

import csv
import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

from flask_migrate import upgrade

from app import close_app, create_app
from app.config import ROOT, Settings
from app.extensions import db
from app.kit import clock
from app.site.demo import texts
from app.spam import bayes, rules
from app.spam.models import BayesTotal, BayesWord
from app.spam.models.bayes import Known, Taught
from app.spam.rules import BAYES, RULES, Layer
from app.spam.submission import Submission
from app.spam.verdict import Verdict
from bench.measure import Figure, median_ms

KINDS = ("spam", "ham")  # labels, in the order of `Taught`
SPAM, HAM = Taught(1, 0), Taught(0, 1)
DEMO, DEMO_SPAM = 1_754, 2_000  # comments by people, as many as the demo has; of its spam, a part
VIDEOS = "123"
FOLDS = 5
THRESHOLDS = (980, 990, 995, 999)  # per mille; the table of rules has the one that was chosen


def figures() -> list[Figure]:
    """The table; nothing where the corpora are not beside the checkout."""
    folder = Path(os.environ.get("SHARED_TEST_DATA", ROOT.parent / "shared")) / "data" / "spam"
    if not folder.is_dir():
        return []
    with tempfile.TemporaryDirectory() as instance:
        app = create_app(Settings.load({"EINZELFALL_INSTANCE": instance}))
        with app.app_context():
            upgrade()
            found = [*_english(folder), *_german(folder)]
            db.session.remove()
        close_app(app)
    return found


def _english(folder: Path) -> Iterator[Figure]:
    """Comments on videos, each video asked about after the two others have taught."""
    rows = _rows(folder / "youtube_spam_collection.csv")
    for video in VIDEOS:
        yield from _within([row for row in rows if row["video"] != video], f"en, within all but video {video}")
    for video in VIDEOS:
        _forget()
        for row in rows:
            if row["video"] != video:
                taught = SPAM if row["label"] == "spam" else HAM
                bayes.learn([(row["author"], row["text"], "en")], taught, clock.now())
        db.session.commit()
        for label, spam in (("spam", True), ("honest", False)):
            asked = [_sent(r["text"], r["author"], "en") for r in rows if r["video"] == video]
            kinds = [(r["label"] == "spam") is spam for r in rows if r["video"] == video]
            yield from _told(
                f"en, video {video}, {label}", [one for one, is_it in zip(asked, kinds, strict=True) if is_it]
            )


def _within(rows: list[dict[str, str]], name: str) -> Iterator[Figure]:
    """What learned words hold of comments on the very videos that have taught them, for several thresholds."""
    random.Random(2011).shuffle(rows)
    said = [(row["label"], frozenset(bayes.hashes_of(row["author"], row["text"], "en"))) for row in rows]
    found: list[tuple[str, int]] = []
    for fold in range(FOLDS):
        taught = [one for number, one in enumerate(said) if number % FOLDS != fold]
        times = {label: Counter(word for kind, words in taught if kind == label for word in words) for label in KINDS}
        total = Taught(*(sum(kind == label for kind, _words in taught) for label in KINDS))
        for label, words in said[fold::FOLDS]:
            known = [Known(None, times["spam"][word], times["ham"][word]) for word in words]
            found.append((label, int(1000 * bayes.spamminess([one for one in known if any(one[1:])], total))))
    for threshold, (label, told) in product(THRESHOLDS, zip(KINDS, ("spam", "honest"), strict=True)):
        held = [value >= threshold for kind, value in found if kind == label]
        share = sum(held) / len(held)
        yield Figure(f"{name}, from {threshold} on, {told}", 0, 0, 0, share, f"{sum(held):,} of {len(held):,} held")


def _german(folder: Path) -> Iterator[Figure]:
    """Honest words: without learned ones, as no German spam is at hand, and with those that the demo teaches."""
    tweets = [r for r in _rows(folder / "germeval2018_tweets_de.csv") if r["coarse"] == "OTHER"]
    honest = [_sent(row["text"], "Lena", "de") for row in tweets]
    rng = random.Random(2011)
    people = [_sent(said, name, "de") for name, said in (texts.comment(rng, kind=_kind(rng)) for _ in range(DEMO))]
    spam = [_sent(said, name, "de") for name, said in (texts.comment(rng, kind="spam") for _ in range(DEMO_SPAM))]
    _forget()
    yield from _told("de, tweets, honest", honest)
    yield from _told("de, demo, people", people)
    yield from _told("demo, spam (workload)", spam)
    for one, taught in [*((one, HAM) for one in people[:600]), *((one, SPAM) for one in spam[:600])]:
        bayes.learn([(one.name, one.text, "de")], taught, clock.now())
    db.session.commit()
    yield from _told("de, tweets, honest, words taught by the demo", honest)
    yield from _told("de, demo, people not taught", people[600:])


def _told(name: str, sent: Sequence[Submission]) -> Iterator[Figure]:
    """Each layer alone, all of them, and what one comment costs."""
    heard = [rules.hear(bayes.heard(one)) for one in sent]
    for layer in Layer:
        keys = {key for key, rule in RULES.items() if rule.layer is layer}
        alone = [rules.conclude({key: given for key, given in one.items() if key in keys}).verdict for one in heard]
        if any(verdict is not Verdict.HAM for verdict in alone):
            yield _figure(f"{name}: {layer} alone", alone)
    verdicts = [rules.conclude(one).verdict for one in heard]
    without = [rules.conclude({k: v for k, v in one.items() if k != BAYES}).verdict for one in heard]
    if without != verdicts:
        yield _figure(f"{name}: all but learned words", without)
    yield replace(_figure(f"{name}: together", verdicts), milliseconds=_cost(sent))
    rejected = sum(verdict is Verdict.SPAM for verdict in verdicts)
    yield Figure(f"{name}: rejected", 0, 0, 0, rejected / len(sent), f"{rejected:,} of {len(sent):,}")


def _figure(name: str, verdicts: Sequence[Verdict]) -> Figure:
    held = sum(verdict is not Verdict.HAM for verdict in verdicts)
    return Figure(name, 0, 0, 0, held / len(verdicts), f"{held:,} of {len(verdicts):,} not published")


def _cost(sent: Sequence[Submission]) -> float:
    some = sent[:50]
    return median_ms(lambda: [rules.local(bayes.heard(one)) for one in some], 5) / len(some)


def _sent(text: str, name: str, language: str) -> Submission:
    return Submission(
        kind="comment",
        text=text,
        name=name,
        permalink="https://einzelfall.example/posts/netz",
        user_ip="",
        submitted_at=clock.now(),
        language=language,
        form_age_seconds=600.0,
    )


def _kind(rng: random.Random) -> texts.Kind:
    kinds: tuple[texts.Kind, ...] = ("reader", "reader", "question", "reply")
    return rng.choice(kinds)


def _forget() -> None:
    for table in (BayesWord, BayesTotal):
        db.session.execute(db.delete(table))
    db.session.commit()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
