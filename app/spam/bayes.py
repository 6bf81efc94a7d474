"""What the words of a comment say, as people's decisions have taught, for each language apart.

Probabilities of words after Graham ("A Plan for Spam", 2002) with the prior of Robinson ("A Statistical Approach to
the Spam Problem", Linux Journal 107, 2003), combined by Fisher's method as SpamBayes does. It is off until `ENOUGH`
comments of each kind have taught it, and it may only send to the queue.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from math import exp, log
from typing import NamedTuple

from flask import current_app

from app.kit import tokens, tongue
from app.spam.models.bayes import NAME, BayesTotal, BayesWord, Known, Taught
from app.spam.rules import BAYES, READ, Mode, links
from app.spam.standing import standing
from app.spam.submission import Submission

ENOUGH = 50  # comments of each kind, of the language
MOST = 200  # words of a comment that are looked at
STRONGEST = 15  # of them that count, as with Graham
PRIOR, WEIGHT = 0.5, 1.0  # what an unknown word says, and how many comments that is worth (Robinson's x and s)
SILENT = 0.1  # a word nearer to the middle than this says nothing
EXPLAINED_BY = 5
_WORD = re.compile(r"[^\W\d_]{2,30}")


Said = tuple[str, str, str]
"""A comment's name and text, and the language of its post."""


class Word(NamedTuple):
    """A word that spoke, and how probable spam is where it stands."""

    word: str
    probability: float


def heard(submission: Submission) -> Submission:
    """The submission with what its words say; as it was where the language has not been taught enough."""
    now = standing()
    spoken = language_of(submission.text, submission.language)
    taught = now.taught.get(spoken, Taught(0, 0))
    if min(taught) < ENOUGH or now.modes.get(BAYES) is Mode.OFF:
        return submission
    known = BayesWord.known(hashes_of(submission.name, submission.text, spoken))
    return replace(submission, spamminess=spamminess(known.values(), taught))


def language_of(text: str, of_post: str) -> str:
    """By which language's words a text is judged: its own, or the post's where it is too short to tell."""
    return tongue.of(text) or of_post


def hashes_of(name: str, text: str, spoken: str) -> dict[str, str]:
    """The words of a comment by their keyed hashes: of text and name, and the hosts of its links."""
    return _hashed(_words_of(name, text), spoken)


def _words_of(name: str, text: str) -> list[str]:
    found = dict.fromkeys(_WORD.findall(text[:READ].casefold()))
    found |= {f"{NAME}{word}": None for word in _WORD.findall(name[:READ].casefold())}
    found |= {f"link: {links.host(link)[:30]}": None for link in links.of(text)}
    return list(found)[:MOST]


def _hashed(words: Iterable[str], spoken: str) -> dict[str, str]:
    secret = str(current_app.config["SECRET_KEY"])
    return {tokens.keyed(secret, "word", f"{spoken}\0{word}")[:8].hex(): word for word in words}


def spamminess(known: Iterable[Known], taught: Taught) -> float:
    """0 for what is surely none, 1 for what surely is spam; 0.5 where the words say nothing or contradict."""
    said = sorted((probability(one, taught) for one in known), key=lambda one: -abs(one - PRIOR))[:STRONGEST]
    loud = [one for one in said if abs(one - PRIOR) >= SILENT]
    if not loud:
        return PRIOR
    spam = 1 - _chi2(-2 * sum(log(1 - one) for one in loud), len(loud))
    ham = 1 - _chi2(-2 * sum(log(one) for one in loud), len(loud))
    return (1 + spam - ham) / 2


def probability(known: Known, taught: Taught) -> float:
    """How probable spam is in a comment with this word; the fewer comments had it, the nearer to the prior."""
    in_spam, in_ham = known.spam / max(taught.spam, 1), known.ham / max(taught.ham, 1)
    seen = known.spam + known.ham
    plain = in_spam / (in_spam + in_ham) if seen else PRIOR
    return (WEIGHT * PRIOR + seen * plain) / (WEIGHT + seen)


def explained(comments: Mapping[int, Said]) -> dict[int, list[Word]]:
    """The words that speak the loudest for spam in comments, given by name, text and the post's language.

    One question for all; a word that too few comments had is not named.
    """
    if not comments:
        return {}
    by_id = {
        id_: (spoken := language_of(text, of_post), hashes_of(name, text, spoken))
        for id_, (name, text, of_post) in comments.items()
    }
    known = BayesWord.known({hash_ for _, hashes in by_id.values() for hash_ in hashes})
    totals = standing().taught
    return {
        id_: _loudest([known[hash_] for hash_ in hashes if hash_ in known], totals.get(spoken, Taught(1, 1)))
        for id_, (spoken, hashes) in by_id.items()
    }


def learn(comments: Iterable[Said], taught: Taught, now: datetime) -> None:
    """A person has decided on comments, on all of them in the same way."""
    for spoken, (count, words, times) in sorted(_counted(comments).items()):
        BayesWord.learn(words, times, taught, now)
        BayesTotal.add(spoken, taught.spam * count, taught.ham * count)


def unlearn(comments: Iterable[Said], taught: Taught) -> None:
    """That decision is taken back, or another one takes its place."""
    for spoken, (count, _words, times) in sorted(_counted(comments).items()):
        BayesWord.unlearn(times, taught)
        BayesTotal.add(spoken, -taught.spam * count, -taught.ham * count)


def _counted(comments: Iterable[Said]) -> dict[str, tuple[int, dict[str, str], Counter[str]]]:
    """By language: how many comments, the words by their hashes, and in how many of the comments each is."""
    numbers, words = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for name, text, of_post in comments:
        spoken = language_of(text, of_post)
        numbers[spoken] += 1
        words[spoken].update(_words_of(name, text))
    return {
        spoken: (
            number,
            hashed := _hashed(words[spoken], spoken),
            Counter({hash_: words[spoken][word] for hash_, word in hashed.items()}),
        )
        for spoken, number in numbers.items()
    }


def _loudest(known: list[Known], taught: Taught) -> list[Word]:
    words = [Word(one.word, probability(one, taught)) for one in known if one.word]
    return [one for one in sorted(words, key=lambda one: -one.probability) if one.probability > PRIOR][:EXPLAINED_BY]


def _chi2(value: float, pairs: int) -> float:
    """The probability that chi-square with twice as many degrees of freedom as `pairs` is at least `value`."""
    half = value / 2
    term = total = exp(-half) if half < 700 else 0.0
    for number in range(1, pairs):
        term *= half / number
        total += term
    return min(total, 1.0)
