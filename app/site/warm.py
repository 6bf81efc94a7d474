"""What a process does before anybody asks, so that its first reader does not wait for it."""

from flask import Flask

from app.config import LANGUAGES
from app.web import templates

# with all that they extend and include; of errors, too, since they must be told where no file can be opened any more
TEMPLATES = (
    *("site/home.html", "site/post.html", "reports/new.html", "reports/receipt.html", "comments/new.html"),
    "errors/error.html",
)


def load_templates(app: Flask) -> None:
    """Compile them, unless that was done before this process was forked, and hold them."""
    for code in LANGUAGES:
        # they are compiled for the language of who asks, by a name under which the site answers
        with app.test_request_context(f"/?lang={code}", base_url=app.extensions["settings"].base_url):
            templates.load(app, TEMPLATES)
