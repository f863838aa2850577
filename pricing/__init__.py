"""Prices, tokens, costs and dates of models. Imports nothing of `advisor` or `pages`."""
