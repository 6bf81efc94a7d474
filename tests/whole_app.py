"""Reading this reads the app, all of it, and the places of the country that is meant where nobody says which."""

import gc
from importlib import import_module
from pkgutil import walk_packages

import app
from app.places import gazetteer

BEGIN = ("app.migrations", "app.site.worker")  # to read one of them is to begin its work

for _module in walk_packages(app.__path__, "app."):
    if not _module.name.startswith(BEGIN):
        import_module(_module.name)
gazetteer("de")
gc.collect()
gc.freeze()
