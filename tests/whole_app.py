"""Reading this reads the app, all of it, its templates, and the places of the country meant where nobody says which."""

import gc
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory

import app
from app.config import LANGUAGES, Settings
from app.places import gazetteer
from app.web import templates

BEGIN = ("app.migrations", "app.site.worker")  # to read one of them is to begin its work


def _compile_templates() -> None:
    """What an app compiles is kept for whichever other app of this process, and of those forked from it, asks."""
    with TemporaryDirectory() as folder:
        made = app.create_app(Settings.load({"EINZELFALL_INSTANCE": folder, "EINZELFALL_POSTS": folder}))
        for code in LANGUAGES:
            with made.test_request_context(f"/?lang={code}"):
                templates.load(made, [name for name in made.jinja_env.list_templates() if Path(name).suffix == ".html"])
        app.close_app(made)


for _module in walk_packages(app.__path__, "app."):
    if not _module.name.startswith(BEGIN):
        import_module(_module.name)
gazetteer("de")
_compile_templates()
gc.collect()
gc.freeze()
