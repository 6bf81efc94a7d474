"""What is asked of those who come back to their report."""

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, StringField, ValidationError
from wtforms.validators import DataRequired, Regexp

from app.kit import tokens
from app.people.models.member import ADDRESS_LIKE
from app.reports.forms import ReportForm
from app.reports.models import Erasure, Report, Told
from app.web.submission import PublicForm, at_most, clean, one_line


class FindForm(PublicForm):
    """The code of a receipt."""

    code = StringField(
        _l("Code on your receipt"), filters=[clean], validators=[DataRequired(_l("Please type the code."))]
    )

    def validate_code(self, field: StringField) -> None:
        """A code that leads somewhere; whatever is wrong with another one, it is told the same, after the same look."""
        code = tokens.read_receipt(field.data)
        if not (Report.told_before(code) or Erasure.of(code)):
            raise ValidationError(_l("No report has this code. Please compare it letter by letter."))


class ContactForm(PublicForm):
    """An address for one question."""

    email = EmailField(
        _l("E-mail address"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Please enter your e-mail address.")),
            at_most(254),
            Regexp(ADDRESS_LIKE, message=_l("Please enter an address like anna@example.org.")),
        ],
    )


class CorrectionForm(ReportForm):
    """The questions of the complaint form with what was answered; what is not sent along stays as it was."""

    def __init__(self, report: Report, **kwargs: Any) -> None:  # Any: WTForms ships no types
        told = report.as_told()
        fields = ("place", "district", "since", "hotline", "device", "text")
        said = {name: getattr(told, name) for name in fields} | {"symptoms": list(told.symptoms)}
        super().__init__(data=said, **kwargs)
        self.claimed_at_first = told.claimed_at
        offered = {key for key, _label in self.symptoms.choices}
        self.symptoms.choices += [(key, key) for key in told.symptoms if key not in offered]  # not offered any more

    def told(self) -> Told:
        return replace(super().told(), claimed_at=self.claimed_at_first)
