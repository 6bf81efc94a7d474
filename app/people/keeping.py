"""A form that came after its session had ended: its page keeps every value and sends it again after the sign-in."""

from flask import current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError

from app.web.errors import answer, wants_json


def values(leaving_out: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Every field of the form that was sent, without what each page makes anew."""
    return [one for one in request.form.items(multi=True) if one[0] not in {"csrf_token", *leaving_out}]


def is_due() -> bool:
    """Whether somebody typed what was sent, into a form that is kept."""
    is_kept = getattr(current_app.view_functions.get(request.endpoint or ""), "keeps_form", False)
    return is_kept and request.method == "POST" and any(value.strip() for _name, value in values())


def page(*, is_signed_in: bool) -> ResponseReturnValue:
    """403: nothing is stored; where to sign in, and the form with every value."""
    if wants_json():
        return jsonify(error=_("You are signed out. Your text is still here; press Save.")), 403
    sent = render_template(
        "people/kept.html", kept=values(), action=request.full_path.rstrip("?"), is_signed_in=is_signed_in
    )
    made = make_response(sent, 403)
    made.headers["Cache-Control"] = "no-store"
    return made


def instead_of_refusal(error: CSRFError, *, is_signed_in: bool) -> ResponseReturnValue:
    """The token of a form goes with its session: what was typed into a kept one is not thrown away for that."""
    return page(is_signed_in=is_signed_in) if is_due() else answer(error)
