"""What a process does before anybody asks, so that its first reader does not wait for it."""

import gc

from flask import Flask

from app.config import LANGUAGES
from app.kit import garbage
from app.places import gazetteer
from app.web import templates
from app.web.submission import PublicForm

# with all that they extend and include; of errors, too, since they must be told where no file can be opened any more
TEMPLATES = (
    *("site/home.html", "site/post.html", "reports/new.html", "reports/receipt.html", "comments/new.html"),
    "errors/error.html",
)


def read_for_all(app: Flask) -> None:
    """Read what the processes that are forked from this one need, and have them share it for good."""
    with garbage.kept():
        warm(app)
    gc.collect()
    gc.freeze()  # their collectors would write into what they share, and so make it their own


def warm(app: Flask) -> None:
    """Read what every reader needs; next to nothing is left of it where it was read before the fork."""
    gazetteer(app.extensions["campaign"].country)
    _learn_languages(app)


def _learn_languages(app: Flask) -> None:
    """Compile templates, unless that was done before this process was forked, and hold them, and what forms say."""
    for code in LANGUAGES:
        # they are compiled for the language of who asks, by a name under which the site answers
        with app.test_request_context(f"/?lang={code}", base_url=app.extensions["settings"].base_url):
            templates.load(app, TEMPLATES)
            PublicForm()  # WTForms reads its words with the first one, and a full table of files must not keep it off
