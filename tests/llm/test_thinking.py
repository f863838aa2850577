"""Reasoning told from the answer, whole and in pieces of any size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.llm.kinds import kinds
from advisor.llm.thinking import Parted, Splitter, part

HARMONY = (
    "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant"
    "<|channel|>final<|message|>Yes.<|return|>"
)


@pytest.mark.parametrize(
    ("text", "answer", "reasoning"),
    [
        pytest.param("Yes.", "Yes.", "", id="no reasoning"),
        pytest.param(" Yes. \n", " Yes. \n", "", id="kept to the blank"),
        pytest.param("<think>Hm.</think>Yes.", "Yes.", "Hm.", id="think"),
        pytest.param("\n<THINK>\nHm.\n</Think>\n\nYes.", "Yes.", "Hm.", id="any case, blanks"),
        pytest.param("<thinking>Hm.</thinking>Yes.", "Yes.", "Hm.", id="thinking"),
        pytest.param("<reasoning>Hm.</reasoning>Yes.", "Yes.", "Hm.", id="reasoning"),
        pytest.param("[THINK]Hm.[/THINK]Yes.", "Yes.", "Hm.", id="in brackets"),
        pytest.param("◁think▷Hm.◁/think▷Yes.", "Yes.", "Hm.", id="in triangles"),
        pytest.param(
            "<|begin_of_thought|>Hm.<|end_of_thought|>\n<|begin_of_solution|>Yes."
            "<|end_of_solution|>",
            "Yes.",
            "Hm.",
            id="thought and solution",
        ),
        pytest.param(HARMONY, "Yes.", "Hm.", id="channels"),
        pytest.param(f"<|start|>assistant{HARMONY}", "Yes.", "Hm.", id="channels with a start"),
        pytest.param(
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary "
            'to=functions.look <|constrain|>json<|message|>{"at": 1}<|call|>',
            '[{"name": "look", "arguments": {"at": 1}}]',
            "Hm.",
            id="channels that call a tool",
        ),
        pytest.param(
            "<|channel|>commentary<|message|>Let me see.<|end|><|start|>assistant"
            "<|channel|>final<|message|>Yes.<|return|>",
            "Yes.",
            "Let me see.",
            id="a channel of comments",
        ),
        pytest.param("analysisHm.assistantfinalYes.", "Yes.", "Hm.", id="channels without marks"),
        pytest.param("Hm.\n</think>\n\nYes.", "Yes.", "Hm.", id="its end only"),
        pytest.param("<think>A</think>\n<think>B</think>Yes.", "Yes.", "A\n\nB", id="two blocks"),
        pytest.param(
            "<think>A</think>Yes,\n<think>B</think>and no.", "Yes,\nand no.", "A\n\nB", id="between"
        ),
        pytest.param("<think>\n\n</think>\n\nYes.", "Yes.", "", id="an empty block"),
    ],
)
def test_reasoning_is_apart_from_the_answer(text, answer, reasoning):
    assert part(text) == Parted(answer, reasoning, True)


@pytest.mark.parametrize(
    "text",
    [
        "Put `<think>` and `</think>` around it.",
        "```xml\n<think>x</think>\n```",
        "def f():\n    return '<think>' + said + '</think>'",
        "The tags <think> and </think> mark reasoning.",
        "```\nsaid.split('</think>')\n```",
        "It splits at `</think>` and keeps the rest.",
        "Here is my thought process: I looked at both.",
        "analysis of the case: it is sound.",
    ],
)
def test_a_tag_that_the_answer_is_about_stays_in_it(text):
    assert part(text) == Parted(text)


def test_a_tag_in_the_code_of_a_model_that_thinks_stays_in_its_answer():
    code = "Use this:\n```xml\n<think>x</think>\n```"
    assert part(f"<think>Hm.</think>{code}") == Parted(code, "Hm.", True)


@pytest.mark.parametrize(
    "text", ["<think>Hm.", "[THINK]Hm.", "<|channel|>analysis<|message|>Hm.", "  <think>\nHm.\n"]
)
def test_reasoning_without_an_end_leaves_no_answer(text):
    assert part(text) == Parted("", "Hm.", False)


SPELT = [tag for tag in kinds().think if not tag.must_close]


@given(
    tag=st.sampled_from(SPELT),
    thought=st.text("ab <>/`\n", max_size=30),
    answer=st.text("ab cd.\n", min_size=1, max_size=30).filter(str.strip),
    sizes=st.lists(st.integers(1, 9), min_size=1),
)
def test_however_it_is_cut_into_pieces_the_answer_alone_is_shown(tag, thought, answer, sizes):
    text = f"{tag.open}{thought}{tag.close}{answer}"
    assert part(text).answer == answer.strip()
    splitter, shown, at = Splitter(), "", 0
    while at < len(text):
        for size in sizes:
            shown += splitter.feed(text[at : at + size])
            at += size
    assert shown.strip() == answer.strip()


@given(st.text(max_size=60))
def test_nothing_is_lost_of_a_text_without_a_tag(text):
    splitter = Splitter()
    if part(text) == Parted(text) and text.lstrip()[:1] not in ("<", "[", "◁"):
        assert "".join(map(splitter.feed, text)).strip() == text.strip()
