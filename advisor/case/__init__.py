"""What the reader asks and brings: brief, texts, options, checks, and the case file."""
