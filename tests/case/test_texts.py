"""What is pasted as texts: read as meant, or one sentence that says what to do."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from advisor.case.limits import MAX_BYTES, MAX_CHARS, MAX_PROMPTS
from advisor.case.texts import from_paste
from advisor.errors import BadImport

MB = 1024 * 1024


def texts(imported):
    return [prompt.text for prompt in imported.prompts]


def refusal(pasted):
    with pytest.raises(BadImport) as refused:
        from_paste(pasted)
    return str(refused.value)


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        pytest.param("one\ntwo", ["one", "two"], id="one a line"),
        pytest.param("one\r\ntwo\r\n", ["one", "two"], id="CRLF"),
        pytest.param("  one \n\n\t\ntwo", ["one", "two"], id="blank lines and margins"),
        pytest.param("a\nb\n---\nc\n", ["a\nb", "c"], id="dashes part texts of several lines"),
        pytest.param("a\r\nb\r\n---\r\nc", ["a\nb", "c"], id="dashes with CRLF"),
        pytest.param("a\n --- \nb", ["a", "b"], id="dashes with margins"),
        pytest.param("---\na\n\nb\n---\n---\n", ["a\n\nb"], id="nothing between dashes"),
        pytest.param("a\vb\nc\u2028d", ["a\nb", "c\nd"], id="soft breaks of Word stay within"),
        pytest.param("a\rb\fc", ["a", "b", "c"], id="old Macs and new pages"),
        pytest.param("a --- b\n----", ["a --- b", "----"], id="dashes within a line part nothing"),
    ],
)
def test_paste(pasted, expected):
    assert texts(from_paste(pasted)) == expected


def test_what_a_paste_leaves_out_is_counted():
    imported = from_paste("one\n\n two\none\n   \none")
    assert texts(imported) == ["one", "two"]
    assert (imported.empty_skipped, imported.repeats_skipped) == (2, 2)
    assert [prompt.id for prompt in imported.prompts] == ["1", "2"]


@pytest.mark.parametrize("nothing", ["", " ", "\n\n\t\n", "---\n---"])
def test_nothing_but_blanks_is_no_text(nothing):
    assert refusal(nothing).startswith("No text found; paste one text a line")


# Limits


def test_a_paste_is_measured_in_bytes():
    # 20 million euro signs of three bytes: 60,000,000 / 1,048,576 = 57.2 MB.
    assert refusal("\u20ac" * 20_000_000).startswith("57.2 MB is more than the 50 MB")


def test_the_limits_themselves_are_allowed():
    most = "\n".join(str(n) for n in range(MAX_PROMPTS))
    assert len(from_paste(most).prompts) == MAX_PROMPTS == 10_000
    assert texts(from_paste("x" * MAX_CHARS)) == ["x" * 200_000]
    assert MAX_BYTES == 50 * MB


def test_one_text_too_many():
    sentence = refusal("\n".join(str(n) for n in range(10_001)))
    assert sentence == "More than 10,000 texts; about 100 settle most questions, so bring fewer."


def test_repeats_do_not_use_the_limit_up():
    most = "\n".join(str(n % MAX_PROMPTS) for n in range(MAX_PROMPTS + 50))
    assert from_paste(most).repeats_skipped == 50


def test_a_text_too_long_is_named():
    assert refusal("short\n" + "x" * 200_001) == (
        "Text 2 has 200,001 characters; the most one text may have is 200,000. Split it or leave "
        "it out."
    )


@settings(max_examples=100)
@given(st.text(max_size=200))
@example("\ud800")
def test_any_paste_becomes_texts_or_one_sentence(pasted):
    try:
        imported = from_paste(pasted)
    except BadImport as refused:
        sentence = str(refused)
        assert sentence.startswith("No text found")
        assert not pasted.replace("-", "").strip()
    else:
        assert imported.prompts
