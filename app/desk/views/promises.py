"""Promises: marked in posts, told on, taken back."""

from collections.abc import Callable
from typing import TypeVar

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.desk.forms import EventForm, MarkForm, NoteForm, SentForm, TakeBackForm, blame, with_choices
from app.desk.views.room import bp, row_or_404
from app.extensions import db
from app.kit import clock, tokens
from app.people import security
from app.people.confirming import needs_passkey
from app.people.models import Decision, Member, Role
from app.posts.post import Post
from app.posts.sentences import sentences_of
from app.posts.shelf import shelf
from app.promises.line import line_of, lines_of
from app.promises.models import (
    Deed,
    Event,
    Kind,
    MarkedAlready,
    NotYours,
    Promise,
    Refusal,
    is_still_said,
    may_mark,
)
from app.web.language import language

F = TypeVar("F", bound=SentForm)


@bp.get("/promises")
@security.needs(Role.GUEST)
def promises() -> ResponseReturnValue:
    """Every promise with its state; guests see those of their own organisation."""
    who = security.member()
    lines = lines_of(Promise.all_marked(who.organisation.slug if who.is_guest else None))
    return render_template("desk/promises.html", lines=lines)


@bp.get("/promises/new")
@security.needs(Role.GUEST)
def new_promise() -> ResponseReturnValue:
    """The posts in which one may mark; then the sentences of one of them."""
    slug = request.args.get("post", "")
    if slug:
        return _mark_page(_post_of(slug), with_choices(MarkForm(), language()))
    return render_template("desk/promise_posts.html", posts=_own_posts(security.member()))


@bp.post("/promises/in/<slug>")
@security.needs(Role.GUEST)
@needs_passkey()
def mark_promise(slug: str) -> ResponseReturnValue:
    post, form, who = _post_of(slug), with_choices(MarkForm(), language()), security.member()
    if not form.validate_on_submit():
        return _mark_page(post, form), 422
    if form.proposes(post.date.astimezone(clock.BERLIN).date()):
        return _mark_page(post, form, is_proposing=True)
    try:
        made = _marked(post, form, who)
        Decision.record("promise-marked", f"promise:{made.id}", by=who)
        db.session.commit()
    except (MarkedAlready, IntegrityError) as known:
        return _marked_before(post, form, known)
    except Refusal as refusal:
        db.session.rollback()
        blame(form, refusal)
        return _mark_page(post, form), 422
    flash(_("Marked. Now it can be told what became of it."))
    return redirect(url_for("desk.promise", slug=made.slug), 303)


@bp.get("/promises/<slug>")
@security.needs(Role.GUEST)
def promise(slug: str) -> ResponseReturnValue:
    return _promise_page(_own_promise(slug))


@bp.post("/promises/<slug>/events")
@security.needs(Role.GUEST)
@needs_passkey()
def tell_of_promise(slug: str) -> ResponseReturnValue:
    """Say what became of it."""
    here, form = _own_promise(slug), with_choices(EventForm(), language())
    if not form.validate_on_submit():
        return _promise_page(here, form), 422
    if form.is_postponing and form.proposes(form.day):
        return _promise_page(here, form, is_proposing=True)
    return _appended(here, form, lambda who: _told(here, form, who))


@bp.post("/promises/<slug>/notes")
@security.needs(Role.GUEST)
@needs_passkey()
def note_on_promise(slug: str) -> ResponseReturnValue:
    """The note of those whose promise it is."""
    here, form = _own_promise(slug), with_choices(NoteForm(), language())
    if not form.validate_on_submit():
        return _promise_page(here, form), 422
    facts = {"lang": form.lang.data, "translation": form.translation.data, "key": form.known_key}
    return _appended(here, form, lambda who: here.reply(form.words.data, by=who, **facts))


@bp.post("/promises/<slug>/retractions")
@security.needs(Role.EDITOR)
def take_back_promise(slug: str) -> ResponseReturnValue:
    """Strike an event, or the promise itself, for a reason that readers see."""
    here, form = _own_promise(slug), with_choices(TakeBackForm(), language())
    if not form.validate_on_submit():
        return _promise_page(here, form), 422
    about = row_or_404(Event, _number(form.about.data)) if form.about.data else None
    facts = {"lang": form.lang.data, "key": form.known_key}
    return _appended(here, form, lambda who: here.take_back(about, form.reason.data, by=who, **facts))


def _marked(post: Post, form: MarkForm, who: Member) -> Promise:
    return Promise.mark(
        post,
        form.sentence.data,
        by=who,
        kind=Kind(form.kind.data),
        areas=form.area_ids,
        due_words=form.due_words.data,
        due_translation=form.due_translation.data,
        due_on=form.due,
        translation=form.translation.data,
    )


def _marked_before(post: Post, form: MarkForm, known: MarkedAlready | IntegrityError) -> ResponseReturnValue:
    """The promise that this sentence is already, whoever was first."""
    db.session.rollback()
    sentences = {one.sentence: one.slug for one in Promise.of_post(post.slug)}
    slug = known.slug if isinstance(known, MarkedAlready) else sentences.get(form.sentence.data)
    if slug is None:
        form.form_errors.append(_("Somebody else marked something at the same moment. Please send it once more."))
        return _mark_page(post, form), 422
    flash(_("That sentence is marked as a promise already."))
    return redirect(url_for("desk.promise", slug=slug), 303)


def _told(here: Promise, form: EventForm, who: Member) -> Event:
    return here.tell(
        Deed(form.deed.data),
        form.words.data,
        by=who,
        said_on=form.day,
        source=form.source.data,
        lang=form.lang.data,
        translation=form.translation.data,
        due_words=form.due_words.data,
        due_translation=form.due_translation.data,
        due_on=form.due,
        key=form.known_key,
    )


def _appended(here: Promise, form: SentForm, append: Callable[[Member], Event]) -> ResponseReturnValue:
    """Append one line of the story and log it; the same form sent twice is one line."""
    who, key = security.member(), form.known_key
    if Event.sent_before(here.id, key) is None:
        try:
            line = append(who)
            if line.key == key:  # else it was said before, in another form
                reason = line.words if line.is_taking_back else ""
                Decision.record(f"promise-{line.deed}", f"promise:{here.id}", by=who, reason=reason)
            db.session.commit()
        except IntegrityError:  # the same form, at the same moment
            db.session.rollback()
        except NotYours:
            db.session.rollback()
            abort(403)
        except Refusal as refusal:
            db.session.rollback()
            blame(form, refusal)
            return _promise_page(here, form), 422
    flash(_("Noted. Readers see it in the story of the promise."))
    return redirect(url_for("desk.promise", slug=here.slug), 303)


def _own_posts(who: Member) -> list[Post]:
    return [post for post in shelf().public(clock.now()) if may_mark(who, post)]


def _post_of(slug: str) -> Post:
    post = shelf().get(slug, clock.now()) or abort(404)
    return post if may_mark(security.member(), post) else abort(403)


def _own_promise(slug: str) -> Promise:
    found = Promise.by_slug(slug) or abort(404)
    return found if found.may_be_told_by(security.member()) else abort(403)


def _mark_page(post: Post, form: MarkForm, *, is_proposing: bool = False) -> str:
    return render_template(
        "desk/mark_promise.html",
        post=post,
        form=form,
        sentences=sentences_of(post),
        marked={one.sentence: one.slug for one in Promise.of_post(post.slug)},
        is_proposing=is_proposing,
    )


def _promise_page(here: Promise, sent: SentForm | None = None, *, is_proposing: bool = False) -> str:
    """The promise with its story and every form, the one that was sent with what was in it."""
    return render_template(
        "desk/promise.html",
        line=line_of(here),
        is_still_said=is_still_said(here),
        history=Decision.about_(f"promise:{here.id}"),
        may_note=here.is_answered_for_by(security.member()),
        may_take_back=security.member().may(Role.EDITOR),
        event_form=_form(EventForm, sent, here.lang),  # as a rule in the language of the promise
        note_form=_form(NoteForm, sent, here.lang),
        back_form=_form(TakeBackForm, sent, language()),
        is_proposing=is_proposing,
    )


def _form(kind: type[F], sent: SentForm | None, lang: str) -> F:
    """The form that was sent if it is of that kind, else an empty one; with a key of its own."""
    if isinstance(sent, kind):
        sent.key.data = sent.known_key
        return sent
    form = with_choices(kind(formdata=None), lang)
    form.key.data = tokens.new_key()
    return form


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 12 else None
