"""Where judges' advice leads a comment: to readers, to the spam, or to a person."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import unquote

from markupsafe import Markup

from app.comments.models.state import State
from app.config import Policy
from app.kit import markup
from app.kit.redact import Kind
from app.posts.shelf import shelf
from app.spam.rules import RULES, Layer
from app.spam.verdict import Judgement, Verdict
from app.web import blacking

PUSHING = frozenset({Layer.LINKS, Layer.COPIES})  # what a spammer wants who has waited to be trusted
PERSONAL = "personal-data"  # why a comment waits for a person, whatever judges and policy say


KNOWN = "known-writer"  # why readers see it though no person has read it: earlier comments of the same hand vouch
EDITED = "edited"  # why a comment waits for a person: its first words were not public, and nobody is told why not


def policy_of(post_slug: str) -> Policy:
    """The policy under a post as it stands now; whose file is gone may have wanted a person, so one is asked."""
    post = shelf().find(post_slug)
    return post.policy if post else "all"


class Led(NamedTuple):
    """Where judges' advice leads; None is to wait for a person, or for more advice."""

    to: State | None
    reasons: list[str]
    alert: str


def where_to(judgement: Judgement, policy: Policy, tells_who: Callable[[], bool], *, is_known: bool = False) -> Led:
    """Where the advice leads under the post's policy; what tells who somebody is only a person lets through.

    Of a known writer readers see at once what would wait only because nobody vouches for it.
    """
    to, reasons = _outcome(judgement, policy), list(judgement.reasons)
    if to is None and is_known and _may_be_trusted(judgement, policy):
        to, reasons = State.PUBLISHED, [*reasons, KNOWN]
    if to is State.PUBLISHED and tells_who():
        to, reasons = None, [*judgement.reasons, PERSONAL]
    return Led(to, reasons, (judgement.alert or "")[:300])


def for_a_person(judgement: Judgement, *reasons: str) -> Judgement:
    """The advice without anything in it that would publish: where it was to, a person looks, for these reasons, too."""
    if judgement.verdict is not Verdict.HAM:
        return judgement
    return replace(judgement, verdict=Verdict.UNSURE, judge="local", reasons=(*judgement.reasons, *reasons))


def _outcome(judgement: Judgement, policy: Policy) -> State | None:
    if judgement.verdict in {Verdict.SPAM, Verdict.DISCARD}:
        return State.SPAM
    if judgement.verdict is not Verdict.HAM or policy == "all":
        return None
    is_clean = policy == "open" or judgement.judge == "akismet"
    return State.PUBLISHED if is_clean else None


def _may_be_trusted(judgement: Judgement, policy: Policy) -> bool:
    """Whether our own rules find nothing, no link and no copy either; where somebody outside is asked, never."""
    is_pushed = any(RULES[key].layer in PUSHING for key in judgement.reasons if key in RULES)
    return policy == "judged" and judgement.verdict is Verdict.HAM and judgement.judge == "local" and not is_pushed


def tells_who(post_slug: str, name: str, text: str, html: Markup) -> bool:
    """Whether something in a comment tells who somebody is; its writer's own name and those of the post do not.

    `html` is the text as `kit.markup` renders it.
    """
    post = shelf().find(post_slug)
    names = [name, *(author.name for author in post.authors)] if post else [name]
    known = {word.casefold() for each in names for word in each.split()}
    for said in dict.fromkeys((name, text, unquote(text), markup.plain(html))):
        for find in blacking.finds(said):
            words = said[find.start : find.end].casefold().split()
            if find.kind is not Kind.NAME or not known.issuperset(words):
                return True
    return False
