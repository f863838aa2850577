"""What a model that prefers one of two answers is asked, and what its replies say."""
