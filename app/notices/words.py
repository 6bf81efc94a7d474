"""How grounds, outcomes and states are called on pages and in letters."""

from flask import Flask
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.notices.models import Ground, Outcome

GROUNDS: dict[Ground, LazyString] = {
    Ground.PRIVACY: _l("It shows somebody's private data"),
    Ground.DEFAMATION: _l("It insults somebody or says what is not true of them"),
    Ground.HATE: _l("It is hateful or threatens somebody"),
    Ground.COPYRIGHT: _l("It is somebody else's text"),
    Ground.IMPERSONATION: _l("It pretends to be somebody else"),
    Ground.ILLEGAL: _l("It is against the law in another way"),
    Ground.RULES: _l("It is against the rules of this site: advertising, or nothing to do with the subject"),
}
OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.KEPT: _l("The comment stays."),
    Outcome.REMOVED: _l("The comment was removed."),
    Outcome.BLACKED_OUT: _l("What tells who somebody is was blacked out in the comment."),
    Outcome.GONE: _l("The comment had already left the site."),
}


def init_app(app: Flask) -> None:
    app.jinja_env.globals["notice_grounds"] = GROUNDS
    app.jinja_env.globals["notice_outcomes"] = OUTCOMES
