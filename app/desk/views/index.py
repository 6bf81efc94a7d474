"""The first look, the log, one's own sign-ins."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app.comments.models import Bulk
from app.config import campaign
from app.desk.lanes import numbers, warnings
from app.desk.views.bulks import said_of
from app.desk.views.room import PER_PAGE, bp, page_number, row_or_404
from app.extensions import db
from app.kit import clock
from app.people import security
from app.people.models import Decision, Role, SignIn
from app.posts.shelf import shelf

BULKS = 10  # decisions on many comments that are shown with the log


@bp.get("/")
@security.needs(*Role)
def index() -> ResponseReturnValue:
    who = security.member()
    if who.is_guest:
        return redirect(url_for("desk.guest"), 303)
    return render_template("desk/index.html", numbers=numbers(), warnings=warnings() if who.is_editor else [])


@bp.get("/posts")
@security.needs(Role.MODERATOR)
def posts() -> ResponseReturnValue:
    exceptions = [post for post in shelf().public(clock.now()) if post.policy != campaign().comment_policy]
    return render_template("desk/posts.html", problems=shelf().problems(), exceptions=exceptions)


@bp.get("/decisions")
@security.needs(Role.MODERATOR)
def decisions() -> ResponseReturnValue:
    page = page_number()
    newest = (
        select(Decision)
        .where(Decision.bulk_id.is_(None))
        .order_by(Decision.id.desc())
        .limit(PER_PAGE + 1)
        .offset((page - 1) * PER_PAGE)
    )
    rows = list(db.session.scalars(newest))
    bulks = [(one, said_of(one)) for one in Bulk.newest(BULKS)] if page == 1 else []
    return render_template(
        "desk/decisions.html", rows=rows[:PER_PAGE], bulks=bulks, page=page, has_more=len(rows) > PER_PAGE
    )


@bp.get("/sign-ins")
@security.needs(*Role)
def sign_ins() -> ResponseReturnValue:
    rows = SignIn.open_for(security.member().id)
    return render_template("desk/sign_ins.html", rows=rows, this=security.this_sign_in())


@bp.post("/sign-ins")
@security.needs(*Role)
def end_sign_in() -> ResponseReturnValue:
    row = row_or_404(SignIn, request.form.get("id", type=int))
    if row.member_id != security.member().id:
        abort(404)
    row.end()
    db.session.commit()
    flash(_("That session has ended."))
    return redirect(url_for("desk.sign_ins"), 303)
