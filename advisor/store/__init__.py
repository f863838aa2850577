"""The database: cases, runs, outputs, votes, shared copies, backup."""
