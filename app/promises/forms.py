"""What customers are asked about a claim."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from app.kit import tokens
from app.promises.line import Line
from app.promises.models import Answer, in_scope
from app.reports.models import Erasure, Report
from app.web.submission import PublicForm, clean

ANSWERS = ((Answer.CONFIRMED, _l("Yes, I notice it")), (Answer.CONTRADICTED, _l("No, it is not so")))


class AnswerForm(PublicForm):
    """Whose report it is, by its code, and whether what was claimed is so there."""

    receipt = StringField(
        _l("Code on your receipt"), filters=[clean], validators=[DataRequired(_l("Please type the code."))]
    )
    answer = RadioField(
        _l("Is it so where you are?"),
        validators=[InputRequired(_l("Please pick one of the two answers."))],
    )

    def __init__(self, line: Line, **kwargs: Any) -> None:  # Any: WTForms ships no types
        super().__init__(**kwargs)
        self.answer.choices = [(value.value, words) for value, words in ANSWERS]
        self.line = line

    @property
    def code(self) -> str:
        return tokens.read_receipt(self.receipt.data or "")

    def validate_receipt(self, _field: StringField) -> None:
        """A report that counts, from where it is about; every unknown code is told the same, after the same look."""
        report, erasure = Report.told_before(self.code), Erasure.of(self.code)
        if erasure:
            raise ValidationError(_("This report was erased, so it cannot answer any more."))
        if report is None:
            raise ValidationError(_("No report has this code. Please compare it letter by letter."))
        if not report.is_counted:
            raise ValidationError(_("This report does not count now, so it cannot answer. Its receipt says why."))
        if not in_scope(self.line.promise, report):
            raise ValidationError(_("This promise is about other places than your report."))

    def validate_answer(self, _field: RadioField) -> None:
        if not self.line.is_asked:
            raise ValidationError(_("At present nobody says that this is done, so there is nothing to answer."))
