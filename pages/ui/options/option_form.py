"""The form of one option: where it is bought, where it answers, and with which instruction."""

from typing import Literal

import streamlit as st

from advisor.case.case import Case
from advisor.case.endpoints import profile_of, profiles
from advisor.case.options import BASE_ARMS, Arm, ArmName
from advisor.host.endpoints import address_of, host_addresses
from advisor.report.labels import OPTION_WORDS
from advisor.report.left import plain_warning
from advisor.verdict.base_models import bases_on
from advisor.verdict.bounds import ruled_out, sites_of
from pages.ui import errors, keys, markdown, session
from pages.ui.options import asked_once, price_lines
from pages.ui.options.address import ask as ask_address
from pages.ui.options.address import ask_model, wants_key
from pricing.lifecycle import access
from pricing.offers import offers as every_offer
from pricing.quotes import quote
from pricing.tokens import count_tokens


def ask(case: Case, form: str, arm: ArmName) -> Arm:
    """One option as the reader has it now; a price that can't be read leaves the saved one."""
    now = case.arms.get(arm, Arm())
    asked = _ask(case, now, form, arm)
    instruction = _ask_instruction(asked, arm, f"{form}:{arm}")
    asked = asked.model_copy(update={"system_prompt": instruction})
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
    bought = now
    choice = _ask_offer(arm, now, key)
    with errors.expected_errors():
        kind: Literal["base", "tuned"] = "tuned" if arm == "tuned" else "base"
        price_lines.quote_lines(
            quote(choice, now.price, kind, session.today(), discount_percent=now.discount_percent)
        )
        bought = now.model_copy(update={"offer": choice})
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
        placeholder="Choose a price, or enter your own on Costs",
        accept_new_options=arm != "tuned",  # every offer to tune is listed
        key=f"{key}:offer",
        help="Every offer of the Prices page whose models still answer. If yours is not there, enter "
        "your own figures on Costs."
        if arm == "tuned"
        else "For a base model that is not listed, type provider:model, as in openai:gpt-6-luna.",
    )


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
    of = Arm(endpoint=endpoint, model=model)
    test, can = ("Test this connection", f"{key}:test"), ("Find out what it can do", f"{key}:can")
    asked_once.ask(*test, of, arm, asked_once.connection, waiting="Asking for one word …")
    waiting = "Asking, for 15 seconds at most …"
    asked_once.ask(*can, of, arm, asked_once.abilities, waiting=waiting, quiet=True)
    return now.model_copy(update={"endpoint": endpoint, "model": model})


def _ask_instruction(now: Arm, arm: ArmName, key: str) -> str:
    text = st.text_area(
        f"{OPTION_WORDS[arm]}: instruction",
        value=now.system_prompt,
        height=160,
        key=f"{key}:system",
        help="The system prompt, sent before each text. May stay empty. A fine-tuned model usually "
        "needs a shorter one; each option is measured and priced with its own.",
    )
    markdown.note(f"{count_tokens(text, now.model):,} units billed, with each text")
    return text
