"""By which names people stand on the site."""

from flask_babel import gettext as _

from app.kit import impersonation, names
from app.people.models.organisation import protected_names

LONGEST = 40  # letters of a first name
LONGEST_FUNCTION = 80


def fault_of(first_name: str) -> str | None:
    """What is wrong with a first name: it has no letters, or says what the badge beside it says."""
    if not any(map(str.isalpha, first_name)) or len(first_name) > LONGEST:
        return str(_("Please use letters, %(count)s at most.", count=LONGEST))
    if impersonation.compare(first_name, protected_names()).standing != impersonation.Standing.FREE:
        return str(_("The first name alone: who somebody writes for stands beside it."))
    return None


def fault_of_function(function: str) -> str | None:
    """What is wrong with what somebody is in an organisation, as bylines say it."""
    if len(function) > LONGEST_FUNCTION or names.has_bidi_controls(function):
        return str(_("Please use %(count)s letters at most.", count=LONGEST_FUNCTION))
    return None
