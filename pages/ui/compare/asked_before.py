"""What is asked before a run, so that nobody can say it was chosen afterwards."""

import streamlit as st

from advisor.case.case import Case
from advisor.evidence.planning import texts_to_show_no_difference
from advisor.evidence.weigh import margin_of
from advisor.verdict.rules import load_rules
from advisor.words import count
from pages.ui import markdown, session, widgets

TOGETHER = "Do several of these texts come from one document, customer or thread?"


def _save(case: Case, **answers: object) -> None:
    brief = case.brief.model_copy(update=answers)
    if brief != case.brief:
        session.save(case.model_copy(update={"brief": brief}), entered=True)
        st.rerun()


def ask_together(case: Case, form: str) -> None:
    """Whether texts belong together; nothing is decided until it is known. Their cases say it."""
    if case.cases is not None:
        return
    said = {True: "Yes", False: "No, each stands alone"}
    chosen = st.pills(
        TOGETHER,
        list(said),
        format_func=said.__getitem__,
        default=case.brief.together,
        key=f"{form}:together",
        help="Texts of one case tend to go the same way, so they count once. Until this is "
        "answered, nothing is decided.",
        wrap=True,
    )
    if chosen:
        markdown.note(
            "Say on Texts which case each belongs to: a column “case” does it. Until then nothing "
            "is decided."
        )
    _save(case, together=chosen)


def ask_margin_and_target(case: Case, form: str) -> None:
    """How large a difference is worth paying for, and how many answers must be good enough."""
    rules, brief = load_rules().evidence, case.brief
    offered = margin_of(brief, rules)
    worth, enough = st.columns(2)
    margin = widgets.number(
        worth,
        "Out of 100 texts, how many more good answers would make it worth paying for?",
        round(offered * 100),
        f"{form}:margin",
        min_value=1,
        max_value=99,
        step=1,
        help="Two options closer than this count as level, and the cost decides.",
    )
    target = widgets.number(
        enough,
        "What share must be good enough to send as it is, in %?",
        round(brief.target_as_is * 100),
        f"{form}:target",
        min_value=1,
        max_value=99,
        step=1,
        help="Where the base model reaches it, there is nothing left to gain.",
    )
    given = offered if margin is None else float(margin) / 100
    takes = texts_to_show_no_difference(given, rules.power, rules.alpha)
    markdown.note(
        f"To show that two options are level within that takes about {count(takes, 'text')}."
    )
    _save(
        case,
        margin=brief.margin if abs(given - offered) < 1e-9 else given,
        target_as_is=brief.target_as_is if target is None else float(target) / 100,
    )


def ask_seconds(case: Case, form: str) -> None:
    """Within what time an answer must come; an option that takes longer is ruled out."""
    with st.container(width=420):
        limit = widgets.number(
            st,
            "An answer must come within so many seconds for 95 of 100 texts",
            case.brief.seconds_at_most,
            f"{form}:seconds",
            min_value=0.1,
            max_value=86_400.0,
            step=1.0,
            format="%.1f",
            placeholder="any time",
            help="Measured while the run asks for several answers at once; the report says how "
            "many. An option that is too slow is ruled out; it takes about 60 texts to show that "
            "one is fast enough.",
        )
    _save(case, seconds_at_most=None if limit is None else float(limit))
