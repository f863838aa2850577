"""Sensitivity: every single input of a verdict, and the facts with another value in its place."""

from advisor.verdict.sensitivity.answers import choices
from advisor.verdict.sensitivity.model import ChoiceLever, Input, Lever, NumberLever, Value
from advisor.verdict.sensitivity.numbers import dials

__all__ = ["ChoiceLever", "Input", "Lever", "NumberLever", "Value", "choices", "dials"]
