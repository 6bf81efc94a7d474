"""The feed of the protocol (Atom, RFC 4287): each step of each handover, and each answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from xml.etree import ElementTree as ET

from flask import url_for
from flask_babel import gettext as _

from app.config import campaign
from app.handover.protocol import Account, Deed
from app.kit import clock
from app.posts.feeds import ATOM, add, document, iso
from app.web.language import number

MOST = 50  # entries


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `mark` tells it from the others of its handover."""

    about: Account
    mark: str
    title: str
    text: str
    at: datetime


def atom(accounts: Sequence[Account], *, base_url: str, lang: str) -> bytes:
    """The newest steps and answers; without any handover the feed has no entries."""
    found = [entry for one in accounts for entry in (*_steps(one), *_answers(one))]
    entries = sorted(found, key=lambda entry: entry.at, reverse=True)[:MOST]
    began = datetime.combine(campaign().since, time(), clock.BERLIN)
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": lang})
    add(feed, "id", base_url + url_for("handover.index", lang=None))
    add(feed, "title", f"{_('Handovers')} – {campaign().name}")
    add(feed, "updated", iso(max((entry.at for entry in entries), default=began)))
    add(feed, "link", rel="self", type="application/atom+xml", href=base_url + url_for("handover.feed"))
    add(feed, "link", rel="alternate", type="text/html", href=base_url + url_for("handover.index"))
    add(add(feed, "author"), "name", campaign().name)
    for entry in entries:
        _add_entry(feed, entry, base_url)
    return document(feed)


def _add_entry(feed: ET.Element, entry: Entry, base_url: str) -> None:
    element = add(feed, "entry")
    add(element, "id", base_url + url_for("handover.handover", id=entry.about.id, lang=None) + f"#{entry.mark}")
    add(element, "title", entry.title)
    page = base_url + url_for("handover.handover", id=entry.about.id)
    add(element, "link", rel="alternate", type="text/html", href=page)
    add(element, "updated", iso(entry.at))
    add(element, "content", entry.text, type="text")


def _steps(account: Account) -> Iterator[Entry]:
    """A release counts as one that waits until the handover has left; of that the figures are told."""
    last = max((index for index, step in enumerate(account.steps) if step.deed == Deed.RELEASE), default=-1)
    for index, step in enumerate(account.steps):
        title = _title(account, step.deed, is_last=index == last)
        who = step.by or _("at the command line of the server")
        text = _figures(account) if account.is_released and index == last else _("By: %(who)s", who=who)
        yield Entry(account, f"step-{index + 1}", title, text, step.at)


def _title(account: Account, deed: Deed, *, is_last: bool) -> str:
    name, id_ = account.handover.recipient, number(account.id)
    if deed == Deed.PROPOSE:
        return str(_("Handover %(id)s to %(name)s is proposed", id=id_, name=name))
    if deed == Deed.TAKE_BACK:
        return str(_("Handover %(id)s to %(name)s: the first release was taken back", id=id_, name=name))
    if deed == Deed.DISCARD:
        return str(_("Handover %(id)s to %(name)s was discarded, nothing left the house", id=id_, name=name))
    if account.is_released and is_last:
        return str(_("Handover %(id)s to %(name)s has left the house", id=id_, name=name))
    return str(_("Handover %(id)s to %(name)s: released by the first person, waits for the second", id=id_, name=name))


def _figures(account: Account) -> str:
    said = account.manifest
    found = {"rows": number(said["rows"]), "cells": number(said["cells"]), "k": number(said["k_reached"])}
    return str(_("%(rows)s rows in %(cells)s groups of at least %(k)s each.", **found))


def _answers(account: Account) -> Iterator[Entry]:
    for answer in account.answers:
        title = _("%(name)s answers to handover %(id)s", name=account.handover.recipient, id=number(account.id))
        yield Entry(account, f"answer-{answer.id}", title, answer.text, answer.answered_at)
