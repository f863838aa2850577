"""The form of one option: where it is bought, at whose price, and where it answers."""

from decimal import Decimal
from typing import Literal

import streamlit as st

from advisor.case.case import Case
from advisor.case.endpoints import profile_of, profiles
from advisor.case.options import BASE_ARMS, Arm, ArmName
from advisor.host.endpoints import address_of, host_addresses
from advisor.report.labels import CELL_WORDS, OPTION_WORDS
from advisor.report.left import plain_warning
from advisor.verdict.base_models import bases_on
from advisor.verdict.bounds import ruled_out, sites_of
from pages.ui import errors, keys, markdown, session, widgets
from pages.ui.models import asked_once, price_lines
from pages.ui.models.address import ask as ask_address
from pages.ui.models.address import ask_model, wants_key
from pricing.cells import CELLS
from pricing.lifecycle import access
from pricing.offers import PriceCells
from pricing.offers import offers as every_offer
from pricing.quotes import quote

TOKEN_CELLS = ("input", "cached_input", "output", "batch_input", "batch_output")
HOSTING_CELLS = ("hosting_per_hour", "hosting_hours_per_month", "replicas", "storage_per_month")
TRAINING_CELLS = (
    "training_per_1m",
    "training_tokens",
    "epochs",
    "training_per_hour",
    "training_hours",
    "min_fee",
)
WHOLE = {cell.name for cell in CELLS if cell.whole}


def ask(case: Case, form: str, arm: ArmName) -> Arm:
    """One option as the reader has it now; a price that can't be read leaves the saved one."""
    now = case.arms.get(arm, Arm())
    asked = _ask(case, now, form, arm)
    return _ask_where(case, now, asked, arm, f"{form}:{arm}")


def _ask_where(case: Case, now: Arm, asked: Arm, arm: ArmName, key: str) -> Arm:
    """A warning where the texts may not go, or a tick where nobody knows whether they may."""
    moved = (asked.offer, asked.endpoint) != (now.offer, now.endpoint)
    ticked = asked.where_confirmed and not moved
    asked = asked.model_copy(update={"where_confirmed": False})
    at = {arm: asked.at(host_addresses())}
    barred = ruled_out(case.brief, sites_of(case.model_copy(update={"arms": at}))).get(arm)
    if barred is None:
        return asked
    if barred.certain or not ticked:
        warning = plain_warning(case.brief, barred.reason, OPTION_WORDS[arm])
        st.warning(markdown.plain(warning), icon=":material/block:")
    if barred.certain:
        return asked
    confirmed = st.checkbox(
        "I have checked: texts sent to this option stay where they may go",
        value=ticked,
        key=f"{key}:where:{asked.offer}:{asked.endpoint}:{barred.reason}",
    )
    return asked.model_copy(update={"where_confirmed": confirmed})


def _ask(case: Case, now: Arm, form: str, arm: ArmName) -> Arm:
    key = f"{form}:{arm}"
    st.subheader(OPTION_WORDS[arm], anchor=False)
    choice = _ask_offer(arm, now, key)
    with st.expander("Your contract, or your own figures"):
        discount = widgets.number(
            st,
            "Off every list price, %",
            None if now.discount_percent is None else float(now.discount_percent),
            f"{key}:discount",
            min_value=0.0,
            max_value=100.0,
            step=1.0,
            placeholder="none",
        )
        own = _ask_cells(arm, now.price, key)
    bought = now.model_copy(update={"price": own, "discount_percent": _decimal(discount)})
    with errors.expected_errors():
        kind: Literal["base", "tuned"] = "tuned" if arm == "tuned" else "base"
        found = quote(choice, own, kind, session.today(), discount_percent=bought.discount_percent)
        price_lines.quote_lines(found)
        bought = bought.model_copy(update={"offer": choice})
    if now.recorded:
        markdown.note(f"Answers {case.recorded or 'recorded'} with {now.model}; they are replayed.")
        return bought
    if arm == "tuned" and not (now.offer or now.answers):
        markdown.note(
            "No fine-tuned model yet? That is the usual case: leave this open. The base model is "
            "tested as it is and, if you switch it on below, with five of your approved examples; "
            "the Verdict says how much room is left, and what a pilot costs once you have said how "
            "many approved answers there are."
        )
    return _ask_address(bought, arm, key)


def _ask_offer(arm: ArmName, now: Arm, key: str) -> str | None:
    if arm == "tuned":
        today = session.today()
        listed = [o.ref for o in every_offer() if access(o, today).days_left.tuned_model != 0]
    else:
        listed = [base.ref for base in bases_on(session.today())]
    return st.selectbox(
        "Where you can buy it",
        list(dict.fromkeys([*filter(None, [now.offer]), *listed])),
        index=None if now.offer is None else 0,
        format_func=price_lines.offer_name,
        placeholder="Choose a price, or enter your own below",
        accept_new_options=arm != "tuned",  # every offer to tune is listed
        key=f"{key}:offer",
        help="Every offer of the Prices page whose models still answer. If yours is not there, enter "
        "your own figures below."
        if arm == "tuned"
        else "For a base model that is not listed, type provider:model, as in openai:gpt-6-luna.",
    )


def _ask_cells(arm: ArmName, now: PriceCells, key: str) -> PriceCells:
    """The reader's own figures; an empty field leaves the list price."""
    asked = (*TOKEN_CELLS, *HOSTING_CELLS, *(TRAINING_CELLS if arm == "tuned" else ()))
    cells = now.model_dump(exclude_none=True, exclude=set(asked))
    for cell in asked:
        value, whole = getattr(now, cell), cell in WHOLE
        least, most = PriceCells.bounds(cell)
        entered = widgets.number(
            st,
            CELL_WORDS[cell],
            None if value is None else int(value) if whole else float(value),
            f"{key}:price:{cell}",
            min_value=least if whole else float(least),
            max_value=most if whole else float(most),
            step=1 if whole else 0.01,
            format="%d" if whole else "%.4f",
            placeholder="as listed",
        )
        if entered is not None:
            cells[cell] = int(entered) if whole else _decimal(entered)
    return PriceCells.model_validate(cells)


def _ask_address(now: Arm, arm: ArmName, key: str) -> Arm:
    tip = "The base URL of any OpenAI-compatible API:\n\n" + "\n".join(
        f"- {p.name}: `{p.address}`" for p in profiles() if p.hosts or p.ports
    )
    endpoint = ask_address(st, "Model address", now.endpoint, f"{key}:endpoint", tip)
    own = wants_key(endpoint)
    if endpoint:
        fits = profile_of(address_of(endpoint))
        asks = {"needed": "It wants a key.", "optional": "A key is optional.", "ignored": ""}
        if not own:
            asks = dict.fromkeys(asks, "This server has its key.")
        markdown.note(f"{fits.name}. {asks[fits.key]} Model names: {markdown.plain(fits.models)}")
    like = "ft:gpt-4.1-mini-2025-04-14:acme::9AbC1dEf" if arm == "tuned" else "gpt-6-luna"
    model = ask_model(st, "Model name", now.model, endpoint, f"{key}:model", like)
    keys.ask(st, "Key", BASE_ARMS if arm == "base" else (arm,), endpoint, f"{key}:key")
    with st.expander("For the analyst"):
        multiplier = widgets.number(
            st,
            "Billed units over written ones, where the model reasons first",
            None if now.reasoning_multiplier is None else float(now.reasoning_multiplier),
            f"{key}:reasoning",
            min_value=1.0,
            max_value=1000.0,
            step=0.5,
            placeholder="1, or as measured",
            help="Reasoning tokens are billed as output. A run measures them; before one, say it.",
        )
    of = Arm(endpoint=endpoint, model=model)
    test, can = ("Test this connection", f"{key}:test"), ("Find out what it can do", f"{key}:can")
    asked_once.ask(*test, of, arm, asked_once.connection, waiting="Asking for one word …")
    waiting = "Asking, for 15 seconds at most …"
    asked_once.ask(*can, of, arm, asked_once.abilities, waiting=waiting, quiet=True)
    return now.model_copy(
        update={
            "endpoint": endpoint,
            "model": model,
            "reasoning_multiplier": _decimal(multiplier),
        }
    )


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
