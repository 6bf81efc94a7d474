"""What rooms above know of a report, for its owner."""

from app.kit.notes import Note, Notes
from app.reports.models import Report

NOTES: Notes[Report, Note[Report]] = Notes("report_notes")
