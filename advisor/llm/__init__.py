"""Talking to OpenAI-compatible endpoints; the only package that imports `openai`."""
