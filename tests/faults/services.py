"""Akismet, mail server and Redis are slow, lying or not there: comments wait, letters leave later, nobody is told."""

from collections.abc import Iterator

from app.comments.jobs import judge_again
from app.kit import tokens
from app.mail.jobs import send_letters
from tests.faults.grown import Grown
from tests.faults.people import Sending
from tests.faults.site import Round, Site
from tests.redis import Store
from tests.server import eventually

AKISMET = ("drip", "garbage", "dead", "hang", "flood", "redirect", "drip-body", "500", "cut", "empty")
MAIL = ("dead", "garbage", "refuse", "later", "close", "hang", "drip")


def akismet(site: Site, rounds: int) -> Iterator[Round]:
    """Akismet answers in every wrong way, one after the other: comments wait, and are judged when it is well."""
    for number in range(rounds):
        site.is_whole()
        mode = AKISMET[number % len(AKISMET)]
        site.akismet.says(mode)
        with site.people() as people:
            people.wait_for(3)
        shown = [one for one in people.told if one.kind == "comment" and _state(site, one) != "waiting"]
        site.akismet.says("ham")
        site.change("UPDATE comment SET ask_again_at = written_at WHERE ask_again_at IS NOT NULL")  # a minute passes
        site.queue(judge_again)
        eventually(lambda: not site.rows("SELECT 1 FROM comment WHERE ask_again_at IS NOT NULL"), "all are judged")
        found = site.account(people)
        found.faults += [f"a comment did not wait while Akismet was {mode}"] * len(shown)
        yield found


def mail(site: Grown, rounds: int) -> Iterator[Round]:
    """The mail server is none, in every way, one after the other: letters wait, and leave once when it is well."""
    for number in range(rounds):
        site.is_whole()
        mode, email = MAIL[number % len(MAIL)], f"p{tokens.new_token().casefold()[:12]}@einzelfall.example"
        site.mailbox.says(mode)
        with site.people() as people:
            people.wait_for(1)
            site.invite(email, "moderator")
            site.queue(send_letters)
            eventually(lambda: site.rows("SELECT 1 FROM letter WHERE tries > 0 AND sent_at IS NULL"), "one has failed")
            people.wait_for(1)
        taken = len(site.mailbox.letters)
        site.mailbox.says("well")
        site.change("UPDATE letter SET next_try_at = written_at WHERE sent_at IS NULL")  # minutes pass
        site.queue(send_letters)
        eventually(lambda: not site.rows("SELECT 1 FROM letter WHERE sent_at IS NULL"), "all letters have left")
        found = site.account(people)
        found.faults += [] if len(site.mailbox.letters) == taken + 1 else [f"{mode}: not one letter left afterwards"]
        yield found


def store(site: Grown, rounds: int) -> Iterator[Round]:
    """Redis is gone, paused, full, one after the other, and nobody notices."""
    ways = ((Store.kill, Store.start), (Store.pause, Store.resume), (Store.fill, Store.empty))
    for number in range(rounds):
        site.is_whole()
        go, come_back = ways[number % len(ways)]
        with site.people() as people:
            people.wait_for(3)
            go(site.store)
            try:
                people.wait_for(20)
            finally:
                come_back(site.store)
            people.wait_for(3)
        found = site.account(people)
        found.faults += [f"{count} × {what}" for what, count in people.statuses.items() if what != "303"]
        found.faults += [f"{found.failed} pages failed"] if found.failed else []
        yield found


def _state(site: Site, one: Sending) -> str:
    [(state,)] = site.rows("SELECT state FROM comment WHERE key_hash = ?", tokens.digest(one.key))
    return str(state)
