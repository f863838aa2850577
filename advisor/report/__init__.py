"""A verdict in the reader's words, and its PDF."""
