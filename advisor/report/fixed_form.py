"""Why an enforced form of the answer is worth trying before tuning, in two sentences."""

from advisor.case.case import Case
from advisor.report.labels import in_a_sentence
from advisor.verdict.fixed_form import FixedForm, FormOf
from advisor.words import count, listed

_MOST_NAMED = 4
_HAVE: dict[FormOf, tuple[str, str]] = {
    "schema": ("Your checks ask for a fixed form", "field"),
    "fields": ("Your approved answers have a fixed form", "field"),
    "labels": ("Your answers are one of a few labels", "label"),
}


def why_fixed_form(form: FixedForm, case: Case) -> str:
    """What the form is taken from, and what trying it takes."""
    have, noun = _HAVE[form.taken_from]
    named = ""
    if form.fields:
        few = len(form.fields) <= _MOST_NAMED
        named = f" ({listed(form.fields) if few else count(len(form.fields), noun)})"
    base = in_a_sentence(case.name_of(form.of))
    return (
        f"{have}{named}. An enforced form gets the shape right without tuning: try {base} with it, "
        "at the same price."
    )
