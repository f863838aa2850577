"""The PDF of a report, typeset by Typst."""
