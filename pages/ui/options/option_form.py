"""The form of one option: its name, where it is bought, where it answers, and how it is asked."""

import streamlit as st

from advisor.case.case import Case
from advisor.case.endpoints import profile_of, profiles
from advisor.case.options import LONGEST_LABEL, Arm, Kind, OptionId
from advisor.case.variants import leader_of, own_fields, turns
from advisor.host.endpoints import address_of
from advisor.verdict.base_models import bases_on
from advisor.words import count
from pages.ui import errors, keys, markdown, session
from pages.ui.options import asked_once, parameters_form, price_lines
from pages.ui.options.address import ask as ask_address
from pages.ui.options.address import ask_model, wants_key
from pricing.lifecycle import access
from pricing.offers import offers as every_offer
from pricing.quotes import quote


def ask(case: Case, form: str, option: OptionId) -> Arm:
    """One option as the reader has it now; a price that can't be read leaves the saved one."""
    now, key = case.arms[option], f"{form}:{option}"
    asked = now.model_copy(update={"label": _ask_name(case, option, now, key)})
    leader = leader_of(case, option)
    if leader is None:
        asked = _ask_model(case, asked, option, key)
    else:
        markdown.note(markdown.plain(f"Same model, address and price as {case.name_of(leader)}."))
    variant = case.variant_of(option)
    if variant == "examples":
        _show_examples(case)
    elif variant == "passages":
        _count_passages(case)
    own = own_fields(now, option) if leader is not None else Arm.model_fields.keys()
    if "system_prompt" not in own:
        return asked
    with st.expander("More: instruction and parameters"):
        told = parameters_form.ask_instruction(asked, f"{case.name_of(option)}: instruction", key)
        asked = asked.model_copy(update={"system_prompt": told})
        if "parameters" in own and not now.recorded:
            sent = parameters_form.ask_parameters(now.parameters, case.run, key)
            asked = asked.model_copy(update={"parameters": sent})
    return asked


def _ask_name(case: Case, option: OptionId, now: Arm, key: str) -> str:
    unnamed = case.put(option, now.model_copy(update={"label": ""}))
    entered = st.text_input(
        "Name",
        value=now.label,
        max_chars=LONGEST_LABEL,
        placeholder=unnamed.name_of(option),
        key=f"{key}:label",
        help="As it stands in every table and in the PDF.",
    )
    return entered.strip()


def _ask_model(case: Case, now: Arm, option: OptionId, key: str) -> Arm:
    kind = case.kind_of(option)
    choice = _ask_offer(kind, now, key)
    asked = now
    with errors.expected_errors():
        price_lines.quote_lines(
            quote(choice, now.price, kind, session.today(), discount_percent=now.discount_percent)
        )
        asked = now.model_copy(update={"offer": choice})
    if now.given:
        markdown.note("Its answers came with your texts, so no model is asked.")
        return asked
    if now.recorded:
        markdown.note(f"Answers {case.recorded or 'recorded'} with {now.model}; they are replayed.")
        return asked
    return _ask_address(case, asked, option, key)


def _ask_offer(kind: Kind, now: Arm, key: str) -> str | None:
    if kind == "tuned":
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
        accept_new_options=kind != "tuned",  # every offer to tune is listed
        key=f"{key}:offer",
        help="Every offer of the Prices page whose models still answer. If yours is not there, enter "
        "your own figures on Costs."
        if kind == "tuned"
        else "For a base model that is not listed, type provider:model, as in openai:gpt-6-luna.",
    )


def _ask_address(case: Case, now: Arm, option: OptionId, key: str) -> Arm:
    tip = "The base URL of any OpenAI-compatible API:\n\n" + "\n".join(
        f"- {p.name}: `{p.address}`" for p in profiles() if p.hosts or p.ports
    )
    where, what = st.columns(2)
    endpoint = ask_address(where, "Model address", now.endpoint, f"{key}:endpoint", tip)
    like = "ft:gpt-4.1-mini-2025-04-14:acme::9AbC1dEf"
    if case.kind_of(option) == "base":
        like = "gpt-6-luna"
    model = ask_model(what, "Model name", now.model, endpoint, f"{key}:model", like)
    if endpoint:
        fits = profile_of(address_of(endpoint))
        asks = {"needed": "It needs a key.", "optional": "Key optional.", "ignored": ""}
        if not wants_key(endpoint):
            asks = dict.fromkeys(asks, "This server has its key.")
        markdown.note(f"{fits.name}. {asks[fits.key]} Model names: {markdown.plain(fits.models)}")
    opened = session.current()
    of_case = opened.id if opened is not None else ""
    keys.ask(st, "Key", (option, *_led_by(case, option)), endpoint, f"key:{of_case}:{option}")
    of, can = Arm(endpoint=endpoint, model=model), f"can:{option}"
    waiting = "Asking, for 15 seconds at most …"
    asked_once.ask(
        "Check what this model supports",
        can,
        of,
        option,
        asked_once.abilities,
        waiting=waiting,
        quiet=True,
    )
    return now.model_copy(update={"endpoint": endpoint, "model": model})


def _led_by(case: Case, option: OptionId) -> list[OptionId]:
    return [other for other in case.options if leader_of(case, other) == option]


def _show_examples(case: Case) -> None:
    with st.popover(f"The {count(len(case.examples), 'example')}", type="tertiary"):
        for text, answer in turns(case):
            st.text(text)
            markdown.note("Approved answer")
            st.text(answer)
            st.divider()


def _count_passages(case: Case) -> None:
    have = sum(prompt.passages is not None for prompt in case.prompts)
    markdown.note(f"{have:,} of {count(len(case.prompts), 'text')} have passages.")
    if have < len(case.prompts) or not case.prompts:
        markdown.note("Paste what a look-up found for each text on Texts.")
