"""Which figures a company finds prepared, and from when to when."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectMultipleField, StringField
from wtforms.validators import DataRequired, ValidationError

from app.figures.models.grant import Kind
from app.kit import clock
from app.people.forms import PickField
from app.web.submission import one_line


class GrantForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    organisation = PickField(_l("Organisation"))
    kinds = SelectMultipleField(
        _l("Figures"),
        choices=[SelectChoice(kind.value, kind.value) for kind in Kind],
        validators=[DataRequired(_l("Please choose at least one set."))],
    )
    begins_on = StringField(_l("From"), filters=[one_line])
    ends_on = StringField(_l("To"), filters=[one_line])

    def validate_begins_on(self, field: StringField) -> None:
        if day_of(field.data) is None:
            raise ValidationError(_l("Please enter a day."))
        if (begins_on := day_of(field.data)) and begins_on < clock.today():
            raise ValidationError(_l("The first day is over. Please begin today or later."))

    def validate_ends_on(self, field: StringField) -> None:
        """Without a last day it stands until somebody ends it."""
        begins_on, ends_on = day_of(self.begins_on.data), day_of(field.data)
        if field.data and ends_on is None:
            raise ValidationError(_l("Please enter a day."))
        if ends_on and ends_on < max(clock.today(), begins_on or clock.today()):
            raise ValidationError(_l("The last day lies before the first one, or is over."))


def day_of(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written or "")
    except ValueError:
        return None
