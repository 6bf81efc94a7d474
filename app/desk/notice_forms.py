"""The forms by which a notice is worked on."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from app.comments.models import Comment
from app.comments.models import State as CommentState
from app.comments.removal import Reason
from app.config import campaign
from app.notices.models import ANSWER_DAYS
from app.notices.models.notice import endings
from app.notices.words import OUTCOMES
from app.people.forms import PickField
from app.web.language import words
from app.web.submission import at_most, clean, one_line

WORDS = 2000  # characters
MOST_EDITS = 2**31 - 1  # that a row can count


class AskForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What the author is asked, and how long there is to answer."""

    question = TextAreaField(
        _l("What we ask"),
        filters=[clean],
        validators=[DataRequired(_l("Please write what you ask.")), at_most(WORDS)],
    )
    days = PickField(_l("Days to answer"), filters=[one_line])

    def __init__(self, **kwargs: Any) -> None:  # Any: WTForms ships no types
        super().__init__(**{"days": "7", **kwargs})
        self.days.choices = tuple((str(days), str(days)) for days in ANSWER_DAYS)


class UndoForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Which words of the comment the page showed that undoes a decision."""

    edits = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, MOST_EDITS)])


class DecisionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The outcome with its reasons, about the comment in the state and the words in which it was seen."""

    outcome = PickField(
        _l("Decision"), filters=[one_line], validators=[DataRequired(_l("Please choose one of these."))]
    )
    statement = TextAreaField(
        _l("Reasons"),
        filters=[clean],
        validators=[DataRequired(_l("Please give the reasons: both sides read them.")), at_most(WORDS)],
    )
    reason_key = StringField(_l("Reason, shown to readers"), filters=[one_line], validators=[at_most(31)])
    rule = StringField(_l("Law or rule"), filters=[one_line], validators=[at_most(200)])
    seen = HiddenField(validators=[InputRequired(), AnyOf([state.value for state in CommentState])])
    edits = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, MOST_EDITS)])

    def __init__(self, comment: Comment, **kwargs: Any) -> None:  # Any: WTForms ships no types
        super().__init__(**{"seen": comment.state.value, "edits": comment.edits, **kwargs})
        seen = self.seen.data if self.seen.data in list(CommentState) else comment.state
        self.reasons = tuple((one.key, words(one.label)) for one in campaign().removal_reasons)
        self.outcome.choices = tuple((key.value, str(OUTCOMES[key])) for key in endings(comment, CommentState(seen)))

    @property
    def public_key(self) -> str:
        """The public reason that was chosen for a removal, if one was."""
        return Reason.of(self.reason_key.data or "", "").key
