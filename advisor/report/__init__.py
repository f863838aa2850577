"""The decision in words, once."""
