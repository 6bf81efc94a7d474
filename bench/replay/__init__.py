"""November 2011 in fast motion against a freshly started site, and whether it lost, doubled or leaked anything."""
