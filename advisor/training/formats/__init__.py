"""Formats of training files: each read into OpenAI's chat shape, and written from it."""

from advisor.training.formats.detect import read_row
from advisor.training.formats.model import FileKind, Form, TrainingRow, WrongLine

__all__ = ["FileKind", "Form", "TrainingRow", "WrongLine", "read_row"]
