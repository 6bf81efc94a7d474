"""The words of the site. English is the source; German stands beside it."""
