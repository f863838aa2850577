"""Method page: how a verdict is made, base against fine-tuned, prices and access in general."""

from collections.abc import Iterable

import streamlit as st

from advisor.report import library
from advisor.report import method as about
from advisor.report.measures import every_measure
from advisor.verdict.rules import load_rules
from advisor.words import chance
from pages.ui import markdown, session, widgets
from pricing.clocks import clocks
from pricing.offers import load_providers

TITLE = "Method"
PLACE = 3

CALL = """\
from openai import OpenAI

client = OpenAI()  # reads the key from OPENAI_API_KEY

answer = client.chat.completions.create(
    # A base model goes by its name, for example "gpt-6-luna".
    # A fine-tuned one: ft:<base snapshot>:<org>:<suffix>:<id>
    model="ft:gpt-4.1-mini-2025-04-14:acme:legal:9AbC1dEf",
    messages=[
        {"role": "system", "content": "Summarise the letter in three sentences."},
        {"role": "user", "content": "Dear Sir or Madam, ..."},
    ],
)
print(answer.choices[0].message.content)
"""

GO = ":material/arrow_forward:"
SIDES = ("base", "fine-tuned")


def links(sources: Iterable[about.MethodSource]) -> str:
    """Sources as links, each with the day it was read."""
    words = []
    for source in sources:
        label = markdown.plain(source.label)
        link = f"[{label}](<{source.url}>)" if source.url else label
        words.append(f"{link}, read {source.read}" if source.read else link)
    return " · ".join(words)


def bullets(statements: Iterable[about.Statement]) -> None:
    """Statements as a list, each with its sources."""
    lines = []
    for statement in statements:
        found = f" :small[{links(statement.sources)}]" if statement.sources else ""
        lines.append(f"- {markdown.plain(statement.text)}{found}")
    st.markdown("\n".join(lines))


def plain_bullets(statements: Iterable[about.Statement]) -> None:
    """Statements as a list, and under it the sources of all."""
    kept = list(statements)
    st.markdown("\n".join(f"- {markdown.plain(statement.text)}" for statement in kept))
    sources_line(about.all_sources(statement.sources for statement in kept))


def sources_line(sources: Iterable[about.MethodSource]) -> None:
    st.markdown(f":small[Sources: {links(sources)}]")


def table(columns: dict[str, list[str]], alt: str) -> None:
    """A table to read, not to sort."""
    st.table(columns, border="horizontal", hide_index=True, hide_header=False, alt=alt)


def plain(texts: Iterable[str]) -> list[str]:
    return [markdown.plain(text) for text in texts]


def bold(texts: Iterable[str]) -> list[str]:
    return [f"**{text}**" for text in plain(texts)]


def call() -> None:
    """How a program asks a model, in a few lines."""
    st.code(CALL, language=None)  # the highlighter's colours fail AA


def ids() -> None:
    """The id of a tuned model at each provider that names its form."""
    for provider in load_providers().values():
        if provider.id_form:
            st.markdown(f"**{markdown.plain(provider.name)}**")
            st.code(provider.id_form, language=None, wrap_lines=True)


def prices(rows: list[library.ModelRow]) -> dict[str, list[str]]:
    """What an answer of each model costs; three columns, as more run past a phone."""
    return {
        "Model": bold(row.name for row in rows),
        "In and out, per 1M": plain(row.price for row in rows),
        "Free tier": plain(row.free_tier for row in rows),
    }


def fitness(rows: list[library.ModelRow]) -> dict[str, list[str]]:
    """What each model can take, and what it is best for."""
    return {
        "Model": bold(row.name for row in rows),
        "Context window; longest answer": [
            "; ".join(dict.fromkeys((row.context_window, row.max_output))) for row in rows
        ],
        "Best for, and speed": plain(f"{row.best_for} {row.speed}." for row in rows),
    }


today = session.today()
method = about.load_method(today)
rules = load_rules()
likely = rules.likelihood

st.title(TITLE)
st.markdown(
    "How a verdict is made, what a base and a fine-tuned model are good for, and what they cost. "
    "Every figure has its source and the day it was read."
)
st.markdown(
    "- **Base model:** a general model as it is sold, steered by an instruction.\n"
    "- **Fine-tuned model:** a base model trained further on your approved answers.\n"
    "- **Token:** the unit of text that is billed, about three quarters of an English word. "
    "A page of text is some 600 tokens; prices are given per 1 million (1M)."
)

st.markdown(
    "On this page: [How the verdict is made](#verdict) · [What is measured](#measures) · "
    "[Key differences](#differences) · [When to use each](#when) · [Models compared](#models) · "
    "[Pricing and access](#access) · [How long one can still tune](#dates) · "
    "[Often quoted, and wrong](#wrong)"
)

st.header("How the verdict is made", anchor="verdict")
st.markdown(
    "\n".join(
        f"{number}. **{markdown.plain(step.name)}.** {markdown.plain(step.text)}"
        for number, step in enumerate(method.steps, 1)
    )
)

st.subheader("What stops fine-tuning")
st.markdown("Any one of these makes the answer base, whatever the rest says.")
plain_bullets(method.stoppers)

st.subheader("Which rule gives the verdict")
st.markdown("They are asked from the top, and the first that fits is taken.")
table(
    {
        "Rule": [str(number) for number in range(1, len(method.verdicts) + 1)],
        "If": plain(row.when for row in method.verdicts),
        "The card says": bold(row.card for row in method.verdicts),
        "How firmly": plain(row.firmness for row in method.verdicts),
    },
    "The rules of the verdict, in order",
)

with st.expander("For the analyst: weights and thresholds"):
    st.markdown(
        "**The weights are judgement, ordered by the published evidence. They are not fitted to "
        "data.** Each answer counts from −1 (for base) to +1 (for fine-tuned); an answer you skip "
        "counts 0. Weight times signal, added up, is the leaning: −100 to +100."
    )
    table(
        {
            "What counts": plain(row.name for row in method.weights),
            "Weight": [f"{row.points:g}" for row in method.weights],
            "Why": plain(row.why for row in method.weights),
        },
        "Weights of the leaning",
    )
    st.markdown(
        f"- **From the leaning to a chance:** before a test, 1 / (1 + exp(−{likely.slope:g} × "
        "leaning)) that fine-tuning is the right call. The slope is taken from published "
        "comparisons. There the leaning pointed the right way in 53 % at 0 to 10 points, 72 % at "
        "20 to 40, 97 % at 40 to 60.\n"
        "- **What a test makes of it:** the odds are multiplied by the odds that more than half of "
        f"all clear choices go to fine-tuned. It starts from {likely.prior:g} choices on either "
        "side, as most differences are small. Shared words, and a winner that may have won by its "
        "length, move nothing.\n"
        f"- **When the chance is acted on:** leaning from {chance(likely.leaning)}, likely from "
        f"{chance(likely.likely)}, on either side; never against a side the test itself clearly "
        f"took. Too close to call while fine-tuned costs {likely.much_dearer_times:g} times and "
        f"${likely.much_dearer_usd:g} a month more and no test has decided.\n"
        "- **When something else is tried first:** no instruction or no examples were tried, what "
        "you have is good enough, or you have fewer than "
        f"{rules.try_first.pairs_below} approved answers. The same goes for "
        "facts that change faster than you train.\n"
        f"- **What cost counts:** nothing within ${rules.signals.cost.least_usd:g} a month or "
        f"between {rules.signals.cost.cheaper:g} and {rules.signals.cost.dearer:g} times; beyond "
        "that 1, and 1 more for each factor of ten, people's time included.\n"
        f"- **When a test decides:** at least {rules.evidence.scored} compared texts, and evidence "
        f"of {rules.evidence.e_needed:g} to 1 that stays valid however often you look (e-value). "
        "The likely range is clear of one half, and the side is the same when length is evened "
        f"out. Where a wrong answer is costly, it takes {rules.evidence.e_needed_high:g} to 1 and "
        f"{rules.evidence.human_checked} texts judged by people.\n"
        f"- **When a test shows no difference:** wins minus losses lie within "
        f"±{rules.evidence.no_difference:.0%} of all texts (equivalence test, TOST).\n"
        f"- **When costs count as equal:** within {rules.money.near:.0%}."
    )
    st.page_link("pages/library/matrix.py", label="What practice says about each use case", icon=GO)

st.header("What is measured", anchor="measures")
st.markdown(
    "People's votes count before any measure, and a judge's before it too. Where nobody votes, one "
    "main measure decides, named before the run; all others are only shown beside it. Where an "
    "empty or copied answer does well by a measure, that measure may not decide."
)
for heading, may_decide in (("May be the main measure", True), ("Shown beside it", False)):
    rows = [row for row in every_measure() if row.may_decide is may_decide]
    st.subheader(heading)
    table(
        {
            "Measure": bold(row.measure for row in rows),
            "What it says": plain(row.explains for row in rows),
            "It needs": plain(row.needs for row in rows),
        },
        f"{heading}: each measure, what it says in one sentence, and what it needs",
    )

st.header("Base and fine-tuned: the key differences", anchor="differences")
table(
    {
        "Aspect": bold(row.aspect for row in method.differences),
        "Base": plain(row.base for row in method.differences),
        "Fine-tuned": plain(row.tuned for row in method.differences),
    },
    "Base and fine-tuned models compared by specialization, performance, cost, speed, lifetime",
)
sources_line(about.all_sources(row.sources for row in method.differences))

st.header("When to use each", anchor="when")
for column, side, name in zip(st.columns(2, gap="large"), ("base", "tuned"), SIDES, strict=True):
    with column:
        st.subheader(f"Choose {name} when")
        plain_bullets(choice for choice in method.choices if choice.choose == side)

st.header("Models compared", anchor="models")
st.markdown(
    "A choice, not the market. Prices are list prices in USD per 1 million tokens. The context "
    "window is the most a model can take in and give back in one request, in tokens. No speed "
    "that can be compared is published: your own test measures it."
)
base_rows = library.compare_base(method, today)
st.subheader("Base models: what they cost")
table(prices(base_rows), "Base models with price and free tier")
st.subheader("Base models: until when")
table(
    {
        "Model": bold(row.name for row in base_rows),
        "Stops on": plain(row.stops for row in base_rows),
    },
    "Base models with the day they stop",
)
st.subheader("Base models: what they are for")
table(fitness(base_rows), "Base models with context window, longest answer, best use and speed")
tuned_rows = library.compare_tuned(method, today)
st.subheader("Fine-tuned models: what an answer costs")
table(prices(tuned_rows), "Fine-tuned models with price and free tier")
st.subheader("Fine-tuned models: what training and keeping them cost")
table(
    {
        "Model": bold(row.name for row in tuned_rows),
        "Training": plain(row.training for row in tuned_rows),
        "Keeping it": plain(row.hosting for row in tuned_rows),
    },
    "Fine-tuned models with the cost of training and hosting",
)
st.subheader("Fine-tuned models: who may tune them, and until when")
table(
    {
        "Model": bold(row.name for row in tuned_rows),
        "New customers": plain(row.newcomers for row in tuned_rows),
        "Stops on": plain(row.stops for row in tuned_rows),
    },
    "Fine-tuned models with access for new customers and stop date",
)
st.subheader("Fine-tuned models: what they are for")
table(
    fitness(tuned_rows),
    "Fine-tuned models with context window, longest answer, best use and speed",
)
st.page_link("pages/library/prices.py", label="All offers, with dates and sources", icon=GO)
with st.expander("Sources of these figures"):
    st.markdown(
        "\n".join(
            f"- **{markdown.plain(row.name)}:** {links(row.sources)}"
            for row in base_rows + tuned_rows
        )
    )

st.header("Pricing and access", anchor="access")
st.subheader("What is free")
bullets(method.free)
st.subheader("What is paid")
st.markdown(
    "\n".join(
        f"- **{markdown.plain(row.name)}.** {markdown.plain(row.text)} :small[{links(row.sources)}]"
        for row in method.paid
    )
)
st.subheader("How a program calls a model")
st.markdown(
    "Every model has an id. A base and a fine-tuned model are called the same way: only the id "
    "changes, and the instruction, which is often shorter for a fine-tuned one."
)
# Drawn when opened: whatever shows code has the browser load 1.5 MB that highlight it.
widgets.fold("An example in Python", "fold:call", call)
widgets.fold("How the id of a tuned model looks at each provider", "fold:ids", ids)

st.header("How long one can still tune", anchor="dates")
bullets(method.dates)
ending = clocks(today)
table(
    {
        "Where, and what is tuned": [
            f"**{markdown.plain(row.provider)}:** {markdown.plain(', '.join(row.models))}"
            for row in ending
        ],
        "New customers": [
            f"Closed since {about.day(row.closed_to_new_since)}"
            if row.closed_to_new_since
            else "Open"
            for row in ending
        ],
        "Last day to train": [
            about.day(row.training_closes_on) if row.training_closes_on else about.NOT_FOUND
            for row in ending
        ],
        "Tuned model stops": [
            f"{about.day(row.tuned_stops_on)}, in {row.days_left:,} days"
            if row.tuned_stops_on
            else about.NOT_FOUND
            for row in ending
        ],
    },
    "Dates on which training closes and tuned models stop",
)
st.markdown(
    ":small[Offers without a published date are not in this table; the Prices page has them all.]"
)

st.header("Often quoted, and wrong", anchor="wrong")
for row in method.corrections:
    with st.container(border=True):
        st.markdown(f"“{markdown.plain(row.claim)}”")
        st.markdown(f"**True:** {markdown.plain(row.truth)}  \n:small[{links(row.sources)}]")
