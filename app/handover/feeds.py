"""The feed of the protocol (Atom, RFC 4287): each step of each handover, and each answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from flask import url_for
from flask_babel import gettext as _

from app.config import campaign
from app.handover.protocol import Account, Deed
from app.kit import atom, clock
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


def feed(accounts: Sequence[Account], *, base_url: str, lang: str) -> bytes:
    """The newest steps and answers; without any handover the feed has no entries."""
    found = [entry for one in accounts for entry in (*_steps(one), *_answers(one))]
    found.sort(key=lambda entry: entry.at, reverse=True)
    channel = atom.Channel(
        id=base_url + url_for("handover.index", lang=None),
        title=f"{_('Handovers')} – {campaign().name}",
        url=base_url + url_for("handover.feed"),
        page=base_url + url_for("handover.index"),
        author=campaign().name,
        lang=lang,
        began=datetime.combine(campaign().since, time(), clock.BERLIN),
    )
    return atom.plain_feed(channel, [_entry(one, base_url) for one in found[:MOST]])


def _entry(told: Entry, base_url: str) -> atom.Entry:
    page = base_url + url_for("handover.handover", id=told.about.id)
    same = base_url + url_for("handover.handover", id=told.about.id, lang=None)
    return atom.Entry(f"{same}#{told.mark}", page, told.title, told.text, told.at)


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
