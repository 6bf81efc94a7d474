"""`flask demo load`."""

from flask.cli import AppGroup

demo = AppGroup("demo", help="The campaign of November 2011, to look at.")
