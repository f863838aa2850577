"""Formats of training files: each read into OpenAI's chat shape, and written from it."""

from advisor.training.formats.model import Form, Kind, Row, WrongLine
from advisor.training.formats.told import read_row

__all__ = ["Form", "Kind", "Row", "WrongLine", "read_row"]
