"""Why an option can't be recommended, in words: where the texts may go, how long answers take."""

from advisor.case.brief import Brief
from advisor.case.questions import clause
from advisor.verdict.bounds import RuledOut
from pricing.regions import within_a_sentence


def may_go_words(brief: Brief) -> str:
    """Where the texts may go, as a clause."""
    named = within_a_sentence(brief.regions or ())
    if brief.data_may_go == "region" and named:
        return named
    return clause("data_may_go", brief.data_may_go or "any_vendor")


def barred_reason(brief: Brief, found: RuledOut) -> str:
    """As a clause: "your texts may go to your own machines only, and not to OpenAI"."""
    if found.speed is not None:
        return (
            f"95 of 100 answers must come within {found.speed.limit_s:g} s, and "
            f"{found.speed.over:,} of its {found.speed.of:,} took longer"
        )
    name = found.site.name if found.site else ""
    rented = found.site is not None and found.site.kind == "rented"
    only = f"your texts may go to {may_go_words(brief)} only"
    match found.grounds:
        case "no_contract":
            return f"{only}, and {name} is none"
        case "vendor":
            return f"{only}, and not to {name}"
        case "unknown_host":
            return f"{only}, and whose machine {name} is is not known"
        case "perhaps_rented":
            return f"{only}, and it is priced as a rented one"
        case "no_region_said":
            return f"{only}, and which was not said"
        case "region_unknown":
            where = "a rented machine" if rented else name
            return f"{only}, and whether {where} keeps them there is not known"
        case _:
            return f"{only}, and {name}, as chosen here, keeps them elsewhere"
