"""The form by which a picture comes, and what is said of files that are none."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField
from wtforms.validators import AnyOf, ValidationError

from app.config import LANGUAGES
from app.pictures.decoding import LARGEST
from app.pictures.models import LONGEST, MOST_OF_ONE
from app.web.submission import at_most, one_line

FAULTS: dict[str, LazyString] = {
    "heavy": _l("The file has more than %(most)d MB. Make it smaller, or take a JPEG.", most=LARGEST // 1000**2),
    "large": _l(
        "The picture has too many pixels. At most 50 million as JPEG, 30 as PNG, 20 as WebP; 16,000 on a side."
    ),
    "damaged": _l("The picture is damaged: it cannot be read to its end. Export or copy it once more."),
    "moving": _l("The picture moves. Pages stay still: take one of its frames, as JPEG or PNG."),
    "heic": _l(
        "This is HEIC or AVIF, which few browsers show. On an iPhone: Settings, Camera, Formats, “Most Compatible”; or "
        "share the picture by mail, which makes a JPEG of it."
    ),
    "gif": _l("GIF is not taken. Save the picture as PNG or JPEG."),
    "markup": _l("This is SVG or another page of text, which can contain programs. Save it as PNG."),
    "unknown": _l("This is no picture that can be taken. JPEG, PNG and WebP are."),
    "busy": _l("Another picture is being worked on. Please try again in a moment."),
}
FULL = _l("Your organisation has %(most)d pictures. Remove one that no post shows first.", most=MOST_OF_ONE)


class PictureForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A file, and what it shows to those who cannot see it."""

    file = FileField(_l("Picture"), validators=[FileRequired(_l("Please choose a picture."))])
    alt = StringField(_l("What the picture shows"), filters=[one_line], validators=[at_most(LONGEST)])
    is_decorative = BooleanField(_l("It only decorates and says nothing"))
    lang = StringField(_l("Language of this text"), validators=[AnyOf(LANGUAGES)])

    def validate_alt(self, field: StringField) -> None:
        """Said, or declared needless; not both, as then one of them is a slip."""
        if not field.data and not self.is_decorative.data:
            raise ValidationError(
                _l("Please say what it shows, for those who cannot see it, or that it only decorates.")
            )
        if field.data and self.is_decorative.data:
            raise ValidationError(_l("What only decorates needs no text. Take out the tick, or the text."))
