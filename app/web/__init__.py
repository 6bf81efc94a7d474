"""What every page has in common: language, headers, guard, errors, the way a form is answered."""
