"""`flask reports …`."""

from flask.cli import AppGroup

reports = AppGroup("reports", help="Importing and exporting reports.")
