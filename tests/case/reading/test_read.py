"""What comes in as a file: read as meant, or one sentence that says what to do."""

import csv
import io
import json

import pandas
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from advisor.case.reading.formats import FORMATS
from advisor.case.reading.read import read_texts
from advisor.errors import BadImport

MB = 1024 * 1024


def texts(found):
    return [prompt.text for prompt in found.prompts]


def csv_of(rows, **form):
    file = io.StringIO(newline="")
    csv.writer(file, **form).writerows(rows)
    return file.getvalue().encode()


def refusal(content, name="texts.csv"):
    with pytest.raises(BadImport) as refused:
        read_texts(content, name)
    return str(refused.value)


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
        pytest.param("prompt\nxyz\n".encode("utf-16-be"), ["xyz"], id="UTF-16 without its mark"),
        pytest.param(b" Prompt ,Group\nx,g\n", ["x"], id="title with margins and a capital"),
        pytest.param(b"question\nx\n", ["x"], id="another name for it"),
        pytest.param(b"text,prompt\nno,yes\n", ["yes"], id="prompt goes first"),
        pytest.param(b"id,prompt\n1\n2,b\n3,c,,\n", ["b", "c"], id="ragged rows"),
    ],
)
def test_csv(content, expected):
    assert texts(read_texts(content, "texts.csv")) == expected


def test_a_csv_brings_reference_id_and_cluster():
    content = b"Case,Approved Answer,ID,prompt\nvisit 1,a note,a7,hello\n,, ,bye\n"
    imported = read_texts(content, "texts.csv")
    first, second = imported.prompts
    assert (first.id, first.reference, first.cluster) == ("a7", "a note", "visit 1")
    assert (second.id, second.reference, second.cluster) == ("2", None, None)
    assert (imported.imported.references, imported.imported.clusters) == (1, 1)


def test_a_cell_longer_than_pythons_csv_takes_by_default_is_read():
    long = "x" * 150_000  # its limit is 131,072
    assert texts(read_texts(b"prompt\n" + long.encode(), "texts.csv")) == [long]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "No text found", id="empty"),
        pytest.param(
            b"id,note\n1,x\n", "Which column holds your texts? texts.csv has id, note.", id="column"
        ),
        pytest.param(b"prompt\n", "No text found", id="a title only"),
        pytest.param(
            b'prompt\n"a\nb',
            "The quote that opens in line 2 of texts.csv is never closed",
            id="open quote",
        ),
        pytest.param(
            b'prompt\n"a"b\n',
            "Line 2 of texts.csv has a quote in the wrong place",
            id="after a quote",
        ),
        pytest.param(
            b"prompt\nok\n\x81\x8d\x01\n", "Line 3 of texts.csv is not text", id="no encoding"
        ),
        pytest.param(b"prompt\na\x00b\n", "holds binary data", id="NUL"),
        pytest.param(b"PK\x03\x04zip", "is a zip file; unpack it", id="zip"),
        pytest.param(b"\xff\xfea", "is not text in an encoding", id="half a UTF-16 character"),
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
    imported = read_texts(content, "texts.JSONL")
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
        pytest.param(
            b'\n{"note": "a"}', "Which column holds your texts? t.jsonl has note.", id="no prompt"
        ),
        pytest.param(b'{"prompt": ["a"]}', "Line 1: expected plain text, found a list.", id="list"),
        pytest.param(
            b'{"prompt": "a", "id": {}}', "Line 1: expected plain text, found an object.", id="id"
        ),
        pytest.param(b'{"prompt": " "}\n{"prompt": null}', "No text found", id="only blanks"),
        pytest.param(b"", "No text found", id="empty"),
    ],
)
def test_jsonl_that_cannot_be_read_says_which_line(content, said):
    assert said in refusal(content, "t.jsonl")


def test_half_an_emoji_in_json_spoils_no_import():
    lone = json.dumps({"prompt": "smile \ud83d", "reference": "\ude00"})
    assert "\\ud83d" in lone
    (prompt,) = read_texts(lone.encode(), "t.jsonl").prompts
    assert (prompt.text, prompt.reference) == ("smile ?", "?")


# Names, ids, repeats, limits


def test_a_text_file_is_read_like_a_paste():
    assert texts(read_texts(b"one\r\ntwo", "my texts.TXT")) == ["one", "two"]


@pytest.mark.parametrize("name", ["texts.docx", "texts.pdf", "texts", "csv", ""])
def test_other_endings_are_not_guessed(name):
    if name == "csv":  # a file called just that says what it is
        assert texts(read_texts(b"prompt\nx", name)) == ["x"]
    else:
        assert "bring your texts as .xlsx, .csv, .ods, .jsonl, .json or .txt" in refusal(
            b"prompt\nx", name
        )


def test_ids_given_twice_are_told_apart():
    content = b"id,prompt\na,one\na,two\na-2,three\n,four\n4,five\n"
    ids = [prompt.id for prompt in read_texts(content, "t.csv").prompts]
    assert ids == ["a", "a-2", "a-2-2", "4", "4-2"]


def test_an_id_of_any_length_is_taken_and_stays_unlike_the_others():
    content = csv_of([("id", "prompt"), ("x" * 500, "one"), ("x" * 499, "two")])
    assert [prompt.id for prompt in read_texts(content, "t.csv").prompts] == [
        "x" * 150,
        "x" * 150 + "-2",
    ]


def test_a_text_brought_twice_counts_once():
    imported = read_texts(b"id,prompt\na,same\nb, same \nc,other\n", "t.csv")
    assert [(p.id, p.text) for p in imported.prompts] == [("a", "same"), ("c", "other")]
    assert imported.repeats_skipped == 1


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl", "t.txt"])
def test_sixty_megabytes_are_too_many(name):
    sentence = refusal(b"x" * (60 * MB), name)
    assert sentence == (
        "60.0 MB is more than the 50 MB taken at once; about 100 texts settle most questions, so "
        "bring a part of it."
    )


# Whatever comes in


@settings(max_examples=150)
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
        imported = read_texts(content, name)
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


@settings(suppress_health_check=[HealthCheck.too_slow])
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
        assert texts(read_texts(file, "t.csv")) == expected
    else:
        assert refusal(file).startswith("No text found")


@pytest.mark.parametrize("ending", [e for form in FORMATS for e in form.endings])
def test_every_ending_that_is_offered_is_read_and_named_where_another_is_refused(ending):
    book = pandas.DataFrame({"prompt": ["hello"]})
    if ending in ("xlsx", "xlsm", "ods"):
        file = io.BytesIO()
        book.to_excel(file, index=False, engine="odf" if ending == "ods" else "openpyxl")
        content = file.getvalue()
    elif ending in ("json", "jsonl", "ndjson"):
        content = b'{"prompt": "hello"}'
    else:
        content = b"hello" if ending == "txt" else b"prompt\nhello"
    assert texts(read_texts(content, f"texts.{ending.upper()}")) == ["hello"]
    usual = next(form.endings[0] for form in FORMATS if ending in form.endings)
    with pytest.raises(BadImport, match=rf"\.{usual}\b"):
        read_texts(b"hello", "texts.docx")
