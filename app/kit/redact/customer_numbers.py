"""What a company files somebody under, or lets them in by: numbers and passwords that a keyword announces."""

import re
from collections.abc import Iterator

from app.kit.redact.find import Find, Kind
from app.kit.redact.page import Page
from app.kit.redact.runs import luhn, runs

_NUMBER_WORD = r"(?:nummern?|nr[sn]?\b\.?|no\b\.?|numbers?|id\b|\#|code|kennung|kennzahl)"
_KEYWORD = rf"""
    (?: (?:kunden?|kd|k(?=-nr)|vertrags?|vertr
         |ticket|vorgangs?|rechnungs?|auftrags?|bestell|mitglieds|fall|störungs?|ref
    |referenz
         |reklamations|sim|simkarten|karten|konto|bearbeitungs|beschwerde|identifikations|buchungs|zähler|personal|paket
         |sendungs|tracking|liefer|zugangs|anschluss|debitoren|mandats|steuer|ausweis)
        [- .]{{0,2}} (?:karten|ticket|konto)? [- .]{{0,2}} {_NUMBER_WORD}
      | (?:kunden|vertrags)[- ]?konto(?:nummer)? | aktenzeichen | kassenzeichen | iccid | pkk\b | az\.?\s?(?=:)
      | (?:customer|client|contract|account|ticket|case|incident|reference|ref\.?|invoice|bill|order|sim|sim[ ]card|card
         |complaint|booking|member|membership|acct\.?|support|fault|credit[ ]card|job|claim|confirmation|dispute|policy)
        [- ]{{0,2}} (?:ticket|case|reference|ref)? [- ]{{0,2}} {_NUMBER_WORD}
      | (?:rechnung|vorgang|invoice|incident|vertrag|bestellung|auftrag|störung|mandat) \s? (?:nr\.?|no\.?|\#
      |nummer|number)
      | (?P<short>(?:puk|pin|tan)[- ]?[12]?\b(?:[- ]?(?:code|nummer|number))?)
      | kreditkarten?(?:nummer)? | kontonummer | kto\b\.?(?:-?nr\.?)? )
"""
_BARE = r"""(?:(?:störungs)?tickets?|vorgang|rechnung|invoice|case|incident|vertrag|contract|ref(?:erence|erenz)?\.?
    |account|kundenkonto|sim(?:[- ]?(?:karte|card))?|auftrag|bestellung|order|kunde|customer)"""
_VALUE = (
    r"(?:(?-i:[A-Z]{1,6}|[A-Z]+[a-z]+[A-Z])[ ])?[A-Za-z]{0,8}[-/_.]?\d\w{0,24}"
    r"(?:[-/_. ]{1,2}(?=\w{0,12}\d)\w{1,24}|[-/_](?-i:[A-Z]{1,4})(?!\w)){0,6}"
)
_LINK = r"""(?: [\s:.=\#(,"„“'*-]{0,6}
    (?: \b(?:ist|is|lautet|lauten|are|sind|war|was|meine|my|die|the|mit|with|nr|no|nummer|number|wie|folgt|von|des|der
       |bei|o2|as|follows|hier|here|to|quote|sim|of)\b [\s:.=\#(,"„“'*-]{1,6} ){0,4} )"""
_GAP = r"[^\d.!?\n\[\]\x00]{0,45}?(?<![^\W_])"

_ANNOUNCED = re.compile(rf"(?xi)(?<![^\W_]){_KEYWORD}{_LINK}(?P<value>{_VALUE})")
_LOOSELY = re.compile(rf"(?xi)(?<![^\W_]){_KEYWORD}{_GAP}(?P<value>{_VALUE})")
_LISTED = re.compile(rf"(?xi)\s{{0,2}}(?:,|/|;|&|und|and|sowie|bzw\.?|oder|or)\s{{0,2}}(?P<value>{_VALUE})")
_BARE_NUMBER = re.compile(
    rf"(?xi)(?<![^\W_]){_BARE}(?P<sign>\s?[:\#(]|\s(?:mit\s|with\s)?(?:der\s|the\s)?(?:nummer|nr\.?|number|no\.?|id)\b|\s)\s{{0,2}}\#?(?P<value>{_VALUE})"
)
_BEHIND = re.compile(
    rf"""(?xi)(?<![^\W_])(?P<value>{_VALUE})[\s)]{{0,2}}(?:,\s)?(?:(?:ist|is|war|was|lautet|=|\()\s?
    (?:meine?|my|die|the|unsere|our|deren)?\s?|as\s(?:the|my)\s|als\s){_KEYWORD}"""
)
_SECRET = re.compile(
    r"""(?xi)(?<![^\W_])
    (?: (?:kunden|telefon|hotline|service|persönliches[ ])?(?:kennwort|passwort|losungswort|codewort|geheimwort)
      | benutzername | user[ ]?name | login(?:name)? | password | passcode | passphrase | pass(?:wd|word)
      | security[ ]word | secret[ ](?:word|code) | pw | login-?pin )
    (?: (?:[ ][a-z]{1,9}){0,8}?\s?[:=]\s{0,2} | \s(?:ist|is|lautet|war|was)(?:\s?:)?\s (?P<spoken>)
    | \s{0,2}(?=["„“'»])
      | \s(?=[A-Za-zÄÖÜäöüß]{1,30}\d|\d{1,20}[A-Za-z]) )
    (?P<quote>["„“'»]?) (?P<value>[^\s"„“”'»«,;()\[\]]{3,40})
    """
)
_NO_SECRET = re.compile(
    r"""(?xi)(?: nicht|not|wrong|falsch|invalid|ungültig|expired|abgelaufen|still|immer|no|kein\w*|correct|korrekt|right
    |richtig|rejected|required|incorrect|always|being|the|a|an|der|die|das|ein\w*|locked|gesperrt|never|nie|asked|needed
    |nötig|too|zu|blocked|known|bekannt|unbekannt|reset|sent|gone|weg|only|nur|in|on|as|mir|mein\w*|my|your|ihr\w*
    |angeblich|natürlich|leider|wieder|schon|noch|so|auch|vergessen|forgotten|unknown|same|sehr|very|und|and|or|oder
    |changed|geändert|accepted|refused|somehow|apparently|supposedly|what|why|was|wie|per|neu|new|obviously|either )$"""
)
_ICCID = range(18, 21)  # digits of a SIM card's number; it begins with 89, ITU-T E.118
_YEAR = re.compile(r"(?:19|20)\d\d$")
_TOWN = re.compile(r"[ ][A-ZÄÖÜ][a-zäöü]")


def customer_numbers(page: Page) -> Iterator[Find]:
    """Numbers behind, or before, a keyword: the looser the tie, the more digits they need; passwords; SIM cards."""
    text = page.veiled
    for found in _ANNOUNCED.finditer(text):
        if _digits(found) >= 4:
            yield _find(found)
            yield from _listed(text, found.end())
    for found in _LOOSELY.finditer(text):
        if _digits(found) >= (4 if found["short"] else 5) and not _is_year_or_postcode(text, found):
            yield _find(found)
            yield from _listed(text, found.end())
    for found in _BARE_NUMBER.finditer(text):
        if _digits(found) >= (
            5 if found["sign"].isspace() and found["value"][0].isdigit() else 4
        ) and not _is_year_or_postcode(text, found):
            yield _find(found)
    yield from (_find(found) for found in _BEHIND.finditer(text) if _digits(found) >= 4)
    yield from _secrets(page.text)
    yield from _sim_cards(page.text)


def _is_year_or_postcode(text: str, found: re.Match[str]) -> bool:
    value = found["value"]
    return bool(_YEAR.match(value) or (len(value) == 5 and value.isdigit() and _TOWN.match(text, found.end())))


def _listed(text: str, at: int) -> Iterator[Find]:
    """Further numbers behind the one that was announced: "123456, 234567 und 345678"."""
    while found := _LISTED.match(text, at):
        if _digits(found) < 4:
            return
        yield _find(found)
        at = found.end()


def _secrets(text: str) -> Iterator[Find]:
    """What is said to be the password; a word of everyday ("is wrong") is none."""
    for found in _SECRET.finditer(text):
        value = found["value"].rstrip(".!?:")
        is_sure = (
            found["spoken"] is None or found["quote"] or not value.islower() or not _is_followed(text, found.end())
        )
        if value and is_sure and (found["quote"] or not _NO_SECRET.match(value)):
            yield Find(found.start("value"), found.start("value") + len(value), Kind.CUSTOMER_NUMBER)


def _is_followed(text: str, at: int) -> bool:
    """Whether the sentence goes on."""
    return bool(re.match(r"\s+[^\W\d_]", text[at : at + 20])) and text[at - 1] not in ".!?"


def _sim_cards(text: str) -> Iterator[Find]:
    for run in runs(text):
        groups = run.groups()
        borders = {*groups[1:], len(run.digits)}
        for begin in groups:
            if not run.digits.startswith("89", begin):
                continue
            ends = [begin + length for length in _ICCID if begin + length in borders]
            end = next((end for end in reversed(ends) if end - begin > 18 or luhn(run.digits[begin:end])), None)
            if end:
                yield Find(run.starts[begin], run.ends[end - 1], Kind.CUSTOMER_NUMBER)


def _digits(found: re.Match[str]) -> int:
    return sum(char.isdigit() for char in found["value"])


def _find(found: re.Match[str]) -> Find:
    return Find(found.start("value"), found.end("value"), Kind.CUSTOMER_NUMBER)
