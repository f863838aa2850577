"""Levers: every single input of a verdict, and the ground with another value in its place."""

from advisor.levers.answers import choices
from advisor.levers.model import Choice, Dial, Lever, Value
from advisor.levers.numbers import dials

__all__ = ["Choice", "Dial", "Lever", "Value", "choices", "dials"]
