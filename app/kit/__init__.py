"""Tools that know nothing of the subject."""
