"""Buy the missing answers, once."""
