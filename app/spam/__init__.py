"""Judges that are handed a plain Submission and decide nothing."""
