"""The routes of the desk, and a desk with something in each of its lanes."""

from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy import select, text
from werkzeug.routing import Rule

from app.comments.models import Bulk, Hand, OwnLink, State, Subscription
from app.comments.models.comment import code_of
from app.drafts import copies, handing
from app.drafts.beginning import begin_new
from app.drafts.models import Draft, How, Preview
from app.drafts.text import Byline, Text, written
from app.extensions import db
from app.figures.models import Grant
from app.figures.models.grant import Kind
from app.kit import clock, tokens
from app.ledger.models import Checkpoint
from app.people.models import Member, Organisation
from app.pictures import files
from app.pictures.models import Picture
from app.reports.models import Report, Told
from tests.cast import (
    EDA,
    GABI,
    make_comment,
    make_editor,
    make_guest,
    make_invitation,
    make_notice,
    make_other_guest,
    make_post,
    make_question,
    read_posts,
    within,
)
from tests.handover.making import hand_over, propose, tell_crowd
from tests.promises.told import make_promise

DOORS = {  # where people come in and go out: open to those who are not in yet
    "people.sign_in",
    "people.send_code",
    "people.code",
    "people.check_code",
    "people.sign_in_by_passkey",
    "people.sign_out",
    "people.invitation",
    "people.confirm",
    "people.join",
    "people.accept",
}

OWN_TOKENS = {"comments.own_comments", "comments.export_mine", "comments.erase_mine"}  # of another kind

PICTURE = "0123456789abcdef0123-480x240"
FILES = {"desk.handover_file", "desk.preview_file", "desk.granted_file"}  # what is loaded, not read as a page

OF_COMPANIES = {"desk.guest", "desk.question", "desk.granted", "desk.granted_file"}  # others find nothing there

OWN_SLUGS = {"site.author": "anna", "site.organisation": "o2", "desk.verify_organisation": "o2"}
OWN_SLUGS |= dict.fromkeys(
    ("desk.organisation", "desk.ask_proof", "desk.check_proof", "desk.end_proof", "desk.note_call"), "o2"
)
OWN_SLUGS |= {"desk.promise": "ein-text", "desk.tell_of_promise": "ein-text", "desk.note_on_promise": "ein-text"}
OWN_SLUGS |= {"desk.take_back_promise": "ein-text", "promises.promise": "ein-text", "promises.thanks": "ein-text"}
DRAFT = "entwurf"
OWN_SLUGS |= {
    f"desk.{name}": DRAFT
    for name in (
        "archive_draft",
        "discard_draft",
        "draft",
        "draft_on_disk",
        "draft_page",
        "draft_previews",
        "draft_publication",
        "draft_revision",
        "draft_revisions",
        "merge_draft",
        "publish_draft",
        "recall_draft",
        "restore_draft",
        "save_draft",
    )
}
GUEST_POST = "gastbeitrag"
OWN_SLUGS |= {
    f"desk.{name}": GUEST_POST
    for name in (
        "accept_proposal",
        "answer_draft",
        "archive_handed_in",
        "ask_about_handed_in",
        "draft_proposal",
        "draft_signing",
        "handed_in",
        "handed_in_page",
        "make_preview",
        "new_proposal",
        "propose_words",
        "recall_handed_in",
        "refuse_proposal",
        "release_handed_in",
        "revoke_preview",
        "sign_draft",
        "take_draft_back",
    )
}
OWN_SLUGS |= dict.fromkeys(
    ("desk.correct_draft", "site.post_words", "site.post_words_before", "site.post_versions"), "freigegeben"
)
PROPOSED = 3  # the number of the revision that the editors proposed of a guest's post
OWN_SLUGS |= {"figures.place": "hamburg", "figures.feed": "hamburg", "figures.thanks": "hamburg"}


def furnish(app: Flask, posts: Path) -> dict[str, object]:
    """One of everything: comments in each state, a report whose words and place wait, people, an invitation.

    Answers what stands for the variables in paths.
    """
    make_post(posts, "netz", authors="[{name: Anna, role: Editor}]", tags="[Hamburg]", organisation="o2")
    read_posts(app)
    key = tokens.new_key()
    first = make_comment(app, email="lena@reader.example", key=key)
    for state in State:
        make_comment(app, state=state)
    make_promise(app, make_editor(app), "netz", "Ein Text.")
    make_guest(app)
    make_other_guest(app)
    token = make_invitation(app, "gero@o2.example").rpartition("/")[2]
    receipt = make_report(app, tokens.new_key())
    names = {"filename": "css/site.css", "tag": "hamburg", "place_id": "x", "size": within(app, Checkpoint.make).size}
    tell_crowd(app)
    hand_over(app)
    tell_crowd(app)
    propose(app)
    names |= {"name": "manifest.json", "kind": "places"}
    within(app, grant_figures)
    names |= {"moment": "2011-11-24T10:00", "question": make_question(app, receipt)}
    with app.app_context():
        names |= {"code": code_of(key), "link": subscribe(first.id)}
    names |= {"own": within(app, lambda: OwnLink.issue("lena@reader.example")) or ""}
    within(app, lambda: decide_together(first.id))
    within(app, lambda: Hand.remember(first, ""))
    names |= {"notice": make_notice(app, first)[1], "number": 1}
    within(app, begin_draft)
    within(app, hang_picture)
    names |= {"file": f"{PICTURE}-480.jpg"}
    names |= {"link_token": within(app, hand_in_post)}
    within(app, release_post)
    read_posts(app)
    return {"id": first.id, "slug": "netz", "token": token, "receipt": receipt, **names}


def decide_together(id_: int) -> None:
    """A decision on many, about one that has moved meanwhile."""
    by = db.session.scalars(select(Member).order_by(Member.id)).all()[0]
    made, _ = Bulk.begin(tokens.new_key(), {id_: 0}, was=State.SPAM, to=State.SPAM, by=by)
    made.finish()


def hang_picture() -> None:
    """A picture of the guest's organisation."""
    by = Member.of(GABI)
    assert by
    files.keep(PICTURE, {"480.jpg": b"\xff\xd8\xff", "480.webp": b"RIFF"})
    Picture.add(PICTURE, alt="Ein Mast", lang="de", by=by)


def begin_draft() -> None:
    """A post that the team writes, whose file somebody has changed by hand."""
    by = Member.of(EDA)
    assert by
    made = begin_new("Entwurf", by=by)
    copies.folder().mkdir(exist_ok=True)
    copies.path_of(made).write_text("---\ntitle: Von Hand\nstatus: draft\n---\n\nText\n", "utf-8")


def hand_in_post(title: str = "Gastbeitrag") -> str:
    """A guest's post that waits for an editor; the token of a preview of it."""
    by = Member.of(GABI)
    assert by, "a guest comes first"
    made = begin_new(title, by=by)
    made.save(written(made.now_says().source, Text(title, "", (Byline("Gabi"),), "Text.")), seen=1, by=by)
    handing.sign(made, seen=made.current, by=by)
    other = written(made.now_says().source, Text(title, "", (Byline("Gabi"),), "Andere Worte."))
    made.set_aside(other, by=Member.of(EDA), how=How.PROPOSED)
    return Preview.make(made, by=by).token


def release_post() -> str:
    """A guest's post that was released word for word; the token of a preview of it."""
    token, editor = hand_in_post("Freigegeben"), Member.of(EDA)
    made = Draft.by_slug("freigegeben")
    assert made
    assert editor, "an editor comes first"
    handing.release(made, seen=made.current, by=editor, at=None)
    copies.settle(made)
    return token


def grant_figures() -> None:
    """The carrier finds its first set of figures prepared."""
    by, carrier = db.session.scalars(select(Member).order_by(Member.id)).first(), Organisation.of("o2")
    assert by
    assert carrier
    Grant.give(carrier, Kind.PLACES, clock.today(), None, by=by)


def subscribe(id_: int) -> str:
    """A confirmed subscription of answers to a comment; its link."""
    Subscription.ask_all([(id_, "lena@reader.example")])
    made = db.session.scalars(select(Subscription)).one()
    made.confirm()
    db.session.commit()
    return made.link


def path_of(app: Flask, rule: Rule, values: dict[str, object]) -> str:
    """A path that the rule answers."""
    known = {name: values[name] for name in rule.arguments}
    if rule.endpoint in OWN_TOKENS:
        known["token"] = values["own"]
    if rule.endpoint in OWN_SLUGS:
        known["slug"] = OWN_SLUGS[rule.endpoint]
    if rule.endpoint == "desk.draft_proposal":
        known["number"] = PROPOSED
    method = "POST" if "POST" in (rule.methods or ()) else "GET"
    return str(app.url_map.bind("localhost").build(rule.endpoint, known, method=method))


def make_report(app: Flask, key: str, place: str = "Hinterm Deich", words: str = "Seit Wochen kein Netz.") -> str:
    """A report whose words wait for a person and whose place nobody knows; answers its receipt."""
    told = Told(symptoms=("no_data",), place=place, text=words)

    def work() -> None:
        Report.tell(told, key)

    within(app, work)
    return tokens.receipt(app.config["SECRET_KEY"], key)


def desk_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/desk")]


def counts(app: Flask) -> dict[str, int]:
    """How many rows each table has, and a hash of them, so that a changed row is seen too."""
    with app.app_context():
        return {name: hash(tuple(_rows(name))) for name in db.metadata.tables if name != "sign_in"}


def _rows(table: str) -> Iterator[str]:
    for row in db.session.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608 -- names of our own tables
        yield str(tuple(row))
