"""Outputs in, evidence out."""
