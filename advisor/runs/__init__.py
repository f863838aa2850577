"""Comparison runs that never lose an answer and never buy one twice."""
