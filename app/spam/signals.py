"""What can be told about a submission without asking anybody.

Each signal gives points. Up to 2 points are ham, 3 to 7 are for a person or Akismet to decide, 8 are spam.
Words alone never make spam: however many links somebody writes in anger, it takes a sign from the manner in
which the text came (no form token, faster than hands, the same text again and again) to get there. Besides
the honeypot no signal reaches spam alone.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from app.kit.impersonation import Standing, compare
from app.spam.submission import Submission
from app.spam.verdict import Judgement, Verdict

UNSURE_FROM = 3
SPAM_FROM = 8
BLATANT = 100

CROWD = 30  # comments from one network within a minute; one address may be that of hundreds of phones
CROWDED = "crowded"

YOUNG = 3  # seconds in which nobody reads, writes and sends
OLD = 25 * 3600  # a day, and the hour that the token's rounding may add
READ = 20_000  # characters of a text, or of a name, that are looked at

Signal = Callable[[Submission], tuple[int, str]]

_LINK = re.compile(
    r"""(?ix)
    \b (?: https?:// | www\. ) [^\s<>"'()\[\]]{1,500}
    | (?<![\w@./-]) [a-z0-9-]{2,63} (?:\.[a-z0-9-]{1,63}){0,3}
      \. (?: com|net|org|info|biz|shop|store|online|site|xyz|top|club|win|bet|casino
           | io|ru|cn|de|at|ch|eu|uk|me|ly|to )
      (?![\w-]) (?: /[^\s<>"'()\[\]]{0,500} )?
    """
)
_MARKUP = re.compile(r"(?i)<a\s{1,9}href|\[(?:url|link)[=\]]")
_EXCLAMATION = re.compile(r"[!?]{5}")
_LATIN = "A-Za-zÀ-ɏ"
_BROKEN_WORD = re.compile(f"(?<=[{_LATIN}])[\u200b-\u200d\u2060\ufeff](?=[{_LATIN}])")
_OVERRIDE = re.compile("[\u202d\u202e]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def local(submission: Submission) -> Judgement:
    """HAM, UNSURE or SPAM by the points of all signals; the reasons are the keys of those that gave any."""
    words = list(_heard(WORDS, submission))
    manner = list(_heard(MANNER, submission))
    points = sum(given for given, _ in words)
    if manner:
        points += sum(given for given, _ in manner)
    else:
        points = min(points, SPAM_FROM - 1)
    verdict, reasons = _verdict(points), [key for _, key in manner + words]
    if submission.from_network > CROWD:  # no points: neighbours on a network make nobody a spammer
        reasons.append(CROWDED)
        verdict = Verdict.UNSURE if verdict is Verdict.HAM else verdict
    return Judgement(verdict, "local", tuple(reasons))


def honeypot(submission: Submission) -> tuple[int, str]:
    """A field that people do not see was filled."""
    return (BLATANT if submission.honeypot_value.strip() else 0), "honeypot"


def form_token(submission: Submission) -> tuple[int, str]:
    """No valid form token came along."""
    return (2 if submission.form_age_seconds is None else 0), "form-token-missing"


def form_age(submission: Submission) -> tuple[int, str]:
    """The form is older than a day: harmless, but what stored requests look like."""
    return (1 if (submission.form_age_seconds or 0) > OLD else 0), "form-token-old"


def haste(submission: Submission) -> tuple[int, str]:
    """The page was open for less than three seconds, as its own script says."""
    open_for = submission.open_seconds
    return (3 if open_for is not None and open_for < YOUNG else 0), "too-quick"


def repeats(submission: Submission) -> tuple[int, str]:
    """The same text came before; once may be a mistake, ten times are a machine."""
    steps = ((10, 6), (3, 4), (1, 2))
    return next((points for often, points in steps if submission.repeats >= often), 0), "repeats"


def links(submission: Submission) -> tuple[int, str]:
    """Different links in the text, without those to this site and those quoted from the comment answered."""
    own = urlsplit(submission.permalink).netloc
    quoted = _links(submission.parent_text or "")
    strange = [link for link in _links(submission.text) - quoted if _host(link) != own]
    return (0, 1, 2, 4, 4, 5)[min(len(strange), 5)], "links"


def markup(submission: Submission) -> tuple[int, str]:
    """Links written for other forums: the comments here know neither HTML nor BBCode."""
    return (4 if _MARKUP.search(submission.text[:READ]) else 0), "link-markup"


def shouting(submission: Submission) -> tuple[int, str]:
    """Capitals or exclamation marks; angry customers do that, so it hardly counts."""
    text = submission.text[:READ]
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    is_loud = len(letters) >= 20 and capitals > 0.7 * len(letters)
    return (1 if is_loud or _EXCLAMATION.search(text) else 0), "shouting"


def advertising_name(submission: Submission) -> tuple[int, str]:
    """An address where a name is asked for."""
    return (4 if _links(submission.name) else 0), "url-in-name"


def staff_name(submission: Submission) -> tuple[int, str]:
    """A name that could be taken for one of the staff or of a verified organisation."""
    found = compare(submission.name[:READ], submission.protected_names)
    return (0 if found.standing is Standing.FREE else 4), "imitates-staff"


def hidden_characters(submission: Submission) -> tuple[int, str]:
    """Characters that nobody sees: in a name, breaking Latin words, or turning the direction of writing.

    Joiners of emoji and of other scripts are no tricks; one zero-width space comes with many a copied text.
    """
    text = submission.text[:READ]
    is_trick = _INVISIBLE.search(submission.name[:READ]) or _OVERRIDE.search(text)
    return (4 if is_trick or len(_BROKEN_WORD.findall(text)) > 1 else 0), "hidden-characters"


MANNER: tuple[Signal, ...] = (honeypot, form_token, form_age, haste, repeats)
WORDS: tuple[Signal, ...] = (links, markup, shouting, advertising_name, staff_name, hidden_characters)


def _heard(signals: tuple[Signal, ...], submission: Submission) -> Iterator[tuple[int, str]]:
    for signal in signals:
        points, key = signal(submission)
        if points:
            yield points, key


def _verdict(points: int) -> Verdict:
    if points >= SPAM_FROM:
        return Verdict.SPAM
    return Verdict.UNSURE if points >= UNSURE_FROM else Verdict.HAM


def _links(text: str) -> set[str]:
    return {link.lower().rstrip(".,;:!?/") for link in _LINK.findall(text[:READ])}


def _host(link: str) -> str:
    return re.split(r"[/?#]", re.sub(r"^https?://", "", link), maxsplit=1)[0]
