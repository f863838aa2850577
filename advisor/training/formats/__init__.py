"""Formats of training files: each read into OpenAI's chat shape, and written from it."""

from advisor.training.formats.model import FileKind, Form, TrainingRow, WrongLine
from advisor.training.formats.told import read_row

__all__ = ["FileKind", "Form", "TrainingRow", "WrongLine", "read_row"]
