"""E-mail addresses, in the disguises in which people write them."""

import re
from collections.abc import Iterator

from app.kit.redact.find import Find, Kind
from app.kit.redact.page import Page

_OPEN, _CLOSE = r"[(\[{<|*_#/-]", r"[)\]}>|*_#/-]"
_AT_WORD = r"(?:at|ät|aet|ätt|att|affe|klammeraffe|@|at-?zeichen|at[ ]sign)"
_DOT_WORD = r"(?:dot|punkt|pkt|point|\.)"
_AT = re.compile(
    rf"""(?xi)
    (?P<sure> \s{{0,3}} [(\[] \s? a \s? [)\]] \s{{0,3}}
    | \s{{0,3}} (?:{_OPEN}\s?){{1,2}} {_AT_WORD} (?:\s?{_CLOSE}){{1,2}} \s{{0,3}}
      | \s{{0,3}} @ \s{{0,3}}
      | \s{{1,3}} (?: ät|ätt|aet|klammeraffe|affenschwanz|at-?zeichen|at[ ]sign|(?-i:AT|Ät|ÄT) ) \s{{1,3}}
      | (?-i:(?<=[a-z0-9])(?:AT|ÄT)(?=[a-z])) )
    | (?P<word> \s{{1,3}} at \s{{1,3}} )
    """
)
_PROVIDER = (
    r"(?:(?P<company>vodafone|o2online|sky|alice|comcast|verizon|live|me|mac|online|email|mail)"
    r"|gmx|web|gmail|googlemail|google[ ]?mail|hotmail|outlook|msn|yahoo|ymail|aol|icloud|t-?online"
    r"|freenet|arcor|posteo|mailbox|proton(?:mail)?|tutanota|tuta|1und1|o2mail"
    r"|netcologne|unitybox|kabelmail|versanet|btinternet|fastmail|gmxpro|yandex|zoho)"
)
_TLD = (
    r"(?:de|com|net|org|at|ch|eu|info|biz|uk|co|us|fr|nl|it|es|pl|dk|be|lu|se|tv|me|io|online|email|name|berlin|hamburg"
    r"|koeln|cologne|bayern|saarland|ruhr|wtf|ru|tr|edu|gov|ie|au|ca|app|dev|xyz|mobi|cc|at)(?![^\W_])"
)
_TIGHT = r"\."
_SPELLED = (
    rf"(?:\s{{0,2}}(?:{_OPEN}\s?)+{_DOT_WORD}(?:\s?{_CLOSE})+\s{{0,2}}|\s{{1,2}}{_DOT_WORD}\s{{1,2}}"
    r"|\s{1,2}\.|\.\s{1,2}|(?-i:(?<=[a-z0-9])(?:DOT|PUNKT)(?=[a-z])))"
)
_LABEL = r"[^\W_](?:[\w-]{0,61}?[^\W_])?"
_PLAIN = re.compile(rf"(?i){_LABEL}(?:\.{_LABEL}){{0,4}}\.[^\W\d_][\w-]{{1,23}}(?![\w-])")
_DISGUISED = re.compile(rf"(?i)(?:{_LABEL}(?:{_TIGHT}|{_SPELLED})){{1,4}}{_TLD}")
_NAMED = re.compile(rf"(?i){_PROVIDER}(?![^\W_])(?:(?:{_TIGHT}|{_SPELLED}|[ ])(?:co[ .])?(?P<tld>{_TLD}))?")
_LETTERS = re.compile(r"(?i)[\w-](?:[ ][\w-]){0,30}[ ]?\.[ ]?\w[ ]\w(?:[ ]\w)?(?![^\W_])")

_LOCAL_CHAR = r"[\w.+!#$%&'/=?^`{|}~-]"
_LOCAL = re.compile(rf"(?<!\w){_LOCAL_CHAR}{{1,64}}$|\"[^\"\n]{{1,60}}\"$")
_LOCAL_SPELLED = re.compile(
    rf"(?i)(?:[\w+-]{{1,40}}(?:\s(?:{_DOT_WORD}|minus|unterstrich|underscore)\s|\s?[(\[{{]\s?(?:{_DOT_WORD}|minus|unterstrich)"
    rf"\s?[)\]}}]\s?)){{1,3}}[\w.+-]{{1,40}}$"
)
_LOCAL_LETTERS = re.compile(r"(?<![^\W_])(?:[\w.+-] ){1,40}[\w.+-]$")
_WINDOW = 140  # characters before the sign that are looked at


def emails(page: Page) -> Iterator[Find]:
    """Every sign or word that may stand for @, with a name before it and a domain behind it."""
    text = page.text
    for at in _AT.finditer(text):
        local = _local(text, at.start())
        if local is None:
            continue
        end = _domain(text, at, text[local : at.start()])
        if end:
            yield Find(local, end, Kind.EMAIL)


def _local(text: str, end: int) -> int | None:
    """Where the name before the sign begins."""
    offset = max(0, end - _WINDOW)
    window = text[offset:end]
    starts = [
        offset + found.start()
        for pattern in (_LOCAL_SPELLED, _LOCAL_LETTERS, _LOCAL)
        if (found := pattern.search(window))
    ]
    if not starts:
        return None
    start = min(starts)
    while start < end and text[start] in ".!?'/=&#|`-":
        start += 1
    return start if start < end else None


def _domain(text: str, at: re.Match[str], local: str) -> int | None:
    """Behind the domain; a mere "at" needs a mailbox's provider, spelled dots, or a name that is no word."""
    plain, named = _PLAIN.match(text, at.end()), _NAMED.match(text, at.end())
    disguised, letters = _DISGUISED.match(text, at.end()), _LETTERS.match(text, at.end())
    if at["word"]:
        is_name = re.search(r"\w[._+-]\w|[^\W\d_]{2,}\d+$", local)
        has_words = disguised and re.search(r"(?i)dot|punkt|pkt", disguised.group())
        found = [named if named and named["tld"] and not named["company"] else None, disguised if has_words else None]
        found += [plain] if is_name else []
    elif "@" in at.group() and at.group()[0].isspace() and not at.group()[-1].isspace():
        found = [plain, named if "." in (named.group() if named else "") else None]  # else "@handle"
    else:
        found = [plain, named, disguised, letters]
    return max((match.end() for match in found if match), default=None)
