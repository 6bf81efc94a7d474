"""What waits, in lanes with counts, and what the owner should know."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from app.comments.models import Comment, State, sampling
from app.comments.models import appeal as appeals
from app.comments.models import revision as revisions
from app.comments.models.asked import count as count_questions
from app.comments.models.enquiry import UNANSWERED, Standing
from app.comments.models.lane import count, count_by_state
from app.config import campaign, settings
from app.drafts.jobs import restored_lately
from app.drafts.rows import count_handed_in, count_queried
from app.extensions import db
from app.handover.waiting import count_unanswered, count_waiting_for
from app.kit import clock
from app.mail.models import stuck
from app.notices.models import notice as notices
from app.people.models import Member, Role
from app.people.models.proof import Proof
from app.posts.shelf import shelf
from app.reports.models.held import count_held
from app.reports.models.place_name import count_unknown_places
from app.reports.models.words import count_waiting_texts
from app.spam.judges import judges
from app.web.language import day

PASSED_ON = (Standing.PASSED_ON,)


@dataclass(frozen=True, slots=True)
class Lane:
    """One list of the desk and how much lies in it."""

    key: str
    title: str
    url: str
    open: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """The day at a glance."""

    open: int
    oldest: datetime | None
    today_in: int
    today_published: int
    today_spam: int


def lanes_for(member: Member) -> list[Lane]:
    """The lanes that a member may see. Guests see only where they can answer."""
    if member.is_guest:
        return _of_guest(member)
    states = count_by_state()
    lanes = [
        Lane("waiting", _("Comments waiting"), url_for("desk.comments"), states.get(State.WAITING, 0)),
        Lane("notices", _("Notices"), url_for("desk.notices"), notices.count(is_open=True)),
        Lane("questions", _("Questions"), url_for("desk.questions"), count_questions([Standing.OPEN])),
        Lane("revisions", _("Changed comments"), url_for("desk.revisions"), revisions.count_waiting()),
        Lane("appeals", _("Appeals"), url_for("desk.appeals"), appeals.count_open()),
        Lane("held", _("Held reports"), url_for("desk.held"), count_held()),
        Lane("texts", _("Words from reports"), url_for("desk.texts"), count_waiting_texts()),
        Lane("places", _("Unknown places"), url_for("desk.places"), count_unknown_places()),
        Lane(
            "posts",
            _("Broken posts"),
            url_for("desk.posts"),
            len({p.path for p in shelf().problems() if p.is_fatal}),
        ),
        Lane("spam", _("Spam"), url_for("desk.comments", state="spam"), count(State.SPAM, is_open=True)),
        Lane("sample", _("Sample of the spam"), url_for("desk.sample"), sampling.count_open()),
        Lane(
            "published",
            _("Published comments"),
            url_for("desk.comments", state="published"),
            states.get(State.PUBLISHED, 0),
        ),
        Lane(
            "removed",
            _("Removed comments"),
            url_for("desk.comments", state="removed"),
            states.get(State.REMOVED, 0),
        ),
        Lane("reports", _("Find reports"), url_for("desk.search_reports"), 0),
        Lane("voidings", _("Reports taken out"), url_for("desk.voidings"), 0),
        Lane("answers", _("Answer readers"), url_for("desk.answers"), 0),
        Lane("decisions", _("What was decided"), url_for("desk.decisions"), 0),
    ]
    return lanes + (_of_editor(member) if member.may(Role.EDITOR) else [])


def _of_guest(member: Member) -> list[Lane]:
    slugs = [post.slug for post in shelf().public(clock.now()) if post.takes_comments]
    return [
        Lane(
            "guest", _("For us"), url_for("desk.guest"), count_questions(PASSED_ON, slugs=slugs, to=member.organisation)
        ),
        Lane(
            "answers",
            _("Comments to answer"),
            url_for("desk.answers"),
            count_questions(UNANSWERED, to=member.organisation),
        ),
        Lane("drafts", _("Our posts"), url_for("desk.drafts"), count_queried(member)),
        Lane("handovers", _("Handovers"), url_for("desk.handovers"), count_unanswered(member)),
        Lane("promises", _("Promises"), url_for("desk.promises"), 0),
        Lane("pictures", _("Pictures"), url_for("desk.pictures"), 0),
    ]


def _of_editor(member: Member) -> list[Lane]:
    """What editors and owners see besides."""
    return [
        Lane("drafts", _("Write posts"), url_for("desk.drafts"), 0),
        Lane("handed-in", _("Posts handed in"), url_for("desk.handed_in_posts"), count_handed_in()),
        Lane("handovers", _("Handovers"), url_for("desk.handovers"), count_waiting_for(member)),
        Lane("promises", _("Promises"), url_for("desk.promises"), 0),
        Lane("pictures", _("Pictures"), url_for("desk.pictures"), 0),
        Lane("people", _("People"), url_for("desk.people"), 0),
        Lane("grants", _("Figures for companies"), url_for("desk.grants"), 0),
        Lane("rules", _("Judges"), url_for("desk.rules"), 0),
        Lane("surge", _("Surge"), url_for("desk.surge"), 0),
    ]


def numbers() -> Numbers:
    """Open, oldest, and what today brought."""
    midnight = clock.now().astimezone(clock.BERLIN).replace(hour=0, minute=0, second=0, microsecond=0)
    today = dict(
        db.session.execute(
            select(Comment.state, func.count()).where(Comment.written_at >= midnight).group_by(Comment.state)
        ).all()
    )
    waiting = select(func.count(), func.min(Comment.written_at)).where(Comment.state == State.WAITING)
    open_, oldest = db.session.execute(waiting).one()
    return Numbers(open_, oldest, sum(today.values()), today.get(State.PUBLISHED, 0), today.get(State.SPAM, 0))


def warnings() -> list[str]:
    """What an owner should mend before the country looks."""
    found = []
    if not campaign().is_legally_complete:
        found.append(
            _(
                "Imprint and privacy page are not filled in yet: "
                "see [responsible] and [privacy] in instance/campaign.toml."
            )
        )
    if not settings().mail_url:
        found.append(
            _("Mail is not sent, it lies in the folder outbox of the instance. Set EINZELFALL_MAIL_URL to send it.")
        )
    if late := notices.count_late():
        found.append(
            ngettext(
                "%(count)s notice has waited for longer than it should.",
                "%(count)s notices have waited for longer than they should.",
                late,
                count=late,
            )
        )
    if letters := stuck():
        found.append(_("%(count)s letters could not be sent yet; we keep trying.", count=letters))
    if (outside := judges().akismet) and outside.circuit.is_away:
        found.append(
            _("Akismet did not answer again and again. It is left alone for a minute at a time; comments wait.")
        )
    if unanswered := _unanswered():
        found.append(
            _(
                "Akismet has not answered about %(count)s comments. They wait and we keep asking.",
                count=unanswered,
            )
        )
    return found + _missing_proofs() + _alerts() + _files()


def _missing_proofs() -> list[str]:
    unheard = [
        _(
            "What proves %(name)s could not be looked for since %(day)s; it counts on. Please ask there.",
            name=one.organisation.name,
            day=day(one.found_at or clock.now()),
        )
        for one in Proof.unheard()
    ]
    return unheard + [
        _(
            "What proves %(name)s is missing. Until %(day)s it still counts.",
            name=one.organisation.name,
            day=day(one.lapses_at or clock.now()),
        )
        for one in Proof.failing()
    ]


def _files() -> list[str]:
    if not (names := restored_lately()):
        return []
    said = _(
        "The file of a guest's post was changed by hand. It says again what was signed off; "
        "the other words lie in %(names)s.",
        names=", ".join(names),
    )
    return [said]


def _unanswered() -> int:
    waiting = (Comment.state == State.WAITING) & (Comment.questions > 0) & Comment.ask_again_at.is_not(None)
    return db.session.scalar(select(func.count()).select_from(Comment).where(waiting)) or 0


def _alerts() -> list[str]:
    if judges().akismet is None:
        return [_("Akismet is off: no key is set. Comments are judged by our own rules and by you.")]
    since = clock.now() - timedelta(days=1)
    found = select(Comment.alert).where(Comment.alert != "", Comment.written_at >= since).distinct().limit(3)
    return [_("Akismet says: %(alert)s", alert=alert) for alert in db.session.scalars(found)]
