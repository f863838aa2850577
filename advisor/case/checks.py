"""Checks: the reader's own rules for an answer, which some metrics hold it against."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from advisor.case.brief import Frozen

Term = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\w")]
"""Words in a row; other ways to say the same stand after a bar: "HbA1c | hemoglobin A1c"."""
Terms = Annotated[tuple[Term, ...], Field(max_length=500)]
Person = Literal["first", "second", "third"]
Tense = Literal["past", "present"]


class Glossary(Frozen):
    """House terms."""

    required: Terms = ()
    """Each answer should use each of these."""
    forbidden: Terms = ()

    def __bool__(self) -> bool:
        return bool(self.required or self.forbidden)


class Style(Frozen):
    """House style, as far as a program can tell; `person` and `tense` read English only."""

    banned: Terms = ()
    person: Person | None = None
    """first: says I or we. second: says you, never I. third: none of these."""
    tense: Tense | None = None
    """Of most forms of be, have and do, which is what a program can tell without a grammar."""
    longest_sentence: int | None = Field(default=None, ge=3, le=500)
    """Words in the longest sentence allowed."""

    def __bool__(self) -> bool:
        return bool(self.banned or self.person or self.tense or self.longest_sentence)


class Checks(Frozen):
    """The table `[checks]` of a case; what is left out is not checked."""

    must_have: Terms = ()
    """Facts that every answer should hold."""
    must_have_by_text: dict[str, Terms] = Field(default_factory=dict)
    """Facts that the answer to one text should hold, by its id."""
    labels: Terms = ()
    """All labels there are, for sorting and routing."""
    json_schema: str = Field(default="", max_length=100_000)
    """A JSON schema, as JSON."""
    pattern: str = Field(default="", max_length=1000)
    """A regular expression that the whole answer should fit."""
    glossary: Glossary = Glossary()
    style: Style = Style()

    @field_validator("json_schema", "pattern")
    @classmethod
    def _can_be_tried(cls, rule: str, field: ValidationInfo) -> str:
        from advisor.case.rule_sandbox import wrong_with  # only here: few cases have such a rule

        kind: Literal["json_schema", "pattern"]
        kind = "pattern" if field.field_name == "pattern" else "json_schema"
        if rule and (wrong := wrong_with(kind, rule)):
            raise ValueError(wrong)
        return rule

    def facts(self, prompt_id: str) -> tuple[str, ...]:
        """What the answer to this text should hold."""
        return self.must_have + self.must_have_by_text.get(prompt_id, ())
