"""The append-only log from which anyone can recount the campaign."""
