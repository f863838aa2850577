"""A training file, before anything is paid for."""
