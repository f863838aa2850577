"""What comes in as texts: read as meant, or one sentence that says what to do."""

import csv
import io
import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from advisor.case.texts import FORMATS, MAX_BYTES, MAX_CHARS, MAX_PROMPTS, from_file, from_paste
from advisor.errors import BadImport

MB = 1024 * 1024


def texts(imported):
    return [prompt.text for prompt in imported.prompts]


def csv_of(rows, **form):
    file = io.StringIO(newline="")
    csv.writer(file, **form).writerows(rows)
    return file.getvalue().encode()


def refusal(content, name="texts.csv"):
    with pytest.raises(BadImport) as refused:
        from_file(content, name) if isinstance(content, bytes) else from_paste(content)
    return str(refused.value)


# Paste


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


# CSV


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"prompt\nhello\n", ["hello"], id="one column"),
        pytest.param(
            b'id,prompt\n1,"two\nlines, one text"\n', ["two\nlines, one text"], id="break"
        ),
        pytest.param(b'prompt\r\n"a\r\nb"\r\nc\r\n', ["a\r\nb", "c"], id="CRLF within a cell"),
        pytest.param(b'prompt\n"say ""no"""\n', ['say "no"'], id="doubled quotes"),
        pytest.param(b"id;prompt\n1;a, b\n", ["a, b"], id="semicolons"),
        pytest.param(b"id\tprompt\n1\ta;b,c\n", ["a;b,c"], id="tabs"),
        pytest.param("\ufeffprompt\nn\u00e9\n".encode(), ["n\u00e9"], id="BOM"),
        pytest.param("prompt\nn\u00e9\u6f22\n".encode("utf-16"), ["n\u00e9\u6f22"], id="UTF-16"),
        pytest.param("prompt\nx\n".encode("utf-16-be"), None, id="UTF-16 without its mark"),
        pytest.param(b" Prompt ,Group\nx,g\n", ["x"], id="title with margins and a capital"),
        pytest.param(b"question\nx\n", ["x"], id="another name for it"),
        pytest.param(b"text,prompt\nno,yes\n", ["yes"], id="prompt goes first"),
        pytest.param(b"id,prompt\n1\n2,b\n3,c,more\n", ["b", "c"], id="ragged rows"),
    ],
)
def test_csv(content, expected):
    if expected is None:
        assert "binary data" in refusal(content)
    else:
        assert texts(from_file(content, "texts.csv")) == expected


def test_a_csv_brings_reference_id_and_cluster():
    content = b"Case,Approved Answer,ID,prompt\nvisit 1,a note,a7,hello\n,, ,bye\n"
    imported = from_file(content, "texts.csv")
    first, second = imported.prompts
    assert (first.id, first.reference, first.cluster) == ("a7", "a note", "visit 1")
    assert (second.id, second.reference, second.cluster) == ("2", None, None)
    assert (imported.references, imported.clusters) == (1, 1)


def test_a_cell_longer_than_pythons_csv_takes_by_default_is_read():
    long = "x" * 150_000  # its limit is 131,072
    assert texts(from_file(b"prompt\n" + long.encode(), "texts.csv")) == [long]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "has no column called prompt (found: nothing)", id="empty"),
        pytest.param(b"id,note\n1,x\n", "no column called prompt (found: id, note)", id="column"),
        pytest.param(b"prompt\n", "No text found", id="a title only"),
        pytest.param(b'prompt\n"a\nb', "at line 3 (unexpected end of data)", id="open quote"),
        pytest.param(b'prompt\n"a"b\n', "stops making sense as CSV at line 2", id="after a quote"),
        pytest.param(b"prompt\nok\n\xff\xfd\n", "Line 3 of texts.csv is not UTF-8", id="UTF-8"),
        pytest.param("prompt\nf\u00fcr\n".encode("cp1252"), "Line 2 of texts.csv", id="cp1252"),
        pytest.param(b"prompt\na\x00b\n", "holds binary data", id="NUL"),
        pytest.param(b"PK\x03\x04zip", "is a zip or spreadsheet file; save the sheet", id="zip"),
        pytest.param(b"\xff\xfea", "not UTF-8 text", id="half a UTF-16 character"),
    ],
)
def test_a_csv_that_cannot_be_read_says_what_to_do(content, said):
    sentence = refusal(content)
    assert said in sentence
    assert sentence.endswith(".")


# JSONL


def test_jsonl():
    content = (
        b'{"prompt": "a", "reference": "b", "id": 7, "cluster": "c"}\r\n'
        b"\n"
        b'{"text": "two\\nlines", "id": null}\n'
        b'{"prompt": 12, "more": ["kept", "aside"]}'
    )
    imported = from_file(content, "texts.JSONL")
    assert texts(imported) == ["a", "two\nlines", "12"]
    assert [p.id for p in imported.prompts] == ["7", "2", "3"]
    assert (imported.prompts[0].reference, imported.prompts[0].cluster) == ("b", "c")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b'{"prompt": "a"}\n[1, 2]', "Line 2 of t.jsonl is not a JSON object", id="["),
        pytest.param(b'"a"', "Line 1 of t.jsonl is not a JSON object", id="text"),
        pytest.param(b'{"prompt": "a"', "Line 1 of t.jsonl is not a JSON object", id="cut"),
        pytest.param(b"[" * 50_000, "Line 1 of t.jsonl is not a JSON object", id="deep"),
        pytest.param(b'\n{"note": "a"}', 'Line 2 of t.jsonl has no "prompt"', id="no prompt"),
        pytest.param(
            b'{"prompt": ["a"]}', "In line 1 of t.jsonl the text is not a text", id="list"
        ),
        pytest.param(b'{"prompt": "a", "id": {}}', "the id is not a text", id="id"),
        pytest.param(b'{"prompt": " "}\n{"prompt": null}', "No text found", id="only blanks"),
        pytest.param(b"", "No text found", id="empty"),
    ],
)
def test_jsonl_that_cannot_be_read_says_which_line(content, said):
    assert said in refusal(content, "t.jsonl")


def test_half_an_emoji_in_json_spoils_no_import():
    lone = json.dumps({"prompt": "smile \ud83d", "reference": "\ude00"})
    assert "\\ud83d" in lone
    (prompt,) = from_file(lone.encode(), "t.jsonl").prompts
    assert (prompt.text, prompt.reference) == ("smile ?", "?")


# Names, ids, repeats, limits


def test_a_text_file_is_read_like_a_paste():
    assert texts(from_file(b"one\r\ntwo", "my texts.TXT")) == ["one", "two"]


@pytest.mark.parametrize("name", ["texts.xlsx", "texts.pdf", "texts", "csv", ""])
def test_other_endings_are_not_guessed(name):
    if name == "csv":  # a file called just that says what it is
        assert texts(from_file(b"prompt\nx", name)) == ["x"]
    else:
        assert "bring your texts as .csv, .jsonl or .txt" in refusal(b"prompt\nx", name)


def test_ids_given_twice_are_told_apart():
    content = b"id,prompt\na,one\na,two\na-2,three\n,four\n4,five\n"
    ids = [prompt.id for prompt in from_file(content, "t.csv").prompts]
    assert ids == ["a", "a-2", "a-2-2", "4", "4-2"]


def test_an_id_of_any_length_is_taken_and_stays_unlike_the_others():
    content = csv_of([("id", "prompt"), ("x" * 500, "one"), ("x" * 499, "two")])
    assert [prompt.id for prompt in from_file(content, "t.csv").prompts] == [
        "x" * 150,
        "x" * 150 + "-2",
    ]


def test_a_text_brought_twice_counts_once():
    imported = from_file(b"id,prompt\na,same\nb, same \nc,other\n", "t.csv")
    assert [(p.id, p.text) for p in imported.prompts] == [("a", "same"), ("c", "other")]
    assert imported.repeats_skipped == 1


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl", "t.txt"])
def test_sixty_megabytes_are_too_many(name):
    sentence = refusal(b"x" * (60 * MB), name)
    assert sentence == (
        "60.0 MB is more than the 50 MB taken at once; about 100 texts settle most questions, so "
        "bring a part of it."
    )


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


# Whatever comes in


@settings(deadline=None, max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.text(st.sampled_from('prompt,;\t"\n\r{}[]:a\\ud8 \ufeff\x00'), max_size=60).map(
            lambda text: b"prompt" + text.encode()
        ),
        st.dictionaries(
            st.sampled_from(["prompt", "id", "reference", "cluster", "x"]),
            st.recursive(
                st.none() | st.booleans() | st.floats() | st.text(),
                lambda inner: st.lists(inner, max_size=2),
                max_leaves=3,
            ),
        ).map(lambda row: json.dumps(row).encode()),
    ),
    st.sampled_from(["t.csv", "t.jsonl", "t.txt", "t.pdf", "t"]),
)
@example(b'{"prompt": "\\ud800"}', "t.jsonl")
@example(b'prompt\n"', "t.csv")
def test_any_bytes_become_texts_or_one_sentence(content, name):
    try:
        imported = from_file(content, name)
    except BadImport as refused:
        sentence = str(refused)
        assert sentence.endswith(".")
        assert "Traceback" not in sentence
        assert len(sentence) < 500
    else:
        assert imported.prompts
        assert all(prompt.text == prompt.text.strip() != "" for prompt in imported.prompts)
        ids = [prompt.id for prompt in imported.prompts]
        assert len(set(ids)) == len(ids)


@settings(deadline=None, max_examples=100)
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


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_texts_written_as_csv_are_read_back(written, delimiter, encoding):
    content = csv_of([("n", "prompt"), *enumerate(written)], delimiter=delimiter)
    expected = list(dict.fromkeys(text.strip() for text in written if text.strip()))
    file = content.decode().encode(encoding)
    if expected:
        assert texts(from_file(file, "t.csv")) == expected
    else:
        assert refusal(file).startswith("No text found")


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.endings[0])
def test_every_ending_that_is_offered_is_read_and_named_where_another_is_refused(form):
    line = {"csv": "prompt\nhello", "jsonl": '{"prompt": "hello"}', "txt": "hello"}
    for ending in form.endings:
        found = from_file(line[form.endings[0]].encode(), f"texts.{ending.upper()}")
        assert [prompt.text for prompt in found.prompts] == ["hello"]
    with pytest.raises(BadImport, match=rf"\.{form.endings[0]}\b"):
        from_file(b"hello", "texts.docx")
