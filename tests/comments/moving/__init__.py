"""Comments that move in from other software, and out again."""
