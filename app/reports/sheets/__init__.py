"""Reads the answers of a form from the CSV file that a spreadsheet or Google Forms wrote."""

from app.reports.sheets.dates import DateOrder
from app.reports.sheets.errors import DateOrderNeeded, UnreadableFile, UnreadableMapping
from app.reports.sheets.mapping import Mapping
from app.reports.sheets.rows import Row, read

__all__ = [
    "DateOrder",
    "DateOrderNeeded",
    "Mapping",
    "Row",
    "UnreadableFile",
    "UnreadableMapping",
    "read",
]
