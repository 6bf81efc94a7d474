"""“Me too”: two taps for readers who have no story to tell."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from app.config import campaign
from app.places import Area, Level
from app.web.language import words
from app.web.submission import SubmissionForm

TAKING = (Level.PLACE, Level.DISTRICT)


class MeTooForm(SubmissionForm):
    """Which problem a reader has as well."""

    symptom = RadioField(
        _l("What does not work for you?"),
        validators=[InputRequired(_l("Please pick one."))],
        validate_choice=True,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.symptom.choices = [(one.key, words(one.label)) for one in campaign().symptoms]

    @property
    def label(self) -> str:
        """The picked problem, in the words of the page."""
        return str(dict(self.symptom.choices).get(self.symptom.data, ""))


def takes_me_too(area: Area) -> bool:
    """Whether “me too” can be said of an area: of a country or a state it would say nothing."""
    return area.level in TAKING
