"""What tells who somebody is disappears from a text, in whatever disguise; everything else stays."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from math import inf

import phonenumbers
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from app.kit.redact import Find, Kind, finds, mark, redact
from tests.cpu import cpu_seconds, own_garbage_only
from tests.kit.gold import half, is_found

TEXTS = [gold.text for gold in half("own")]
OF_NO_HOTLINE = [text for text in TEXTS if not re.search("hotline|kurzwahl|service|support", text, re.I)]
GERMAN = {kind: f"[{kind.value.capitalize()} entfernt]" for kind in Kind}
black = partial(redact, region="de", mark=lambda kind: f"[{kind.value}]")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("max (at) gmx punkt de", "[email]"),
        ("max[ät]web.de, m a x @ g m x . d e", "[email], [email]"),
        ("max AT gmail DOT com", "[email]"),
        ("ｍａｘ＠ｇｍｘ．ｄｅ und m\u200bax@gm\u200bx.de", "[email] und [email]"),
        ("max&#64;web.de, max&#x40;web&period;de, max%40web.de", "[email], [email], [email]"),
        ("max punkt muster klammeraffe t-online punkt de", "[email]"),
        ("Tel. 0171 / 123 45 67, 0.1.7.1.2.3.4.5.6.7.8", "Tel. [phone], [phone]"),
        ("null eins sieben eins, neun neun acht acht sieben sieben", "[phone]"),
        ("O171-2345678 oder ٠١٧١ ٢٣٤٥٦٧٨", "[phone] oder [phone]"),
        ("0171 2345678 mal wieder, 12 mal", "[phone] mal wieder, 12 mal"),
        ("IMEI 49-015420-323751-8", "IMEI [imei]"),
        ("IMEI: 123456789012345 geht nicht", "IMEI: [imei] geht nicht"),
        ("DE89 3704 0044 0532 0130 00, de89370400440532013000", "[iban], [iban]"),
        ("Kundennummern 123456 und 234567", "Kundennummern [customer-number] und [customer-number]"),
        ("Kennwort: Pusteblume", "Kennwort: [customer-number]"),
        ("Der Wagen B-MW 1234 stand da", "Der Wagen [plate] stand da"),
        ("Hauptstr. 12a, 50667 Köln ohne Netz", "[address] ohne Netz"),
        ("I live at 12 High Street, London SW1A 2AA", "I live at [address]"),
        ("Herr Dr. von Berg sagte nein, Berg sagte ja", "[name] sagte nein, [name] sagte ja"),
        ("Geht nicht.\nMit freundlichen Grüßen\nMax Muster", "Geht nicht.\nMit freundlichen Grüßen\n[name]"),
        ("my name is Xiomara Quill, and I am angry", "my name is [name], and I am angry"),
    ],
)
def test_what_was_told_in_disguise_is_gone(text: str, left: str) -> None:
    assert black(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Am 03.11.2011 von 08.15 Uhr bis 9:30 kein Netz, am 04.11. auch nicht",
        "iPhone 4S, Galaxy S II 16 GB, GT-I9100, LG-P990, Nokia 5800, HTC Desire HD",
        "49,99 € im Monat, 1.000.000 Euro, 7,2 Mbit/s, -97 dBm, 42 %",
        "In 10115 Berlin und 20095 Hamburg, O2 und o2.de, @o2de",
        "Meldung 8.001 von 8.001, report no. 8001",
        "Hotline 0800 5522255, Hotline unter 0176 88855222, Kurzwahl 55222, 110, 112, *100#",
        "Herr Ober, der Herr der Lage, meine Frau hat, sehr geehrte Damen und Herren,",
        "Kundennummer, Passwort und PIN wollen sie wissen; mein Passwort ist falsch",
        "Platz 3, Gleis 4, Im Oktober 3 Ausfälle, Arbeitsweg 45 Minuten, in der Hauptstraße kein Netz",
        "LG Optimus, Grüße aus Köln, danke O2, cheers everyone, I am really angry at vodafone.de",
        "I'm Sick And Tired. I AM BEING IGNORED. In 2011 Oxford Street was dead.",
    ],
)
def test_what_tells_of_nobody_stays_as_it_is(text: str) -> None:
    assert finds(text, region="DE") == ()
    assert redact(text, region="DE") == text


def test_service_numbers_lead_to_companies_and_private_ones_beside_them_do_not() -> None:
    assert black("Die Hotline 0800 5522255 hat meine Nummer 0171 2345678") == (
        "Die Hotline 0800 5522255 hat meine Nummer [phone]"
    )


def test_numbers_without_country_code_belong_to_the_region() -> None:
    text = "Call (415) 775-2671 today"
    assert redact(text, region="us") == "Call [phone number removed] today"


def test_finds_are_in_order_without_overlaps_and_in_the_original_text() -> None:
    text = "e\u0301 & &amp; Herr Mu\u0308ller: m\u200bax@gmx.de!"
    found = finds(text, region="de")
    assert [find.kind for find in found] == [Kind.NAME, Kind.EMAIL]
    assert [text[find.start : find.end] for find in found] == ["Herr Mu\u0308ller", "m\u200bax@gmx.de"]


def test_finds_that_overlap_are_one() -> None:
    assert Find(0, 4, Kind.NAME).overlaps(Find(3, 9, Kind.PHONE))
    text = "IMEI 490154203237518"
    assert len(finds(text, region="de")) == 1


def _spelled(digits: str, words: str) -> str:
    return " ".join(words.split()[int(digit)] for digit in digits)


def _luhn_complete(digits: str) -> str:
    total = sum(
        value - 9 if value > 9 else value
        for value in (int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(digits)))
    )
    return digits + str(-total % 10)


def _iban(bank: str) -> str:
    return f"DE{98 - int(bank + '131400') % 97:02}{bank}"


PHONE_DISGUISES: list[Callable[[str], str]] = [
    lambda digits: digits,
    lambda digits: f"{digits[:4]} {digits[4:]}",
    lambda digits: f"{digits[:4]}/{digits[4:7]} {digits[7:]}",
    lambda digits: f"({digits[:4]}) {digits[4:]}",
    " ".join,
    ".".join,
    "/".join,
    " - ".join,
    lambda digits: f"+49{digits[1:]}",
    lambda digits: "+49 (0) " + digits[1:],
    lambda digits: "0049 " + digits[1:],
    lambda digits: digits.replace("0", "O"),
    "\u200b".join,
    lambda digits: "".join(chr(ord("０") + int(digit)) for digit in digits),
    lambda digits: "".join(chr(ord("٠") + int(digit)) for digit in digits),
    lambda digits: "".join(f"&#{ord(digit)};" for digit in digits),
    lambda digits: _spelled(digits, "null eins zwei drei vier fünf sechs sieben acht neun"),
    lambda digits: _spelled(digits, "zero one two three four five six seven eight nine"),
]
ATS = ("@", " @ ", "(at)", " [at] ", "[ät]", " AT ", " ät ", "{at}", "&#64;", "＠", " klammeraffe ", "\u200b@")
DOTS = (".", "(dot)", " punkt ", " DOT ", "[.]", "&period;", "．")

digits = partial(st.text, "0123456789")
mobiles = st.builds(
    str.__add__, st.sampled_from(["0151", "0160", "0163", "0171", "0176"]), digits(min_size=7, max_size=8)
)
landlines = st.builds(str.__add__, st.sampled_from(["030", "040", "0621", "0221"]), digits(min_size=7, max_size=8))
phones = st.builds(
    lambda disguise, number: disguise(number),
    st.sampled_from(PHONE_DISGUISES),
    (mobiles | landlines).filter(lambda number: phonenumbers.is_valid_number(phonenumbers.parse(number, "DE"))),
)
emails = st.builds(
    lambda name, at, host, dot, top: f"{name}{at}{host}{dot}{top}",
    st.sampled_from(["max", "anna.berg", "kai_1980", "m.o", "x-y+z"]),
    st.sampled_from(ATS),
    st.sampled_from(["gmx", "web", "t-online", "firma-nord"]),
    st.sampled_from(DOTS),
    st.sampled_from(["de", "com", "org"]),
)
imeis = st.builds(
    lambda number, gap: gap.join((number[:2], number[2:8], number[8:14], number[14:])),
    digits(min_size=14, max_size=14).map(_luhn_complete),
    st.sampled_from(["", " ", "-", "/", ".", " - "]),
)
ibans = st.builds(
    lambda number, gap, is_small: (
        gap.join(number[at : at + 4] for at in range(0, 22, 4)).lower()
        if is_small
        else gap.join(number[at : at + 4] for at in range(0, 22, 4))
    ),
    digits(min_size=18, max_size=18).map(_iban),
    st.sampled_from(["", " ", "-", ".", "\u00a0"]),
    st.booleans(),
)
streets = ["Hauptstraße", "Goethestr.", "Karl-Marx-Allee", "Schlossplatz", "Lerchenweg"]
addresses = st.builds(
    "{} {}{}{}".format,
    st.sampled_from([*streets, "Berliner Ring", "Straße des 17. Juni", "HAUPTSTRASSE", "Rosengasse"]),
    st.integers(1, 199),
    st.sampled_from(["", "a", " b", "-14"]),
    st.sampled_from(["", ", 10115 Berlin", ", 60311 Frankfurt am Main", "\n50667 Köln"]),
)


def _inserted(text: str, at: int, what: str, gap: str) -> tuple[str, Find]:
    """The text with something at a place, and where it stands."""
    before, behind = text[:at] + gap, gap + text[at:]
    return before + what + behind, Find(len(before), len(before) + len(what), Kind.NAME)


def test_a_digit_too_many_behind_a_number_written_digit_by_digit_goes_with_it() -> None:
    whole = "Das Netz ist seit dem 1 0 1 5 1 0 0 0 0 0 0 0 1  November tot."
    assert [whole[one.start : one.end] for one in finds(whole, region="DE")] == ["0 1 5 1 0 0 0 0 0 0 0 1"]
    for gap in (".", "-", " - ", "/", " / "):
        number = gap.join("015100000001")
        dotted = f"Das Netz ist seit dem 1 {number}  November tot."
        assert [dotted[one.start : one.end] for one in finds(dotted, region="DE")] == [number]
    kept = "0 1 5 1 1 2 3 4 5 6 7 von 2011 Anrufen an 12 Tagen"
    assert [kept[one.start : one.end] for one in finds(kept, region="DE")] == ["0 1 5 1 1 2 3 4 5 6 7"]


@settings(max_examples=150, deadline=None)
@given(what=phones | emails | imeis | ibans, data=st.data())
def test_every_inserted_number_and_e_mail_disappears(what: str, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(OF_NO_HOTLINE))  # what a text calls a hotline may stay
    whole, there = _inserted(text, data.draw(st.integers(0, len(text))), what, data.draw(st.sampled_from([" ", "\n"])))
    assert is_found(there, finds(whole, region="DE"), whole)


@settings(max_examples=60, deadline=None)
@given(what=addresses, data=st.data())
def test_every_inserted_address_disappears(what: str, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    whole, there = _inserted(text, data.draw(st.integers(0, len(text))), what, data.draw(st.sampled_from(["\n", ", "])))
    assert is_found(there, finds(whole, region="DE"), whole)


@settings(max_examples=60, deadline=None)
@given(text=st.sampled_from(TEXTS), what=phones | emails | imeis | ibans | addresses, at=st.floats(0, 1))
def test_redacting_twice_is_redacting_once(text: str, what: str, at: float) -> None:
    whole, _ = _inserted(text, int(at * len(text)), what, " ")
    for words in (mark, GERMAN.__getitem__):
        once = redact(whole, region="DE", mark=words)
        assert redact(once, region="DE", mark=words) == once


@given(text=st.text(st.characters(exclude_categories=["Cs"])) | st.text("01 .@abAeHr-:\n", max_size=60))
@example("\u0301\u0301a")
@example("&#1;&#55296;&bogus;")
def test_what_is_not_found_stays_byte_for_byte(text: str) -> None:
    found, at, left = finds(text, region="DE"), 0, ""
    for find in found:
        assert at <= find.start < find.end <= len(text)
        left, at = left + text[at : find.start] + mark(find.kind), find.end
    assert redact(text, region="DE") == left + text[at:]


@settings(max_examples=100, deadline=None)
@given(text=st.sampled_from(TEXTS))
def test_a_mark_never_holds_what_it_replaces(text: str) -> None:
    for find in finds(text, region="DE"):
        assume(find.end - find.start > 2)
        assert text[find.start : find.end].lower() not in mark(find.kind)


UNITS = [
    *(
        "0",
        "1 ",
        "0 1 7 1 ",
        "+49 ",
        "(0",
        "@",
        "a@",
        "a @ ",
        "a at ",
        "a.",
        "a dot ",
        "a(at)b(dot)",
        "A ",
        "Aa ",
        "A-",
    ),
    *("A'A", "Hauptstraße ", "Str. 1 ", "Am ", "Herr ", "Herr Dr. ", "Gruß\n", "ich bin ", "Kundennummer ", "PIN "),
    *("a1-", "IBAN DE", "DE12 ", "D E 1 2", "imei 1", "null eins ", "1.1.", "1/1/", "1 Euro", "B-MW ", "auto ", "&amp"),
    *("\u0301", "é", "wohne A", "12345 A ", "1 A St ", "Password: ", "mit ", "von von ", "Max ", "- Max", "hotline "),
    *("tel ", "rufnummer ist ", "straße", "Aaaa", "_", "-", ".", "[", "\n", "0176 888 55 2 ", "0-", "OoIl1", '"a'),
]


@pytest.fixture(scope="module")
def _own_garbage_only() -> Iterator[None]:
    with own_garbage_only():
        yield


@pytest.mark.usefixtures("_own_garbage_only")
@pytest.mark.parametrize("unit", UNITS)
def test_a_text_four_times_as_long_costs_no_more_than_a_few_times_as_much(unit: str) -> None:
    """What grew with the square would take sixteen times as long.

    Both texts end with a whole unit: what is left of one may be a find, and each find costs a second look at the text.
    """
    quarter, took = unit * (2_500 // len(unit)), []
    for _ in range(3):  # a busy machine is slower by fits, what grows with the square is so each time
        _, long = cpu_seconds(partial(finds, quarter * 4, region="DE"), inf)
        if long < 0.1:
            return
        _, short = cpu_seconds(partial(finds, quarter, region="DE"), 0.0)
        if long < 9 * short:
            return
        took.append((short, long))
    raise AssertionError(f"seconds for a quarter and for the whole: {took}")
