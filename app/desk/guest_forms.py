"""What a company's people do with a question that they do not answer right now."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import ValidationError

from app.comments.models.assignment import LONGEST
from app.comments.unsaid import REASONS
from app.people.forms import PickField
from app.web.submission import at_most, one_line


class AssignForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    to = PickField(_l("Colleague"))
    note = StringField(_l("Note"), filters=[one_line], validators=[at_most(LONGEST)])
    seen = StringField(filters=[one_line])

    @property
    def kept_words(self) -> str:
        """What was typed, for a page that has no place for the form any more."""
        return ", ".join(filter(None, (dict(self.to.choices).get(self.to.data, ""), self.note.data)))


class CannotSayForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    reason_key = PickField(_l("Reason"))
    words = StringField(_l("In your own words"), filters=[one_line], validators=[at_most(LONGEST)])

    @property
    def kept_words(self) -> str:
        """What was typed, for a page that has no place for the form any more."""
        return " ".join(filter(None, (dict(self.reason_key.choices).get(self.reason_key.data, ""), self.words.data)))

    def validate_words(self, field: StringField) -> None:
        """Readers are told why: by a reason that is there for it, by a sentence, or by both."""
        if not self.reason_key.data and not field.data:
            raise ValidationError(_l("Please choose a reason or write one: readers will see it."))


def cannot_say_form() -> CannotSayForm:
    form = CannotSayForm()
    form.reason_key.choices = [("", ""), *((key, str(words)) for key, words in REASONS.items())]
    return form
