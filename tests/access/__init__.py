"""Who may do what: every route asked by every role about everything that can lie behind it."""
