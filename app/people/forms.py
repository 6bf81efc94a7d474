"""The forms by which people come in."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from app.kit import names
from app.people.models import Role
from app.people.models.member import ADDRESS_LIKE
from app.people.naming import fault_of, fault_of_function
from app.web.submission import one_line


def stripped(value: str | None) -> str:
    """What was typed, without surrounding white space and characters no field may hold."""
    text = (value or "").replace("\0", "")
    return text.encode("utf-8", "replace").decode().strip()


ADDRESS = (
    DataRequired(_l("Please enter your e-mail address.")),
    Length(max=254),
    Regexp(
        ADDRESS_LIKE,
        message=_l("Please enter an address like anna@example.org."),
    ),
)


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    email = EmailField(_l("E-mail address"), filters=[stripped], validators=ADDRESS)


class CodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    code = StringField(
        _l("Code from the mail"),
        filters=[stripped],
        validators=[DataRequired(_l("Please type the six digits from the mail.")), Length(max=20)],
    )


class AcceptForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    first_name = StringField(
        _l("First name"),
        filters=[lambda value: names.clean(stripped(value))],
        validators=[DataRequired(_l("Please enter your first name."))],
    )
    email = EmailField(_l("E-mail address"), filters=[stripped], validators=ADDRESS)

    def validate_first_name(self, field: StringField) -> None:
        if fault := fault_of(field.data):
            raise ValidationError(fault)


class PickField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """One of `choices`, pairs of a value and the words for it, which the view sets."""

    choices: Sequence[tuple[str, str]] = ()

    def pre_validate(self, _form: FlaskForm) -> None:
        if self.data not in dict(self.choices):
            raise ValidationError(_l("Please choose one of these."))


ROLES = (
    (Role.GUEST, _l("Guest: answers for the organisation")),
    (Role.MODERATOR, _l("Moderator: decides on comments and texts")),
    (Role.EDITOR, _l("Editor: also people and organisations")),
    (Role.OWNER, _l("Owner")),
)


class InviteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    email = EmailField(_l("E-mail address"), filters=[stripped], validators=ADDRESS)
    organisation = PickField(_l("Organisation"))
    role = PickField(_l("Role"))
    first_name = StringField(_l("First name"), filters=[lambda value: names.clean(stripped(value))])
    function = StringField(_l("Function in the organisation"), filters=[one_line])

    def validate_first_name(self, field: StringField) -> None:
        """Guests are invited by name; of the team's people it may be left to them."""
        if not field.data and self.role.data == Role.GUEST:
            raise ValidationError(_l("Please enter the first name of the person whom you invite."))
        if field.data and (fault := fault_of(field.data)):
            raise ValidationError(fault)

    def validate_function(self, field: StringField) -> None:
        if not field.data and self.role.data == Role.GUEST:
            raise ValidationError(_l("Please say what the person does there: readers see it."))
        if fault := fault_of_function(field.data):
            raise ValidationError(fault)


class FunctionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    function = StringField(
        _l("Function in the organisation"),
        filters=[one_line],
        validators=[DataRequired(_l("Please say what the person does there: readers see it."))],
    )

    def validate_function(self, field: StringField) -> None:
        if fault := fault_of_function(field.data):
            raise ValidationError(fault)


class OrganisationForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    name = StringField(
        _l("Name"),
        filters=[lambda value: names.clean(stripped(value))],
        validators=[DataRequired(_l("Please enter the name.")), Length(max=60)],
    )
    domains = StringField(
        _l("Mail domains, exact, separated by spaces"),
        filters=[stripped],
        validators=[
            DataRequired(_l("Please enter at least one domain.")),
            Regexp(r"^[a-z0-9.\- ,]+$", message=_l("Please enter domains like example.com.")),
            Length(max=300),
        ],
    )
    verified_how = TextAreaField(
        _l("How it was verified (public)"),
        filters=[stripped],
        validators=[DataRequired(_l("Please say how: readers see it.")), Length(max=600)],
    )


class RevokeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    reason = StringField(
        _l("Reason"),
        filters=[stripped],
        validators=[DataRequired(_l("Please give a reason.")), Length(max=300)],
    )
