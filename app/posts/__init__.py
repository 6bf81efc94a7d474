"""The shelf of Markdown posts."""
