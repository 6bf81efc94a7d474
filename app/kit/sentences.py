"""Plain text, German or English, cut into its sentences."""

import re
from collections.abc import Iterator


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# A full stop after one of these ends no sentence, unless a word follows that begins one.
ABBREVIATIONS = _words(
    "abs allg approx apr art aug bd bspw bzgl bzw ca co corp dec dez dipl div dr dt eig engl etc evtl fa feb fig "
    "frl gem ggf hr ing inc inkl insb jan jr jul jun kap lt ltd maj max min mio mr mrd mrs ms mär no nov nr nrn okt "
    "oct op orig prof resp sept sep sog sr st std str tel urspr usf usw vgl vol vs ziff zzgl "
)

# Words that stand after no ordinal, initial or title: with a capital letter they begin a sentence.
BEGINNERS = _words(
    # German
    "aber alle als am an auch auf aus bei bis da dabei dafür damit danach dann daran darauf das dass dem den denn "
    "der des deshalb die dies diese dieser dieses doch du durch ein eine einem einen einer er es falls für ganz "
    "hier ich ihr ihre ihnen im in ist ja jede jeder kein keine man mit nach nein nicht noch nun nur ob oder ohne "
    "schon sehr seit sie sind so sobald über um und uns unser unsere unter viele vom von vor wann war warum was "
    "weil wenn wer wie wir wird wo zu zum zur zwar "
    # English
    "a all also and any are as at because before both but by every for from he her here his how however if is it "
    "its many my not now of on once or our she since some that the their then there these they this those to until "
    "we what when where which while who why will with you your "
)

_END = re.compile(r"(?P<stop>[.!?…]+)[)\]»«“”\"’'‘]*\s+(?=[(\[„“\"»«‚‘'–—-]*\s*(?P<next>\w+))")
_BEFORE = re.compile(r"[\w.]*\Z")


def split(text: str) -> list[str]:
    """The sentences in order; joined by single spaces they are the text with its white space normalised."""
    line = " ".join(text.split())
    return [sentence for sentence in _cut(line) if sentence]


def _cut(line: str) -> Iterator[str]:
    begin = 0
    for end in _END.finditer(line):
        if _ends_here(line, end):
            yield line[begin : end.end()].strip()
            begin = end.end()
    yield line[begin:].strip()


def _ends_here(line: str, end: re.Match[str]) -> bool:
    """Whether the signs close a sentence; what goes on with a small letter was not at its end."""
    after = end["next"]
    if after[0].islower():
        return False
    if end["stop"] != ".":
        return True
    before = _BEFORE.search(line, 0, end.start())
    word = before[0].rpartition(".")[2] if before else ""
    return not _is_shortened(word) or after.casefold() in BEGINNERS


def _is_shortened(word: str) -> bool:
    """An initial, an abbreviation, or a day or ordinal as in “12. November”."""
    return (
        (word.isdecimal() and len(word) <= 2) or (word.isalpha() and len(word) == 1) or word.casefold() in ABBREVIATIONS
    )
