"""Matrix page: what practice says about each use case, how sure one may be, and what turns it."""

import streamlit as st

from advisor.case.use_cases import Default, Strength, UseCase, load_matrix, use_case
from pages.ui import markdown, session, widgets

TITLE = "Matrix"
PLACE = 2

BADGE: dict[Default, tuple[str, widgets.Colour]] = {
    "base": ("Base", "blue"),
    "fine_tuned": ("Fine-tuned", "orange"),
    "mixed": ("Mixed", "gray"),
}
STRENGTH: dict[Strength, str] = {
    "strong": "Strong evidence",
    "moderate": "Moderate evidence",
    "weak": "Weak evidence",
    "judgement": "Judgement, no test found",
}
OTHER_SIDE: dict[Default, str] = {
    "base": "Choose fine-tuned instead if",
    "fine_tuned": "Choose base instead if",
    "mixed": "What decides",
}
matrix = load_matrix()
opened = session.current()
mine = use_case(opened.case.brief.use_case) if opened else None


def draw(row: UseCase) -> None:
    """One use case: default and statement beside what turns it, the sources behind a click."""
    word, color = BADGE[row.default]
    with st.container(border=True):
        says, turns = st.columns(2, gap="medium")
        with says:
            st.subheader(f"{row.number}. {markdown.plain(row.title)}", anchor=row.slug)
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.badge(word + (" + looking up" if row.retrieval else ""), color=color)
                st.markdown(f":small[{STRENGTH[row.strength]}]", width="content")
            st.markdown(markdown.plain(row.statement))
        with turns:
            lines = "\n".join(f"- {markdown.plain(flip.text)}" for flip in row.flips)
            st.markdown(f"**{OTHER_SIDE[row.default]}**\n\n{lines}")
        with st.expander("Why does it say so"):
            if row.strength_note:
                st.markdown(markdown.plain(row.strength_note))
            st.markdown(sources(row))


def sources(row: UseCase) -> str:
    """Citations as a list of links."""
    cited = (matrix.sources[number] for number in row.sources)
    lines = [
        f"- [{markdown.plain(source.citation)}](<{source.url}>)"
        if source.url
        else f"- {markdown.plain(source.citation)}"
        for source in cited
    ]
    return "\n".join(lines) or "- No published test found: this is judgement."


def matches(row: UseCase, wanted: str) -> bool:
    """Whether every word asked for stands somewhere in the row."""
    text = " ".join((row.title, row.label, row.statement, *(flip.text for flip in row.flips)))
    return all(word in text.lower() for word in wanted.lower().split())


st.title(TITLE)
st.markdown(
    f"What practice says about {len(matrix.use_cases)} use cases. Each default is a starting "
    "point, drawn from published tests; your answers and your own test take precedence."
)
with st.expander("What the words mean"):
    st.markdown(
        "- **Base:** a general model as it is sold, steered by an instruction.\n"
        "- **Fine-tuned:** a base model trained further on answers you approved.\n"
        "- **Mixed:** neither is the rule; it depends on the condition named.\n"
        "- **Looking up:** the model is handed the right passages of your documents (retrieval).\n"
        "- **Raw model:** one that was never taught to chat or to follow instructions.\n"
        "- **Schema:** fixed fields, each with its kind, that another system reads.\n"
        "- **Pair:** a text and the answer you would send.\n"
        "- **Strong evidence:** several independent studies with numbers agree. **Moderate:** one "
        "good study, or several that agree only under conditions. **Weak:** a vendor's figures, "
        "one small test, or practice. **Judgement:** no published test was found."
    )

if mine is not None:
    st.header("Your use case")
    draw(mine)
    st.page_link(
        "pages/steps/use_case.py", label="Change the use case", icon=":material/arrow_back:"
    )

st.header("All use cases" if mine is None else "All other use cases")
wanted = st.text_input(
    "Search use cases",
    type="search",
    key="matrix_search",
    persist_state="session",
    placeholder="e.g. summary, voice, code",
)
default = st.segmented_control(
    "Default",
    ["all", *BADGE],
    format_func=lambda value: "All" if value == "all" else BADGE[value][0],
    default="all",
    required=True,
    key="matrix_default",
    persist_state="session",
    wrap=True,
)
rows = [
    row
    for row in matrix.use_cases
    if row != mine and (default in ("all", row.default)) and matches(row, wanted)
]
st.markdown(f":small[{len(rows)} use cases]", width="content")
if not rows:
    st.info("No use case fits. Clear the search, or choose All.", icon=":material/search_off:")
for row in rows:
    draw(row)
