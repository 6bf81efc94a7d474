"""The campaign of November 2011 as an instance to look at."""
