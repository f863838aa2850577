"""Models and volume: the options to compare, what each costs a month, and until when it runs."""

from decimal import Decimal

import streamlit as st

from advisor.case import Arm, ArmName
from advisor.llm.probe import probe
from advisor.method import load_method
from advisor.report.words import CELL_WORDS, OPTION_WORDS
from pages.ui import charts, session, show
from pricing.cost import Volume
from pricing.offers import PriceCells
from pricing.offers import offers as every_offer
from pricing.quotes import Quote, quote

OPTIONS: tuple[ArmName, ...] = ("base", "tuned")
CELLS: dict[ArmName, tuple[str, ...]] = {
    "base": ("input", "cached_input", "output", "hosting_per_hour", "replicas"),
    "tuned": (
        "input",
        "cached_input",
        "output",
        "training_per_1m",
        "training_tokens",
        "epochs",
        "training_per_hour",
        "training_hours",
        "min_fee",
        "hosting_per_hour",
        "hosting_hours_per_month",
        "replicas",
        "storage_per_month",
    ),
}
WHOLE = ("training_tokens", "epochs", "replicas")

st.title("Models and volume")
opened = show.require_case()
case = opened.case


def offers(arm: ArmName) -> list[str]:
    """What can be chosen for an option: base models, or every offer of the sheets."""
    if arm == "base":
        return [f"{m.provider}:{m.model}" for m in load_method(session.today()).base_models]
    return [offer.ref for offer in every_offer()]


def own_figures(arm: ArmName, now: PriceCells) -> PriceCells:
    """The reader's own figures; an empty field leaves the list price."""
    cells: dict[str, Decimal | int | None] = {}
    for cell in CELLS[arm]:
        value = getattr(now, cell)
        whole = cell in WHOLE
        entered = show.number(
            st,
            CELL_WORDS[cell],
            None if value is None else int(value) if whole else float(value),
            f"{opened.id}:{arm}:price:{cell}",
            min_value=0 if whole else 0.0,
            step=1 if whole else 0.01,
            format="%d" if whole else "%.4f",
            placeholder="as listed",
        )
        if entered is not None:
            cells[cell] = int(entered) if whole else Decimal(str(entered))
    kept = now.model_dump(exclude_none=True, exclude=set(CELLS[arm]))
    return PriceCells.model_validate({**kept, **cells})


def price_line(arm: ArmName, choice: str | None, own: PriceCells) -> Quote | None:
    """Price, source and stop date of the option chosen, each with its origin."""
    with show.expected_errors():
        found = quote(choice, own, "tuned" if arm == "tuned" else "base", session.today())
        show.quote_lines(found)
        return found
    return None


def ask_option(arm: ArmName) -> Arm:
    """One option: where it answers, what it is priced as."""
    now = case.arms.get(arm, Arm())
    st.markdown(f"**{OPTION_WORDS[arm]}**")
    options = list(dict.fromkeys([*filter(None, [now.offer]), *offers(arm)]))
    choice = st.selectbox(
        "Where you can buy it",
        options,
        index=None if now.offer is None else 0,
        format_func=show.offer_name,
        placeholder="Choose a price, or enter your own below",
        accept_new_options=True,
        key=f"{opened.id}:{arm}:offer",
    )
    with st.expander("Your own figures, such as a contract price"):
        own = own_figures(arm, now.price)
    if price_line(arm, choice, own) is None:
        choice = now.offer
    if now.recorded:
        show.note(f"Answers {case.recorded or 'recorded'} with {now.model}; they are replayed.")
        return now.model_copy(update={"offer": choice, "price": own})
    endpoint = st.text_input(
        "Model address",
        value=now.endpoint,
        placeholder="https://api.openai.com/v1",
        key=f"{opened.id}:{arm}:endpoint",
        help="The base URL of any OpenAI-compatible API: OpenAI, Azure, Together, vLLM, Ollama …",
    )
    model = st.text_input(
        "Model name",
        value=now.model,
        placeholder="ft:gpt-4.1-mini-2025-04-14:acme::9AbC1dEf" if arm == "tuned" else "gpt-6-luna",
        key=f"{opened.id}:{arm}:model",
    )
    key = st.text_input(
        "Key",
        type="password",
        key=f"{opened.id}:{arm}:key",
        autocomplete="off",
        help="Stays in this session's memory; it is never stored, logged or shared.",
    )
    if key:
        session.keys()[arm] = key
    if st.button(
        "Test this connection", key=f"{opened.id}:{arm}:test", disabled=not (endpoint and model)
    ):
        with show.expected_errors(), st.spinner("Asking for one word …"):
            probed = probe(endpoint, model, session.keys().get(arm))
            (st.success if probed.ok else st.error)(show.plain(probed.sentence))
    return now.model_copy(
        update={"offer": choice, "price": own, "endpoint": endpoint.strip(), "model": model.strip()}
    )


def ask_volume(now: Volume) -> Volume:
    """How much and for how long; what an analyst sets stands behind an expander."""
    many, months, growth = st.columns(3)
    requests = show.number(
        many,
        "Texts a month",
        now.requests_per_month,
        f"{opened.id}:v:requests",
        min_value=0,
        max_value=10**9,
        step=1000,
        placeholder="Leave open if you don't know",
    )
    horizon = months.number_input(
        "Months planned", 1, 120, now.horizon_months, key=f"{opened.id}:v:horizon"
    )
    percent = growth.number_input(
        "Growth, % a month",
        -99.0,
        1000.0,
        float(now.growth_per_month * 100),
        1.0,
        key=f"{opened.id}:v:growth",
    )
    with st.expander("For the analyst"):
        cached, batch, again = st.columns(3)
        cached_percent = cached.number_input(
            "Cached input, %",
            0.0,
            100.0,
            float(now.cached_share * 100),
            key=f"{opened.id}:v:cached",
        )
        batch_percent = batch.number_input(
            "In batches, %", 0.0, 100.0, float(now.batch_share * 100), key=f"{opened.id}:v:batch"
        )
        retrainings = again.number_input(
            "Retrainings a year",
            0.0,
            365.0,
            float(now.retrainings_per_year),
            1.0,
            key=f"{opened.id}:v:retrainings",
        )
    return now.model_copy(
        update={
            "requests_per_month": requests,
            "horizon_months": horizon,
            "growth_per_month": Decimal(str(percent)) / 100,
            "cached_share": Decimal(str(cached_percent)) / 100,
            "batch_share": Decimal(str(batch_percent)) / 100,
            "retrainings_per_year": Decimal(str(retrainings)),
        }
    )


money = st.container()
volume = ask_volume(case.volume)
columns = st.columns(2, gap="large")
arms = dict(case.arms)
for column, arm in zip(columns, OPTIONS, strict=True):
    with column.container(border=True):
        entered = ask_option(arm)
        if entered != arms.get(arm, Arm()):
            arms[arm] = entered
if arms != case.arms or volume != case.volume:
    opened = session.save(case.model_copy(update={"arms": arms, "volume": volume}))
    st.rerun()

with money, show.expected_errors():
    decision = session.decision()
    if decision is not None and decision.report.costs:
        figures = st.columns(len(decision.report.costs))
        for figure, row in zip(figures, decision.report.costs, strict=True):
            figure.metric(
                f"{row.option}, a month",
                row.all_in_month,
                help="Training, hosting, storage and use over all months of use, divided by them.",
            )
        st.markdown(show.plain(decision.report.cost_note))
        charts.cumulative_cost(decision.money.cost, decision.money.quotes)
show.steps(back="prompts", onward="compare")
