"""Addresses to which letters do not come: refused while a letter is handed over, or told later by a delivery report.

A report is a message of RFC 3464. What the mailbox itself is the reason for counts: that it does not exist (5.1.x) or
is switched off (5.2.1). A full box, a filter or a black list says nothing of the one who reads there.
"""

import re
import smtplib
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr

Listener = Callable[[str], int]
"""Ends in the caller's transaction whatever sends letters to an address by itself; how much that was."""

REPORT = "multipart/report"
STATUS = "message/delivery-status"
_ENHANCED = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
_OF_THE_BOX = frozenset({550, 551, 553})  # SMTP's replies where no enhanced code tells more
_listeners: list[Listener] = []


class NoReport(ValueError):
    """The message is no delivery report."""


def on_bounce(listener: Listener) -> None:
    """Have a room told of each address that bounces."""
    if listener not in _listeners:
        _listeners.append(listener)


def bounced(address: str) -> int:
    """Tell every room; how much ended by it."""
    return sum(listener(address) for listener in _listeners)


def refused_for_good(error: BaseException) -> list[str]:
    """The addresses that a mail server does not know, of those that it has refused."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return []
    refused = error.recipients.items()
    return [address for address, (code, words) in refused if _is_of_the_box(code, words.decode("latin-1"))]


def failed_in(raw: bytes) -> list[str]:
    """The addresses that do not exist, as a delivery report says; raises `NoReport`."""
    message = message_from_bytes(raw, policy=policy.default)
    blocks = list(_blocks(message))
    if message.get_content_type() != REPORT or not blocks:
        raise NoReport(message.get_content_type())
    return list(dict.fromkeys(filter(None, map(_failed, blocks))))


def _blocks(message: EmailMessage) -> Iterator[EmailMessage]:
    """What is said of each recipient; the first block is about the letter as a whole."""
    for part in message.walk():
        if part.get_content_type() == STATUS:
            said = part.get_payload()
            yield from (each for each in said if isinstance(each, EmailMessage) and "Action" in each)


def _failed(block: EmailMessage) -> str | None:
    is_failure = str(block["Action"]).strip().lower() == "failed"
    status = str(block["Status"] or "")
    known = block["Original-Recipient"] or block["Final-Recipient"] or ""
    address = parseaddr(str(known).rpartition(";")[2].strip())[1]
    return address if address and is_failure and _is_of_the_box(0, status) else None


def _is_of_the_box(code: int, words: str) -> bool:
    found = _ENHANCED.search(words)
    if found:
        return found[1] == "1" or (found[1], found[2]) == ("2", "1")
    return code in _OF_THE_BOX
