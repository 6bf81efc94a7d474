"""What can fail fails here, for real, on a real site, while people write and read; nothing acknowledged may be lost."""
