"""Exports of the tools that engineers use, recognised by their shape and read without a question."""

from advisor.case.reading.exports.export import Export
from advisor.case.reading.exports.known import recognised, tool_of, whole_export

__all__ = ["Export", "recognised", "tool_of", "whole_export"]
