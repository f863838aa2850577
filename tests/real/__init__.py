"""Comparisons against servers that people really run."""
