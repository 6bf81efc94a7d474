"""How people write the name of a place: folded, with or without umlauts, long or short."""

import re
import unicodedata
from collections.abc import Iterator

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
NOT_WORD = re.compile(r"[\W_]+")
STROKES = str.maketrans(  # letters of one piece, with nothing on them that could be taken off
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "þ": "th", "æ": "ae", "œ": "oe", "ə": "e"}
)
SHORTENED = tuple(  # words that people write short or long, and in whose stead they write each other
    (words, re.compile(rf"\b({'|'.join(words)})\b"))
    for words in (("sankt", "saint", "st"), ("fort", "ft"), ("mount", "mt"))
)
QUALIFIED = re.compile(
    r"(?P<short>.+?)"
    r"(?:\s*[(/]\s*(?P<aside>[^()/]+)\)?"
    r"|\s(?P<link>am|an der|auf|auf dem|auf der|bei|im|in|in der|ob der|unter|vor der)\s(?P<by>.+))"
)


def fold(text: str) -> str:
    """Lower case, accents off, "ß" as "ss", everything that is no letter or digit as one space."""
    bare = _bare(text.casefold())
    return bare if bare.isascii() and bare.isalnum() else NOT_WORD.sub(" ", bare).strip()


def spell_out(text: str) -> str:
    """Fold with "ae", "oe", "ue" for the umlauts, as on a keyboard that has none."""
    return fold(text if text.isascii() else unicodedata.normalize("NFC", text.casefold()).translate(UMLAUTS))


def readings(typed: str) -> tuple[str, ...]:
    """What to look up for a typed name; an umlaut that was typed counts first: Löhne is not Lohne."""
    return (fold(typed),) if typed.isascii() else tuple(dict.fromkeys((spell_out(typed), fold(typed))))


def slugify(text: str) -> str:
    """The name as part of a URL: "Bad Königshofen" is "bad-koenigshofen"; "" if no letter of it is Latin."""
    spelt = spell_out(text)
    return (spelt if spelt.isascii() else fold(spelt.encode("ascii", "ignore").decode())).replace(" ", "-")


def spellings(name: str) -> frozenset[str]:
    """Every folded way of writing this very name: München, Munchen, Muenchen; Sankt, St; Fort, Ft."""
    return frozenset(way for text in readings(name) for way in (text, *_shortened(text)))


def short_spellings(name: str) -> frozenset[str]:
    """Folded short forms of a qualified name: Frankfurt, Frankfurt/Main, Frankfurt a.M., Frankfurt/M."""
    match = QUALIFIED.fullmatch(name)
    if not match:
        return frozenset()
    rest = match["by"] or match["aside"]
    tails = _tails(match["link"] or "", rest)
    return frozenset(f"{short} {tail}".strip() for short in spellings(match["short"]) for tail in tails) - spellings(
        name
    )


def inner_words(folded: str) -> Iterator[str]:
    """The rest of a folded name from each later word on, little words left out."""
    words = folded.split()
    for start in range(1, len(words)):
        if len(words[start]) > 3:
            yield " ".join(words[start:])


def _bare(text: str) -> str:
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFKD", text).translate(STROKES)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def _shortened(folded: str) -> Iterator[str]:
    for words, anyone in SHORTENED:
        if anyone.search(folded):
            yield from (anyone.sub(word, folded) for word in words)


def _tails(link: str, rest: str) -> frozenset[str]:
    """What may stand for "am Main": nothing, Main, a Main, a M, aM, M."""
    spelt = spellings(rest)
    linked = "".join(word[0] for word in link.split())
    initials = [*linked, *(word[0] for word in fold(rest).split())]
    letters = {" ".join(initials), "".join(initials), *initials[-1:]}
    return frozenset({"", *spelt, *letters, *(f"{' '.join(linked)} {way}".strip() for way in spelt)})
