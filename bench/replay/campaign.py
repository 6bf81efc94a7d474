"""What happened in November 2011: who asked for which page, who reported and who commented, and when.

The totals are those of the campaign. How they spread over days, pages and languages is not on record: the shares below
follow the timeline (a quiet start, the press from the 15th, the guest post at the end) and are stated, not measured.
"""

import csv
import gzip
import hashlib
import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from app.site.demo import texts
from app.site.demo.reports import SHEET

Kind = Literal["page", "report", "comment"]

VIEWS, REPORTS, COMMENTS, SPAM = 349_929, 8_000, 13_152, 11_398
DAY = 86_400
DAYS = 19  # from 12 to 30 November
# shares of each day, the 12th first
VIEWS_A_DAY = (2, 2, 3, 9, 12, 14, 11, 6, 5, 6, 6, 5, 6, 3, 2, 3, 3, 5, 4)
REPORTS_A_DAY = (300, 60, 60, 120, 80, 80, 900, 900, 900, 1200, 1200, 1100, 1100, 0, 0, 0, 0, 0, 0)
COMMENTS_A_DAY = (1, 1, 2, 4, 5, 6, 6, 5, 5, 5, 6, 6, 7, 5, 5, 6, 9, 12, 11)
PAGES = {
    "/": 44,
    "/posts/gastbeitrag-o2-netz": 17,
    "/posts/wir-sind-einzelfall": 8,
    "/posts/die-seite-war-weg": 4,
    "/posts/gespraech-mit-o2": 4,
    "/posts/eine-woche-presse": 3,
    "/posts/": 4,
    "/reports/new": 4,
    "/places/": 3,
    "/numbers": 2,
    "/how-we-count": 1,
    "/feed.atom": 4,
    "/imprint": 1,
    "/counter.json": 1,
}
ENGLISH = 0.08  # of the page views
POSTS = ("gastbeitrag-o2-netz", "gastbeitrag-o2-zwischenstand", "wir-sind-einzelfall", "gespraech-mit-o2")
SYMPTOMS = ("data_slow", "data_stuck", "calls_out", "calls_drop")


@dataclass(frozen=True, slots=True)
class Told:
    """One report or comment as a form sends it."""

    path: str
    fields: dict[str, str | list[str]]
    is_spam: bool = False


def views(rng: random.Random) -> tuple[list[float], list[str]]:
    """When pages are asked for, in seconds of the campaign and in order, and which."""
    paths, weights = list(PAGES), list(PAGES.values())
    asked = rng.choices(paths, weights, k=VIEWS)
    return moments(rng, VIEWS, VIEWS_A_DAY), [_in_a_language(rng, path) for path in asked]


def reports(rng: random.Random) -> tuple[list[float], list[Told]]:
    """The reports, of the places of 2011 in their shares."""
    with gzip.open(SHEET, "rt", encoding="utf-8", newline="") as sheet:
        rows = list(csv.reader(sheet))
    where = next(index for index, name in enumerate(rows[0]) if "Stadt" in name or "Ort" in name)
    places = [row[where] for row in rows[1:] if row[where].strip()]
    return moments(rng, REPORTS, REPORTS_A_DAY), [_report(rng, number, places) for number in range(REPORTS)]


def comments(rng: random.Random) -> tuple[list[float], list[Told]]:
    """The comments, advertisements among them in the proportion of 2011."""
    spam = set(rng.sample(range(COMMENTS), SPAM))
    told = [_comment(rng, number, is_spam=number in spam) for number in range(COMMENTS)]
    return moments(rng, COMMENTS, COMMENTS_A_DAY), told


def moments(rng: random.Random, count: int, a_day: tuple[int, ...]) -> list[float]:
    """So many moments in order, spread over the days in these shares; a day is quiet at night."""
    bounds = list(accumulate(a_day))
    days = (bisect(bounds, rng.uniform(0, bounds[-1] - 1e-9)) for _ in range(count))
    return sorted((day + rng.betavariate(4, 2.5)) * DAY for day in days)


def fingerprint(text: str) -> str:
    """By what the service that judges knows a text again."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()


def spam_fingerprints(seed: int) -> frozenset[str]:
    """Those of every advertisement of the replay with this seed."""
    return frozenset(fingerprint(str(one.fields["text"])) for one in comments(random.Random(seed))[1] if one.is_spam)


def key(rng: random.Random) -> str:
    return f"{rng.getrandbits(120):030x}"


def _in_a_language(rng: random.Random, path: str) -> str:
    if rng.random() >= ENGLISH or path.startswith(("/feed", "/counter")):
        return path
    return f"{path}{'&' if '?' in path else '?'}lang=en"


def _report(rng: random.Random, number: int, places: list[str]) -> Told:
    symptoms, place = rng.sample(SYMPTOMS, rng.choice((1, 1, 2, 2, 3))), rng.choice(places)
    fields: dict[str, str | list[str]] = {
        "key": key(rng),
        "symptoms": list(symptoms),
        "place": place,
        "since": rng.choice(("", "days", "weeks", "months", "year")),
        "device": rng.choice(("", f"Telefon {number % 97}")),
        "age": str(rng.randint(15, 300)),
        # the minute of 2011, as a device says it that had to wait for a network
        "claimed_at": f"2011-11-{12 + number * 13 // REPORTS}T{number % 24:02}:{number * 7 % 60:02}Z",
    }
    if rng.random() < 0.4:
        fields["text"] = texts.report_text(rng, place, symptoms)
    return Told("/reports", fields)


def _comment(rng: random.Random, number: int, *, is_spam: bool) -> Told:
    kind: texts.Kind = "spam" if is_spam else rng.choice(("reader", "reader", "question"))
    language: texts.Language = rng.choice(("de", "en", "en")) if is_spam else "de"
    name, text = texts.comment(rng, kind=kind, language=language)
    said = f"{text} ({number})"  # the grammar repeats itself now and then; people do not
    fields: dict[str, str | list[str]] = {"key": key(rng), "name": name, "text": said, "age": str(rng.randint(8, 400))}
    return Told(f"/posts/{rng.choice(POSTS)}/comments", fields, is_spam)


def arrivals(times: list[float], speed: float) -> Iterator[float]:
    """Seconds after the start at which something is due, at so many campaign seconds a second."""
    return (at / speed for at in times)
