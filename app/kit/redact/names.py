"""Names of people, where a title, a greeting, a closing or a sentence announces them."""

import re
from collections.abc import Iterator
from typing import Final

from app.kit.redact.find import Find, Kind
from app.kit.redact.page import Page
from app.kit.redact.words import GIVEN_NAMES, NO_NAMES

PARTS: Final = 4
"""Words that one name has at most, particles left out."""

JOINTS: Final = 6
"""Titles and particles that one name has at most."""

_I = r"(?i:"
_TITLE = re.compile(
    rf"""(?x)(?<![\w])(?: {_I}herrn?|frau|fräulein|familie|eheleute|mister|mrs|mr) | Hrn?|Fr|Fam|Frl|Ms|MS|Miss|Mx|Dr
      |Prof|Dipl) (?:\.-?(?:Ing|Inf|Kfm)\.)?\.?[ \xa0]{{1,2}}\n?"""
)
_SAID = re.compile(
    r"""(?xi)(?<![\w]) (?: (?:mein|ihr|sein|unser|der|dein)[ ]name[ ](?:ist|war|lautet)(?:[ ]übrigens)?
      | ich[ ](?:heiße|heisse|heiß) | (?:vor|nach|familien|zu)?name[ ]?: | i['’]?m[ ]called
      | (?:my|her|his|their|the)[ ]name(?:['’]?s|[ ](?:is|was))
      | name[ ](?:des|der|meine[rs]|of[ ](?:the|my))[ ][^\W\d]{3,20}[ ]?(?::|ist|war|is|was)
      | namens | (?:er|sie|die|der|mitarbeiter(?:in)?)[ ](?:hieß|heißt) | named | by[ ]the[ ]name[ ]of
      | (?:auf|unter)[ ](?:den|dem|meinem)[ ]namen(?:[ ]von)? | im[ ]namen[ ](?:von|meine[rs][ ]\w+)
      | (?:in|under)[ ]the[ ]name(?:[ ]of)? | (?:account|contract)[ ]?(?:holder|owner)[ ]?(?::|is|,)?
      | (?:vertrags|konto|anschluss|karten|kontakt)?inhaber(?:in)?[ ]?(?::|ist) | gez\. | gezeichnet | i\.[ ]?a\.
      | ansprechpartner(?:in)?(?:[ ]?:|[ ]ist|[ ]war)? | (?:sach)?bearbeiter(?:in)?[ ]?: | contact[ ]?: | kontakt[ ]?:
      | signed[ ]?[:,]? | unterzeichnet[ ]?[:,]? | z\.[ ]?hd\.(?:[ ]von)? | kunde[ ]?: | customer[ ]?: | agent[ ]?: )
    [ ,:„“"]{0,3}"""
)
_SELF = re.compile(
    r"""(?xi)(?<![\w]) (?: ich[ ]bin(?:['’]s)?,?(?:[ ](?:die|der|es))? | bin[ ](?:die|der) | ich(?=,) | i(?=,)
      | hier[ ](?:ist|spricht|schreibt|war|bin[ ]ich)(?:[ ](?:der|die))? | this[ ]is | it['’]?s | mit | by | von
      | an | from
      | (?P<open> i['’]m | i[ ]am | (?:spoke|speaking|talked|talking|chatted|speak|dealt)[ ](?:to|with)(?:[ ](?:a|an))?
        | kolleg(?:e|in|en) | (?:agent|adviser|advisor|rep|representative|technician|engineer|colleague|supervisor) )
      | (?:sprach|gesprochen|telefoniert|telefonierte|gechattet|geschrieben)[ ](?:ich[ ])?(?:mit)?(?:[ ](?:einem
      |einer))?
      | called | told[ ]by | heißt | hieß | an[ ](?:den|die) | as[ke]{1,2}d?[ ]for | frag\w*[ ]nach | call[ ]me
      | danke | thanks
      | (?:mitarbeiter|berater|kundenberater|sachbearbeiter|techniker|nachbar|freund|chef|vermieter|partner
      |betreuer|kund
        |verkäufer|filialleiter|angestellte)(?:in|en|e|s|n|r)?
      | (?:mein|unser|dein|sein|ihr)e?[mnrs]?[ ](?:mann|frau|tochter|sohn|sohnes|mutter|vater|schwester|bruder|oma|opa
        |freundin|freund|schwiegermutter|schwiegervater|partner|partnerin|tante|onkel|verlobte[rn]?|chefin|enkel
        |enkelin)
      | (?:my|our|his|her)[ ](?:wife|husband|son|daughter|mother|mum|mom|father|dad|sister|brother|friend
      |neighbou?r|partner
        |boss|landlord|roommate|flatmate|girlfriend|boyfriend|fianc[ée]e?|aunt|uncle|grandmother|grandfather|nan
        |boy|girl)
      | manager|operator|lady|guy|gentleman|assistant|employee|salesman|clerk|consultant|installer|customer )
    (?:[ ](?:called|named|namens|heißt|hieß|ist|is|was))? [ ,:„“"'‘(]{1,3}"""
)
_CLOSING = re.compile(
    r"""(?xi)(?<![\w]) (?: (?:mit[ ]|viele[n]?[ ]|liebe[n]?[ ]|beste[n]?[ ]|schöne[n]?[ ]|herzliche[n]?[ ]
      |freundliche[n]?[ ]|verärgerte[n]?[ ]
        |frustrierte[n]?[ ]|sonnige[n]?[ ]|genervte[n]?[ ]){1,3}(?:gr(?:ü|ue)(?:ß|ss)en?)?
      | gr(?:u|ü|ue)(?:ß|ss)e?n? | es[ ]gr(?:ü|ue)(?:ß|ss)t(?:[ ](?:euch|sie|dich|herzlich)){0,2}
      | hochachtungsvoll | mfg | m\.f\.g\. | m\.?[ ]?f\.?[ ]?g\.? | gr\.
      | (?:(?:with|kind|kindest|best|warm|warmest|many)[ ]){0,3}(?:regards|wishes) | rgds
      | (?:yours[ ])?sincerely(?:[ ]yours)? | yours(?:[ ](?:faithfully|truly))?
      | respectfully(?:[ ]yours)? | faithfully | herzlichst | alles[ ]gute | take[ ]care | all[ ]the[ ]best )
    (?P<gap>[ \t]*(?:aus[ ]\w{3,20})?[ \t]*[,.:;!–-]{0,3}\s{0,6})
    (?:(?:ihre?|euer|eure|dein|deine|your|von|from|der|die)[ ](?=(?-i:[A-ZÄÖÜ])))? (?P<begin>)"""
)
_SHORT_CLOSING = re.compile(
    r"""(?x)(?:^|(?<=[.!?…)\n])|(?<=[.!?…)\]][ ])) [ \t]* (?: (?i:lg|vg|bg|hg|cheers|best|thanks|thank[ ]you
      |many[ ]thanks|thx|danke|vielen[ ]dank
      |ciao|tschüs+|bye|love|ta|merci|servus|euer|eure|ihr|ihre|dein|deine|your|salut|grüßle|cu
      |ade)) [ \t]*[,.:;!–-]{0,3}\s{1,4} (?P<begin>)"""
)
_DASH = re.compile(r"(?:^|[\s.!?])[-–—~/*]{1,2}[ ]?(?P<begin>)")
_GREETING = re.compile(
    r"(?xi)(?:^|(?<=[\n.!?]))[ \t]*(?:hallo|hi|hey|hello|liebe[rs]?|dear|moin|servus"
    r"|guten[ ](?:tag|morgen|abend)|good[ ](?:morning|day|evening))[ ,]{1,2}(?P<begin>)"
)
_HERE = re.compile(r"[^\W\d_][\w’'-]{2,20}(?=,? (?:here|hier)\b)")
_TOKEN = re.compile(r"[^\W\d_](?:[^\W_]|['’´`-](?=[^\W\d_]))*")
_PARTICLES = frozenset(
    {"von", "van", "de", "der", "den", "zu", "da", "di", "del", "la", "le", "ten", "al", "und", "and"}
)
_NEVER_FIRST = frozenset({"der", "den", "und", "and", "la"})  # "Herr der Lage"
_TITLES = frozenset({"dr", "prof", "dipl", "med", "ing", "mr", "mrs", "ms", "herr", "herrn", "frau"})
_LINE_END = re.compile(r"\.?[ \t]*(?:[\n,;(|/!]|$|(?:aus|from|in|und|and|ps|p\.s)\b|[-–—])", re.I)
_END = re.compile(r"[ \t]*(?:[\n,.;:!?()\[\]]|$)|[ ](?:und|and|aus|from|bei)\b", re.I)
_MINE = re.compile(r"(?i)(?<![\w])(?:mein|dein|sein|ihr|unser)(?:e|er|en|em|es)?\s$")
_SOME = re.compile(r"(?i)(?<![\w])(?:ein|kein|jed|d|jung|nett|alt)(?:e|er|en|em|ie|as|es)?\s$")


def names(page: Page) -> Iterator[Find]:
    """Names of up to four words behind what announces them, and wherever else the same names stand."""
    found = list(_announced(page.text))
    yield from found
    yield from _again(page.text, found)


def _announced(text: str) -> Iterator[Find]:
    for match in _TITLE.finditer(text):
        yield from _find(match.start(), _titled(text, match))
    for match in _SAID.finditer(text):
        yield from _find(match.end(), _name(text, match.end()) or _small(text, match.end()))
    for match in _SELF.finditer(text):
        end = _known(text, match.end()) or (_strange(text, match) if match["open"] else None)
        yield from _find(match.end(), end)
    for match in _GREETING.finditer(text):
        end = _known(text, match.end())
        yield from _find(match.end(), end if end and re.match(r"\s?[,!.:\n-]", text[end : end + 2]) else None)
    for match in _HERE.finditer(text):
        if match.group().lower() in GIVEN_NAMES and match.group()[0].isupper():
            yield from _find(match.start(), match.end())
    yield from _signed(text)


def _signed(text: str) -> Iterator[Find]:
    for match in _CLOSING.finditer(text):
        begin = match.start("begin")
        if match["gap"].strip() or match["gap"]:
            yield from _find(begin, _at_line_end(text, begin, is_sure="\n" in match["gap"]))
    for match in _SHORT_CLOSING.finditer(text):
        begin = match.start("begin")
        end = _at_line_end(text, begin, is_sure=False, is_strict=True)
        yield from _find(begin, end if end and _is_last(text, begin, end) else None)
    for match in _DASH.finditer(text):
        begin = match.start("begin")
        end = _known(text, begin)
        yield from _find(begin, end if end and not text[end:].strip(" .!") else None)
    last = len(text.rstrip()) - len(text.rstrip().rpartition("\n")[2]) if "\n" in text.strip() else None
    if last is not None and (end := _known(text, last)) and not text[end:].strip(" .!\n"):
        yield from _find(last, end)


def _again(text: str, found: list[Find]) -> Iterator[Find]:
    """Every word of a name, wherever it stands by itself."""
    parts = {part for find in found for part in _TOKEN.findall(text[find.start : find.end])}
    known = {part for part in parts if len(part) > 3 and part[0].isupper() and part.lower() not in NO_NAMES}
    if known:
        yield from (Find(*word.span(), Kind.NAME) for word in _TOKEN.finditer(text) if _bare(word.group()) in known)


def _find(begin: int, end: int | None) -> Iterator[Find]:
    if end is not None and end > begin:
        yield Find(begin, end, Kind.NAME)


def _titled(text: str, title: re.Match[str]) -> int | None:
    """A name behind Herr, Frau, Mrs …: in small letters too where the title is, save for "my wife"."""
    before = text[max(0, title.start() - 12) : title.start()]
    is_mine, is_some = _MINE.search(before), _SOME.search(before)
    if is_mine and "frau" in title.group().lower():
        return None  # "meine Frau Sabine" is found by the sentence
    if title.group()[0].islower() or title.group().strip(" .\n").isupper():
        return _name(text, title.end()) or (
            _small(text, title.end(), is_sure=True) if not (is_mine or is_some) else None
        )
    return _name(text, title.end())


def _name(text: str, begin: int) -> int | None:
    """Behind the capitalised words that begin here, none of which may be a word that is no name."""
    end, at, parts, joints = None, begin, 0, 0
    while parts < PARTS and joints < JOINTS and (token := _TOKEN.match(text, at)):
        word = _bare(token.group())
        if _is_joint(word) and not (end is None and word in _NEVER_FIRST):
            at, joints = _skip(text, token.end()), joints + 1
            continue
        if not word[0].isupper() or not _may_be_name(word, text[token.end() : token.end() + 1]):
            break
        end, parts = token.start() + len(word), parts + 1
        if len(word) <= 2 and text[end : end + 1] == ".":
            end += 1
        following = _skip(text, end)
        if following == end and text[end : end + 1] != " ":
            break
        at = following
    return end


def _small(text: str, begin: int, *, is_sure: bool = False) -> int | None:
    """Behind one or two words in small letters, if the first is a known given name, or any word if `is_sure`."""
    token = _TOKEN.match(text, begin)
    if token is None or not token.group().islower() or token.group() in NO_NAMES or len(token.group()) < 3:
        return None
    if token.group() not in GIVEN_NAMES:
        return token.end() if is_sure else None
    second = _TOKEN.match(text, token.end() + 1) if text[token.end() : token.end() + 1] == " " else None
    if second and second.group() not in NO_NAMES and _END.match(text, second.end()):
        return second.end()
    return token.end()


def _known(text: str, begin: int) -> int | None:
    """Behind a name of which the first word is a known given name, or a title and a name."""
    token = _TOKEN.match(text, begin)
    if token is None:
        return None
    first = _bare(token.group()).lower().split("-")[0]
    if first not in GIVEN_NAMES or not token.group()[0].isupper():
        return None
    return _name(text, begin)


def _strange(text: str, match: re.Match[str]) -> int | None:
    """Behind a name that nobody knows, where hardly anything else is said: not in capitals, after "I am" two words."""
    end, said = _name(text, match.end()), match["open"]
    name = text[match.end() : end]
    is_title_case = said[0].isupper() and said[:1] != "I"
    is_bare = " " not in name and not re.match(r",? (?:from|aus|and I)\b", text[end or 0 :][:12])
    if end is None or name.isupper() or is_title_case or (said[0] in "Ii" and is_bare):
        return None
    return end


def _at_line_end(text: str, begin: int, *, is_sure: bool, is_strict: bool = False) -> int | None:
    """Behind a name with which the line ends, or behind which only a comma, a bracket or "aus …" stands."""
    end = _name(text, begin)
    if end is not None:
        return end if _LINE_END.match(text, end) or _known(text, begin) or is_sure else None
    end = _small(text, begin)
    if end is not None:
        return end if _LINE_END.match(text, end) else None
    token = _TOKEN.match(text, begin)
    is_alone = token is not None and not is_strict and len(token.group()) > 2 and token.group() not in NO_NAMES
    return (
        token.end() if token and is_alone and token.group().islower() and not text[token.end() :].strip(" .!") else None
    )


def _is_last(text: str, begin: int, end: int) -> bool:
    """Whether the line ends here; and the name is a known one, or has two words, or ends the text."""
    line = text[end:].partition("\n")[0].strip(" .!,;)")
    is_named = _known(text, begin) or _small(text, begin) or " " in text[begin:end] or not text[end:].strip(" .!,)")
    return not line and bool(is_named)


def _is_joint(word: str) -> bool:
    return word.lower() in _TITLES or word in _PARTICLES


def _may_be_name(word: str, following: str) -> bool:
    is_initial = len(word) == 1 and following == "."
    return (is_initial or word.lower() not in NO_NAMES) and not any(char.isdigit() for char in word)


def _bare(token: str) -> str:
    """Without the genitive's "'s"."""
    return re.sub(r"['’´`]s?$", "", token)


def _skip(text: str, at: int) -> int:
    """Behind the dot of an abbreviation, a blank and no more; a line's end is not passed."""
    if text[at : at + 1] == "." and (at < 4 or not text[at - 4 : at].isalpha()):
        at += 1
    return at + 1 if text[at : at + 1] == " " else at
