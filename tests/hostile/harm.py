"""What no answer may be, whatever was sent."""

import re

from tests.hostile.target import Answer
from tests.page import Page

ACTIVE = re.compile(r"[<\"'>&]")  # without one of these no string leaves the place where it is written
MARKUP = re.compile(r"[<>&]")
LEADS = re.compile(r"(?:https?://|mailto:|sms:\?&body=|[/?#]|$)")  # how an address on our pages begins
KNOWN = re.compile(
    r"accept-ranges|age|allow|cache-control|connection|content-(?:disposition|encoding|language|length|range|type)|"
    r"content-security-policy|cross-origin-opener-policy|date|etag|last-modified|link|location|permissions-policy|"
    r"referrer-policy|retry-after|server|set-cookie|strict-transport-security|transfer-encoding|vary|"
    r"x-(?:content-type-options|frame-options|request-id|robots-tag)"
)

Words = set[tuple[str, str]]
"""Which elements carry which attributes."""


def words_of(answer: Answer, where: str) -> Words:
    """What the markup of an answer is made of; reading it holds it against the rules of the house."""
    if not _is_page(answer):
        return set()
    page = Page(answer.text, where.split()[1])
    for link in page.root.all("a", "form"):
        address = link.get("href") or link.get("action")
        assert LEADS.match(address), f"{where} leads to {address!r}"
    return {(each.tag, name) for each in page.root.all() for name in ("", *each.attributes)}


def assert_harmless(answer: Answer, string: str, where: str, known: Words) -> None:
    """It is no fault of ours, leads nowhere else, says no header and has no markup that is not ours."""
    assert answer.status < 500, f"{where} answered {answer.status}"
    assert all(KNOWN.fullmatch(name.lower()) for name, _ in answer.headers), f"{where}: {answer.headers}"
    _assert_headers(answer, where)
    assert words_of(answer, where) <= known, f"{where} has {words_of(answer, where) - known}"
    if _is_page(answer):
        is_told = ACTIVE.search(string) and len(string) > 7
        assert not is_told or answer.text.count(string) <= _as_text(answer, string), f"{where} holds it as it came"
    elif answer.body:
        assert answer.header("x-content-type-options") == "nosniff", f"{where}: {answer.headers}"


def _as_text(answer: Answer, string: str) -> int:
    """How often it may stand there as it came: quotes mean nothing between the tags, as in what somebody wrote."""
    return 0 if MARKUP.search(string) else Page(answer.text).root.text.count(string)


def _is_page(answer: Answer) -> bool:
    """Where one is led on, nobody reads."""
    return (
        bool(answer.body) and answer.header("content-type").startswith("text/html") and not 300 <= answer.status < 400
    )


def _assert_headers(answer: Answer, where: str) -> None:
    leads = answer.header("location")
    assert not leads or re.match(r"/(?![/\\])[^\\\s]*$", leads), f"{where} leads to {leads!r}"
    for cookie in (value for name, value in answer.headers if name.lower() == "set-cookie"):
        assert re.match(r"desk=[^;]*;", cookie), f"{where} sets {cookie}"
        assert where.split()[1].startswith("/desk"), f"{where} sets {cookie}"
