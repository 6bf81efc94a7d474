"""Handovers as people make them at the desk."""

from flask import Flask

from app.handover.models import State
from tests.cast import (
    SignedIn,
    within,
)
from tests.handover.making import the
from tests.page import Page, Pages


def open_new(who: SignedIn, **values: object) -> str:
    """Propose through the form; the path of the proposal."""
    form = who.page("/desk/handovers/new").form("recipient")
    answer = who.client.post(form.action, data=form.filled(**{"organisation": "o2", **values}))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def in_english(path: str) -> str:
    return f"{path.partition('?')[0]}?lang=en"


def ask_release(who: SignedIn, path: str) -> Page:
    """The question before a release."""
    form = who.page(in_english(path)).form("/releases")
    return Pages(who.client).read(who.client.post(form.action, data=form.filled()), form.action)


def release(who: SignedIn, path: str) -> Page:
    """Both steps; the page after them."""
    sure = ask_release(who, path).form("sure")
    return who.page(in_english(who.client.post(sure.action, data=sure.filled()).location))


def discard(who: SignedIn, path: str) -> Page:
    form = who.page(in_english(path)).form("/discard")
    page = Pages(who.client).read(who.client.post(form.action, data=form.filled()), form.action)
    sure = page.form("sure")
    return who.page(in_english(who.client.post(sure.action, data=sure.filled()).location))


def state(app: Flask, number: int = 1) -> State:
    return within(app, lambda: the(number).state)
