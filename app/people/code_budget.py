"""How many sign-in codes go to one address: one budget, whichever page asks for them."""

from flask import request
from limits import parse_many

from app.extensions import limiter, sender
from app.people.forms import stripped

SCOPE = "sign-in codes"
FROM_HERE, FOR_MAIL = "6 per 15 minutes;30 per day", "100 per day"


def may_have_another(email: str) -> bool:
    """Whether this network may have one more sent to that address; it is spent by asking."""
    here = all(limiter.limiter.hit(one, _of_here(email), SCOPE) for one in parse_many(FROM_HERE))
    return here and all(limiter.limiter.hit(one, _of_mail(email), SCOPE) for one in parse_many(FOR_MAIL))


def _of_mail(email: str) -> str:
    return f"mail:{email}"


def _of_here(email: str) -> str:
    return f"{_of_mail(email)} from:{sender()}"


def _typed() -> str:
    """The address as the form reads it: no second way of writing it brings six more codes."""
    return stripped(request.form.get("email")).lower()[:254]


from_here = limiter.shared_limit(FROM_HERE, scope=SCOPE, key_func=lambda: _of_here(_typed()))
for_mail = limiter.shared_limit(FOR_MAIL, scope=SCOPE, key_func=lambda: _of_mail(_typed()))
