"""How long things are kept: one table, which is shown on /privacy and enforced by the hour."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click
from flask import Flask
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from huey import crontab
from rich.console import Console
from rich.table import Table

from app.comments.models import OwnLink, Snapshot, assignment, bulk, contact, erasure, hand, revision, subscription
from app.comments.models import expiry as comments
from app.config import settings
from app.drafts.models import Preview
from app.extensions import db
from app.handover import archive
from app.kit import clock
from app.kit.jobs import job
from app.mail import models as mail
from app.notices.models import notice as notices
from app.people.models import UsedChallenge, passkey
from app.people.models.code import Code
from app.reports.models import Question
from app.reports.models import expiry as reports
from app.site import upgrading
from app.spam.models import BayesWord, CommentCluster, Fingerprint, RecentTally, TextCluster
from app.spam.models.cluster import Cluster
from app.web import logs
from app.web.commands import Group


@dataclass(frozen=True, slots=True)
class Rule:
    """What is kept, for how long, and what deletes it: a batch at a call, 0 when nothing is left.

    Without `forget` the thing goes by the deed that ends its use.
    """

    key: str
    what: LazyString
    how_long: LazyString
    forget: Callable[[], int] | None = None


RULES = (
    Rule(
        "comment-spam",
        _l("Comments found to be spam"),
        _l("30 days after they came; those drawn to check the judges until somebody has looked, 60 days at most"),
        comments.forget_spam,
    ),
    Rule("comments-undecided", _l("Comments that nobody decided on"), _l("90 days"), comments.forget_undecided),
    Rule(
        "comments-withdrawn",
        _l("Comments that their writers took back; where readers saw them, that they were stays"),
        _l("30 days"),
        erasure.forget_withdrawn,
    ),
    Rule(
        "comments-removed",
        _l("The words of comments that were removed; the reason stays"),
        _l("180 days after the decision, so that their writers can appeal"),
        erasure.forget_removed,
    ),
    Rule(
        "bulks",
        _l("What comments were before a decision on many of them at once, so that it can be undone"),
        _l("30 days"),
        bulk.forget,
    ),
    Rule(
        "imported",
        _l("Hashes of the numbers that comments had on another site, so that they do not come in a second time"),
        _l("for good; they name nobody"),
    ),
    Rule("revisions", _l("Earlier words of edited comments"), _l("90 days"), revision.forget),
    Rule(
        "assignments",
        _l("With which of a company's people a question lies, and their note about it"),
        _l("180 days"),
        assignment.forget,
    ),
    Rule(
        "report-spam",
        _l("Reports taken out or refused as spam; a hash of their key stays, so that they do not come back"),
        _l("30 days after the decision"),
        reports.forget_spam,
    ),
    Rule(
        "reports-undecided",
        _l("Held reports that nobody decided on; they never counted"),
        _l("90 days"),
        reports.forget_undecided,
    ),
    Rule("follow-up", _l("Addresses left for one question about a report"), _l("until the question is asked")),
    Rule("questions", _l("Links by which one such question is answered"), _l("60 days"), Question.forget_old),
    Rule(
        "contact",
        _l("Addresses left with a comment, for questions and to find it again"),
        _l("180 days"),
        contact.forget,
    ),
    Rule(
        "subscriptions",
        _l("Addresses that are told of answers"),
        _l("7 days if nobody confirms them; else until they are ended, a year at most"),
        subscription.forget,
    ),
    Rule(
        "refusals",
        _l("Hashes of addresses that do not want letters about answers"),
        _l("90 days"),
        subscription.Refusal.forget,
    ),
    Rule(
        "hands",
        _l("Devices that their owners had remembered, by the hash of a random number, and which comments are theirs"),
        _l("until they are forgotten; 180 days after the last comment at most"),
        hand.forget,
    ),
    Rule("own-links", _l("Links by mail to all comments of an address"), _l("24 hours"), OwnLink.forget),
    Rule(
        "previews",
        _l("Links by which people without an account read a draft"),
        _l("14 days, or until they are revoked"),
        Preview.forget,
    ),
    Rule("notice-address", _l("The address left with a notice about a comment"), _l("until the decision was told")),
    Rule("notices", _l("Notices about comments, with the decision"), _l("three years"), notices.forget),
    Rule("address", _l("The address of a letter"), _l("until it is sent")),
    Rule("letters", _l("Letters that cannot be delivered"), _l("14 days"), mail.forget),
    Rule("snapshots", _l("How a comment came, as it was told to Akismet"), _l("15 days"), Snapshot.forget),
    Rule("fingerprints", _l("Hashes of comments, to know repeated ones"), _l("14 days"), lambda: _by_now(Fingerprint)),
    Rule(
        "clusters", _l("Hashes of reports' texts, to know similar ones"), _l("24 hours"), lambda: _by_now(TextCluster)
    ),
    Rule(
        "comment-clusters",
        _l("Hashes of comments, to know similar ones"),
        _l("28 days after the last of them"),
        lambda: _by_now(CommentCluster),
    ),
    Rule(
        "words",
        _l("Words that fewer than five comments had, as hashes, to know spam by them"),
        _l("90 days; words of more comments stay, with counts, and name nobody"),
        lambda: _by_now(BayesWord),
    ),
    Rule(
        "tallies",
        _l("Counts of equal answers, of places and of hosts that links lead to"),
        _l("24 hours"),
        lambda: _by_now(RecentTally),
    ),
    Rule("codes", _l("Codes for signing in"), _l("10 minutes"), Code.forget),
    Rule("passkey-challenges", _l("That a passkey has answered a page"), _l("10 minutes"), UsedChallenge.forget),
    Rule(
        "passkeys",
        _l("Passkeys and recovery codes of members"),
        _l("until the member removes them; 30 days after the membership has ended"),
        passkey.forget,
    ),
    Rule(
        "handover-files",
        _l("Files of what was handed over; what the protocol says of them stays"),
        _l("30 days after the handover"),
    ),
    Rule("backups", _l("Copies of everything, made before an upgrade"), _l("the last three, at most 30 days")),
    Rule("logs", _l("Log lines, which name nobody"), _l("7 days")),
)

FILES: dict[str, Callable[[bool], int]] = {  # no transaction takes a deleted file back: these are told when it is dry
    "handover-files": lambda is_dry: archive.forget(is_dry=is_dry),
    "backups": lambda is_dry: upgrading.forget(is_dry=is_dry),
    "logs": lambda is_dry: logs.forget(settings().local / logs.FOLDER, is_dry=is_dry),
}

retention = Group("retention", help="How long things are kept.")


@retention.command()
@click.option("--dry-run", is_flag=True, help="Print what would go, change nothing.")
def run(*, dry_run: bool) -> None:
    """Delete everything whose time is over, and print what went."""
    table = Table("what", "kept", "would go" if dry_run else "gone")
    for rule, count in enforce(is_dry=dry_run):
        table.add_row(str(rule.what), str(rule.how_long), f"{count:,}" if count is not None else "–")
    Console(width=120).print(table)


@job(every=crontab(minute="23"))
def retain() -> None:
    """The same by the hour, so that nothing is kept a day longer than the table says."""
    for _rule, _count in enforce():
        pass


def enforce(*, is_dry: bool = False) -> Iterator[tuple[Rule, int | None]]:
    """Each rule with how many things went by it; dry, they all come back. None where a deed ends the time."""
    for rule in RULES:
        if rule.key in FILES:
            yield rule, _enforced_on_files(FILES[rule.key], is_dry=is_dry)
        else:
            yield rule, _enforced(rule.forget, is_dry=is_dry) if rule.forget else None


def _enforced_on_files(forget: Callable[[bool], int], *, is_dry: bool) -> int:
    """What lies in folders goes at once; whatever was asked of the database meanwhile is let go."""
    gone = forget(is_dry)
    db.session.rollback()
    return gone


def _enforced(forget: Callable[[], int], *, is_dry: bool) -> int:
    """Batch after batch, committing each, so that writers hardly wait; dry, one transaction that is taken back."""
    gone = 0
    while count := forget():
        gone += count
        if not is_dry:
            db.session.commit()
    db.session.rollback()
    return gone


def _by_now(table: type[Fingerprint | Cluster | BayesWord | RecentTally]) -> int:
    return table.forget(clock.now())


def init_app(app: Flask) -> None:
    app.cli.add_command(retention)
    app.jinja_env.globals["retention_rules"] = RULES
