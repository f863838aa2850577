"""A case file: read whole, or one sentence that names the key."""

import hashlib
import json
from decimal import Decimal

import pytest

from advisor.case.brief import Brief
from advisor.case.case import Case, Judgment, RunSettings
from advisor.case.case_file import check_case, load_sample, sample_names
from advisor.case.options import Arm
from advisor.case.texts import Prompt
from advisor.errors import BadCase, BadImport
from advisor.training.case_file import load_case
from pricing.cost import Volume
from pricing.offers import PriceCells
from tests.case_files import SHORT, WHOLE


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


JUDGMENT = {
    "prompt_id": "v1",
    "preference": "tuned",
    "judge": "a judge",
    "order": "both",
    "base_sha256": sha256("a"),
    "tuned_sha256": sha256("b"),
}


@pytest.fixture
def load(tmp_path):
    (tmp_path / "prompts.jsonl").write_text(
        '{"prompt": "hello", "reference": "a note", "id": "v1", "cluster": "visit"}\n'
    )
    (tmp_path / "judgments.jsonl").write_text(json.dumps(JUDGMENT) + "\n\n")

    def loaded(toml):
        path = tmp_path / "CASE.toml"
        path.write_text(toml, "utf-8")
        return load_case(path)

    return loaded


def refusal(load, toml, kind=BadCase):
    with pytest.raises(kind) as refused:
        load(toml)
    return str(refused.value)


def test_a_whole_case_file(load):
    case = load(WHOLE)
    assert case == Case(
        title="Clinic visit notes",
        brief=Brief(
            use_case="domain_summarization",
            base_kind="general",
            stage="tuned_on_trial",
            training_pairs=67,
            tried=("few_shot",),
            customer_of={"openai": "tuned_before"},
        ),
        prompts=(Prompt(id="v1", text="hello", reference="a note", cluster="visit"),),
        judgments=(Judgment(**JUDGMENT),),
        arms={
            "base": Arm(
                endpoint="http://127.0.0.1:8901/v1",
                model="base-model",
                api_key_env="WORTH_TUNING_TEST_KEY",
                system_prompt="Write a note.",
                offer="openai:gpt-6-luna",
                price=PriceCells(
                    input=Decimal("0.10"), cached_input=Decimal("0.01"), output=Decimal("0.50")
                ),
            ),
            "tuned": Arm(
                endpoint="http://127.0.0.1:8901/v1",
                model="ft:base-model:acme::abc123",
                price=PriceCells(
                    input=Decimal("0.80"),
                    output=Decimal("3.20"),
                    training_per_1m=Decimal(5),
                    training_tokens=2_000_000,
                    epochs=3,
                    min_fee=Decimal(0),
                    hosting_per_hour=Decimal("1.70"),
                    hosting_hours_per_month=Decimal(730),
                    replicas=1,
                    storage_per_month=Decimal(0),
                ),
            ),
        },
        run=RunSettings(
            concurrency=20,
            samples=1,
            max_output_tokens=256,
            temperature=0.0,
            timeout_s=60,
            cap_usd=5.0,
            primary_metric="rouge1",
        ),
        volume=Volume(
            requests_per_month=200_000,
            horizon_months=12,
            input_tokens_per_request=Decimal(800),
            output_tokens_per_request=Decimal(200),
        ),
    )
    # A price is exactly the one written, never a float beside it.
    assert str(case.arms["base"].price.input) == "0.10"


def test_the_use_case_and_a_title_are_enough(load):
    case = load(SHORT)
    assert case == Case(title="t", brief=Brief(use_case="general_chatbots"))
    assert (case.prompts, case.arms, case.judgments) == ((), {}, ())


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        pytest.param("title = ", "CASE.toml is not valid TOML", id="TOML"),
        pytest.param("", "title is missing; add it", id="empty"),
        pytest.param('title = "t"\n', "brief is missing; add it", id="no brief"),
        pytest.param('title = "t"\n[brief]\n', "brief.use_case is missing", id="no use case"),
        pytest.param(SHORT.replace('"t"', '""'), "title does not fit", id="title"),
        pytest.param(SHORT + "trainig_pairs = 3\n", "brief.trainig_pairs is not a key", id="brief"),
        pytest.param(
            WHOLE.replace("concurrency", "concurency"), "run.concurency is not a key", id="run"
        ),
        pytest.param(
            WHOLE.replace("epochs", "epoch"), "arms.tuned.price.epoch is not a key", id="price"
        ),
        pytest.param(
            WHOLE.replace("horizon_months", "months"), "volume.months is not a key", id="volume"
        ),
        pytest.param(WHOLE.replace("[volume]", "[volumes]"), "volumes is not a key", id="table"),
        pytest.param(SHORT.replace("chatbots", "chatbot"), "general_chatbots", id="use case"),
        pytest.param(SHORT + 'stage = "begun"\n', "brief.stage does not fit", id="value"),
        pytest.param(SHORT + "training_pairs = -1\n", "brief.training_pairs", id="negative"),
        pytest.param(SHORT + "training_pairs = true\n", "true and false", id="yes as a number"),
        pytest.param(SHORT + "trained = true\n", "brief.trained is not a key", id="yes, unknown"),
        pytest.param(SHORT + "training_pairs = 1.5\n", "brief.training_pairs", id="a half pair"),
        pytest.param(SHORT + '[arms.bases]\nmodel = "m"\n', "arms.bases.kind is missing", id="arm"),
        pytest.param(SHORT + '[arms.Base]\nkind = "base"\n', "arms.Base", id="an option's id"),
        pytest.param(SHORT + '[arms.tie]\nkind = "base"\n', "stands for something", id="tie"),
        pytest.param(
            SHORT + '[arms.tuned]\nkind = "base"\n',
            "arms.tuned can't be of kind “base”; give it another id or leave kind out.",
            id="tuned as a base option",
        ),
        pytest.param(
            SHORT + "".join(f'[arms.o{n}]\nkind = "base"\n' for n in range(9)),
            "9 options are more than can be compared; keep 8 or fewer.",
            id="nine options",
        ),
        pytest.param(SHORT + "[arms.base.price]\ninput = -1\n", "price.input", id="price below 0"),
        pytest.param(SHORT + "[arms.base.price]\ninput = inf\n", "finite", id="price of inf"),
        pytest.param(
            SHORT + "[arms.base.price]\ninput = 1e400\n", "price.input", id="a huge price"
        ),
        pytest.param(SHORT + "[arms.tuned.price]\nepochs = 1e400\n", "price.epochs", id="epochs"),
        pytest.param(
            SHORT + "[volume]\noutput_tokens_per_request = 1e999\n", "volume.output_", id="units"
        ),
        pytest.param(
            SHORT + "[volume]\ngrowth_per_month = -1\n",
            "volume.growth_per_month",
            id="shrinks away",
        ),
        pytest.param(SHORT + "[run]\nmax_output_tokens = 10000000000\n", "run.max_", id="answers"),
        pytest.param(SHORT + "[run]\ntimeout_s = inf\n", "run.timeout_s", id="time-out of inf"),
        pytest.param(SHORT + "[run]\ncap_usd = inf\n", "run.cap_usd", id="cap of inf"),
        pytest.param(SHORT + "[run]\ntemperature = nan\n", "run.temperature", id="nan"),
        pytest.param(SHORT + "[volume]\ncached_share = 1.1\n", "volume.cached_share", id="share"),
        pytest.param("prompts = 3\n" + SHORT, "[prompts] in CASE.toml takes", id="prompts"),
        pytest.param(SHORT + '[prompts]\nfiles = "x"\n', "[prompts] in CASE.toml", id="its key"),
        pytest.param(
            SHORT + '[prompts]\nfile = "none.jsonl"\n',
            "CASE.toml names the file none.jsonl, which can't be opened",
            id="a file that is not there",
        ),
        pytest.param(
            SHORT + '[prompts]\nfile = "."\n', "names the file ., which can't be", id="a folder"
        ),
        pytest.param(
            SHORT + '[prompts]\nfile = "a\\u0000b"\n', "which can't be opened", id="NUL in a name"
        ),
        pytest.param(SHORT + '[prompts]\nfile = "' + "a" * 5000 + '.txt"\n', "aa…", id="long name"),
        pytest.param(SHORT + '["a\\nb"]\n', "CASE.toml: a b is not a key", id="a key of two lines"),
        pytest.param(SHORT + '["' + "k" * 5000 + '"]\n', "k… is not a key", id="long key"),
        pytest.param("a = " + "[" * 5000 + "]" * 5000, "too long to read", id="nested"),
        pytest.param("a = " + "9" * 5000, "too long to read", id="many digits"),
    ],
)
def test_a_case_file_that_does_not_fit_is_one_sentence(load, toml, said):
    sentence = refusal(load, toml)
    assert said in sentence
    assert "CASE.toml" in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 600


def test_no_case_file(tmp_path):
    with pytest.raises(BadCase, match="can't be opened; check the name of the case file"):
        load_case(tmp_path / "none.toml")
    with pytest.raises(BadCase, match="can't be opened"):
        load_case(tmp_path)


def test_a_case_file_that_is_not_utf_8(tmp_path):
    path = tmp_path / "CASE.toml"
    path.write_bytes(SHORT.encode("utf-16"))
    with pytest.raises(BadCase, match="is not UTF-8 text; save it as UTF-8"):
        load_case(path)


def test_a_case_file_as_an_editor_of_windows_saves_it(load, tmp_path):
    plain = load(WHOLE)
    mark, path = "\ufeff", tmp_path / "CASE.toml"
    path.write_bytes((mark + WHOLE).replace("\n", "\r\n").encode())
    beside = tmp_path / "judgments.jsonl"
    beside.write_bytes((mark + beside.read_text("utf-8")).encode())
    assert load_case(path) == plain


def test_a_bad_line_of_a_file_it_names_is_named(load, tmp_path):
    (tmp_path / "prompts.jsonl").write_text('{"prompt": "a"}\n[]\n')
    assert "Line 2 of prompts.jsonl" in refusal(load, WHOLE, BadImport)
    (tmp_path / "prompts.jsonl").write_text('{"prompt": "a"}\n')
    (tmp_path / "judgments.jsonl").write_text(json.dumps(JUDGMENT | {"preference": "left"}))
    assert "judgments.0 does not fit (preference has to be “base”, " in refusal(load, WHOLE)
    (tmp_path / "judgments.jsonl").write_text("no")
    assert "Line 1 of judgments.jsonl" in refusal(load, WHOLE, BadImport)


def test_prompts_may_come_as_csv(load, tmp_path):
    (tmp_path / "mine.csv").write_text("prompt\nhello\n")
    case = load(SHORT + '[prompts]\nfile = "mine.csv"\n')
    assert [prompt.text for prompt in case.prompts] == ["hello"]


def test_a_case_is_the_same_after_json(load):
    for case in (load(WHOLE), load(SHORT), *(load_sample(name) for name in sample_names())):
        again = Case.model_validate_json(case.model_dump_json())
        assert again == case
        assert again.model_dump_json() == case.model_dump_json()


def test_arms_know_whether_they_can_answer():
    assert Arm(endpoint="http://x/v1", model="m").answers
    assert not Arm(endpoint=" ", model="m").answers
    assert not Arm(endpoint="http://x/v1").answers
    assert Arm(endpoint="replay:clinic_notes", model="m").recorded
    assert not Arm(endpoint="http://x/v1", model="m").recorded


def test_a_vendor_goes_by_its_name_elsewhere_and_an_unknown_one_is_a_sentence():
    tables = {"title": "t", "brief": {"use_case": "brand_voice", "customer_of": {"azure": "new"}}}
    assert check_case(tables, "CASE.toml").brief.customer_of == {"azure_foundry": "new"}
    tables["brief"]["customer_of"] = {"acme": "new"}
    with pytest.raises(BadCase, match=r"names no vendor “acme”; choose from: .*aws_bedrock"):
        check_case(tables, "CASE.toml")
