"""Postal addresses: a street with its house number, and the postcode and town beside it."""

import re
from collections.abc import Iterator

from app.kit.redact.find import Find, Kind
from app.kit.redact.page import Page

_CAPITAL = "A-ZÄÖÜÀ-ÖØ-Þ"
_WORD = rf"[{_CAPITAL}][\w’'-]{{0,40}}+\.?"
_HOUSE = (
    r"(?:Nr\.?\s?|Hausnr\.?\s?|Hausnummer\s)?(?!(?:19|20)\d\d(?![\w]))\d{1,4}"
    r"(?:\s?[a-hA-H](?![\w]))?(?:\s?[-–/+]\s?\d{1,4}\s?[a-h]?(?![\w]))?"
)
_NO_HOUSE = (
    r"(?![\d\x00]|[.,]\d|[ ]?(?:bis|von|und)\s\d|[ ]?(?:x\b|%|€|G\b|LTE|Zoll|er\b|te[nrs]?\b|ter\b|mal\b|Mal\b|Kunden\b"
    r"|Balken\b|Stunden?\b|Minuten?\b|Min\b|km\b|m\b|Uhr\b|Tage?n?\b|Wochen?\b|Monate?\b|Jahre?\b|Meter\b|Leute\b))"
)
_TOWN_MORE = (
    rf"(?:[ /-](?:am|an[ ]der|a\.[ ]?d\.|im|in[ ]der|i\.|bei|ob[ ]der|vor[ ]der|auf[ ]dem|unter)[ ]{_WORD}"
    rf"|[ ]?[/(]{_WORD}\)?|[ ](?:Main|Höhe|Saale|Weser|Breisgau|Donau|Mitte|Nord|Süd|Ost|West|Altstadt))?"
)
_TOWN = (
    rf"(?:(?:Bad|Sankt|St\.|Groß|Klein|Neu|Alt|Markt|Burg|Schwäbisch|Lutherstadt|Hansestadt)[ ])?{_WORD}{_TOWN_MORE}"
)
_POSTCODE = r"(?:D[- ]{0,2})?\d{5}(?!\d)"
_WITH_TOWN = (
    rf"(?:[ \t]{{0,2}}(?:[,;·|/–-]|\n|in\b|,[ ]in\b)?[ \t\n]{{0,2}}{_POSTCODE}(?:[ ]{_TOWN})?"
    rf"|,[ ]{_TOWN}(?=[.,;:!?)\n]|$))?"
)
_STAIRS = (
    r"(?:,?\s(?:\d\.[ ]?(?:Stock|OG|Etage)|EG|Hinterhaus|Hinterhof|c/o[ ]\w{2,20}|Whg\.?[ ]\d{1,3}|App\.?[ ]\d{1,3}))?"
)

_SUFFIX = (
    r"(?:str(?:a(?:ß|ss)en?)?|stra(?:ß|ss)e|weg|allee|platz|gasse|gässle|gässchen|ring|damm|ufer|chaussee|promenade"
    r"|kai|stieg|steig|pfad|graben|wall|twiete|kamp|zeile|stiege|landstr|landstraße|markt|park|leite|rain|berge)"
)
_ALONE = (
    r"(?:Str(?:aße|asse)?|Weg|Allee|Platz|Gasse|Ring|Damm|Ufer|Chaussee|Promenade|Kai|Stieg|Steig|Pfad|Graben|Wall"
    r"|Landstr(?:aße|asse)?|Markt|Tor|Berg|Hof|Park|Kamp|Garten|Brücke|Höhe|Feld)"
)
_NO_STREET = (
    r"(?:(?:arbeits|steck|speicher|park|sitz|steh|stell|rast|spitzen|flug|bolz|camping|sport|spiel|tabellen|bahn|fahr|fire"
    r"|arbeit|nachhause|heim|schul|rück|hin|aus|um|rechts|post|fuß|übertragungs|funk|dienst|hinter|beschwerde|lösungs"
    r"|sack|betreff|kopf|fuß|super|elektro|media|bau|arbeits|wochen|fuhr|über|unter|mittel|halb|he|boxen|nürburg)"
    r"(?:platz|weg|steig|gasse|wall|zeile|markt|park|ring)|durchweg|unterwegs|spring|bring)"
)
_STREET = re.compile(
    rf"""(?x)(?<![\w-])
    (?: (?:(?:{_WORD}|de|la|von|van|der
    |den)[ ]){{0,3}} (?!(?i:{_NO_STREET})) (?:[{_CAPITAL}][\w’'-]{{0,60}}?(?i:{_SUFFIX})
          | [a-zäöüß-]{{3,40}}?(?:straße|strasse|str))
      | (?!(?:Auf|Am|Im|In|An|Der|Die|Das|Den|Dem|Vom|Zum|Mein|Meinem|Unser|Kein|Ein|Jeder|Seit|Auch|Von|Nur|Laut
      |Mit|Gleis)[ ])
        (?:{_WORD}[ ]){{1,3}}{_ALONE}
      | Straße[ ](?:des|der|am|zum|zur)[ ](?:\d{{1,2}}\.[ ])?{_WORD}(?:[ ]{_WORD})?
      | Unter[ ]den[ ]Linden | (?i:postfach|po[ ]box|p\.o\.[ ]box) )
    (?:\.|(?<=[a-zß]))?\s{{0,2}},?\s?{_HOUSE}(?:[ ]\d\d(?![\w]))?{_NO_HOUSE}{_STAIRS}{_WITH_TOWN}"""
)
_DEVICE = (
    r"(?:Nokia|Samsung|Galaxy|HTC|LG|Sony|Ericsson|Xperia|BlackBerry|Blackberry|Desire|Nexus|Motorola|Lumia|iPhone|Huawei"
    r"|Xiaomi|Pixel|IPhone|Iphone|Palm|Asus|Lenovo|Android|Windows|Version|Ios|IOS|Bold|Curve|Wildfire|Sensation|Optimus"
    r"|Platz|Nummer|Nr|Report|Seite|Gleis|Linie|Tarif|Smart|Blue|Kanal|Version|Runde|Zeile|Fritzbox)"
)
_BEFORE_TOWN = re.compile(
    rf"""(?x)(?<![\w-])(?!{_DEVICE}\b)(?:(?:Am|Im|An[ ]der|An[ ]den|Auf[ ]der|Auf[ ]dem|In[ ]der|In[ ]den|Zum|Zur
      |Hinter[ ]den?
    |Alte[rs]?|Neue[rs]?)[ ])?{_WORD}(?:[ ](?!{_DEVICE}\b){_WORD}){{0,2}}[ ]{_HOUSE}
    [ \t]{{0,2}}(?:,|\n|·|;|-|–|in\b)?[ \t\n]{{0,2}}{_POSTCODE}[ ]{_TOWN}"""
)
_ANNOUNCED = re.compile(
    rf"""(?x)(?<![\w])
    (?i: wohn(?:e|en|t|haft|ung) | adresse | anschrift | gemeldet | zuhause | daheim | umgezogen | address
    | living | lives?
      | residing | resident | located | moved | zieh(?:e|en) | standort | haus | lieferung ) (?:[:]|[^\W\d\[\]]
      |[ ,\n]){{0,40}}?
    [:\s](?P<value> (?:(?:Am|Im|An[ ]der|An[ ]den|Auf[ ]der|Auf[ ]dem|In[ ]der|In[ ]den|Zum|Zur)[ ])?
      (?!(?:{_DEVICE}|In|Am|Im|Seit|Seite|Apartment|Flat|Unit|Apt|Suite|Room|Floor|Building|Zimmer|Haus|Hausnummer
      |Stock|Etage
        |Block|Zone|Sector|Since|On|At|From|Until|Route|Highway|District|Area|Bezirk|Radius)[ ])
      {_WORD}(?:[ ]{_WORD}){{0,2}} [ ] {_HOUSE}{_NO_HOUSE}{_STAIRS}{_WITH_TOWN})"""
)
_BEHIND_TOWN = re.compile(
    rf"""(?x)(?<![\w.,-]){_POSTCODE}[ ]{_TOWN}(?:,|[ ]?[-–/|]|\n)[ ]?
    (?!{_DEVICE}\b)(?:(?:Am|Im|An[ ]der|Auf[ ]der|In[ ]der|Zum
    |Zur)[ ])?{_WORD}(?:[ ](?!{_DEVICE}\b){_WORD}){{0,2}}[ ]{_HOUSE}{_NO_HOUSE}"""
)
_REVERSED = re.compile(rf"(?x)(?<![\w.,-]){_POSTCODE}[ ]{_TOWN}(?:[ ]?[,;·|/-][ ]?|[ ]?\n|[ ](?:in[ ](?:der[ ])?)?)$")
_NUMBER_FIRST = re.compile(
    rf"""(?x)(?<![\w.,])\d{{1,4}}[a-z]?[ ](?:{_WORD}[ ]){{0,2}}[{_CAPITAL}][\w-]{{1,40}}
    (?i:str(?:aße|asse|\.)|weg|allee|platz|gasse) ,?[ ]{_POSTCODE}(?:[ ]{_TOWN})?"""
)
_SQUARE = re.compile(
    r"""(?x)(?<![\w-])(?: (?:Mannheim,?[ ](?:in[ ])?)[A-U][ ]?[1-7],[ ]?\d{1,2}[a-z]?(?!\w)
      | [A-U][ ]?[1-7],[ ]?\d{1,2}[a-z]?,?[ ](?:68\d{3}[ ]|in[ ])?Mannheim (?!\w))"""
)

_KIND_OF_ROAD = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Boulevard|Blvd|Way|Terrace|Close|Crescent|Cres"
    r"|Square|Sq|Gardens|Gdns|Grove|Mews|Hill|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Row|Walk|Quay|Broadway|Turnpike|Trail)"
)
_CODE = r"(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}(?!\w)|(?:[A-Z]{2},?\s)?\d{5}(?:-\d{4})?(?!\d))"
_ENGLISH = re.compile(
    rf"""(?x)(?<![\w.,£$€-])
    (?: (?i:flat|apartment|apt\.?|unit|suite|room) [ ]? \#?\w{{1,4}},?[ ] )?
    (?! (?:19|20)\d\d[ ](?:the|of|in)\b ) \d{{1,5}}[A-Za-z]?(?:-\d{{1,4}})?,?[ ]
    (?:[NSEW]\.?[ ]|North[ ]|South[ ]|East[ ]|West[ ])? (?:(?!(?:Hours?|Days?|Weeks?|Months?|Years?|Miles?|Bars?
    |Minutes?|Way|Times?|Gb|Mb|Calls?)\b)
      (?:{_WORD}|of|the|\d{{1,3}}(?:st|nd|rd|th))[ ]){{1,4}}?
    {_KIND_OF_ROAD}(?![\w])(?<!\bSt(?=[ ](?:Paul|Geor|Peter|John|Mar|And)))\.?(?:[ ](?:NW|NE|SW|SE)\b)?
    (?:,?[ ](?i:apt|apartment|unit|flat|suite|\#)\.?[ ]?\#?\w{{1,5}})?
    (?: ,?[ \n](?:{_WORD}(?:[ ]{_WORD}){{0,2}},?[ \n])? {_CODE} | ,[ ]{_WORD}(?:[ ]{_WORD})?(?=[.,;:!?)\n ]|$) )?"""
)
_YEAR = re.compile(
    r"(?i)(?:in|since|until|from|of|by|during|before|after|march|april|may|june|july|august|\w+ber|\w+ary)\s$"
)
_NUMBERED = re.compile(r"(?:19|20)\d\d(?!\d)")
_LOWER = re.compile(
    rf"(?i)(?<![\w-])\d{{1,5}}\s(?:[a-z]{{3,20}}\s){{1,2}}(?:street|road|avenue|lane|drive|court|crescent|boulevard|blvd)(?!\w)"
    rf"(?:,?\s{_CODE})?"
)
_LIVING = re.compile(
    r"(?i)(?<![^\W_])(?:live|living|lives|address|located|moved|reside|residing|house|home|flat)[^\d\[\]\n]{0,40}$"
)


def addresses(page: Page) -> Iterator[Find]:
    """Streets by their endings, German and English; others beside a postcode and town or behind a word like "wohne"."""
    text = page.text
    for found in _STREET.finditer(text):
        yield Find(_with_town_before(text, found.start()), found.end(), Kind.ADDRESS)
    for pattern in (_BEFORE_TOWN, _BEHIND_TOWN):
        yield from (Find(found.start(), found.end(), Kind.ADDRESS) for found in pattern.finditer(text))
    for found in _ANNOUNCED.finditer(text):
        yield Find(*found.span("value"), Kind.ADDRESS)
    for found in _NUMBER_FIRST.finditer(text):
        yield Find(found.start(), found.end(), Kind.ADDRESS)
    for found in _SQUARE.finditer(text):
        yield Find(found.start(), found.end(), Kind.ADDRESS)
    yield from _english(text)


def _english(text: str) -> Iterator[Find]:
    for found in _ENGLISH.finditer(text):
        if not (_NUMBERED.match(found.group()) and _YEAR.search(text[max(0, found.start() - 14) : found.start()])):
            yield Find(found.start(), found.end(), Kind.ADDRESS)
    for found in _LOWER.finditer(text):
        if _LIVING.search(text[max(0, found.start() - 60) : found.start()]):
            yield Find(found.start(), found.end(), Kind.ADDRESS)


def _with_town_before(text: str, start: int) -> int:
    """Where the address begins if postcode and town stand before its street: "10115 Berlin, Hauptstr. 5"."""
    offset = max(0, start - 60)
    before = _REVERSED.search(text[offset:start])
    return offset + before.start() if before else start
