"""What is in git is fit to be read by anybody, and runs anywhere."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from pages.ui.charts import COLOURS

ROOT = Path(__file__).parent.parent
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))
BINARY = (".otf", ".ttf", ".woff2", ".png", ".jpg", ".pdf")
RECORDED = ("pricing/data/tokenizers/", "advisor/data/samples/")
"""Texts of others, which may say anything."""


def in_git() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return sorted(name for name in listed.stdout.decode().split("\0") if name)


@pytest.fixture(scope="module")
def ours() -> dict[str, str]:
    """Our texts by path."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    found = {
        path: (ROOT / path).read_text("utf-8")
        for path in in_git()
        if (ROOT / path).is_file() and not path.endswith(BINARY) and not path.startswith(RECORDED)
    }
    assert {
        "app.py",
        "advisor/cli/command.py",
        "requirements.txt",
        "tests/test_repo.py",
    } <= found.keys()
    return found


# Written with one letter in brackets, so that this file does not hold what it looks for.
FORBIDDEN = {
    "a path of somebody's machine": r"/wor[k]/|/roo[t]/|/hom[e]/\w|/User[s]/\w|C:\\User[s]",
    "a temporary path": r"""["'\s(]/tm[p]/""",
    "a package index of one's own": r"index-ur[l]|trusted-hos[t]|/simpl[e]/?[\s\"']",
    "a key": r"\bsk-(?!canary)(?:[a-z]+-)?[A-Za-z0-9]{16,}|\bghp_\w{20,}|\bAKIA[A-Z0-9]{16}",
    "a private key": r"BEGIN [A-Z ]*PRIVATE KE[Y]",
    "work left open": r"\bTOD[O]\b|\bFIXM[E]\b|\bXX[X]\b|\bHAC[K]\b",
    "a merge left open": r"^<{7} |^>{7} ",
    "how it was made": r"(?i)\.\./share[d]|co-authore[d]-by|\bas an a[i]\b",
}


@pytest.mark.parametrize(
    ("what", "example"),
    [
        ("a path of somebody's machine", "/roo" + "t/x"),
        ("a temporary path", ' "/tm' + 'p/x"'),
        ("a package index of one's own", "--index-ur" + "l https://x"),
        ("a key", "sk-" + "proj-" + "a1B2" * 8),
        ("work left open", "# TOD" + "O: later"),
        ("a merge left open", "<" * 7 + " HEAD"),
        ("how it was made", "see ../share" + "d/x"),
    ],
)
def test_the_patterns_find_what_they_are_for(what, example):
    assert re.search(FORBIDDEN[what], example, re.M)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_in_git_holds(what, ours):
    pattern = re.compile(FORBIDDEN[what], re.M)
    found = {path: hit[0] for path, text in ours.items() if (hit := pattern.search(text))}
    assert not found


def test_no_lock_file_hides_the_requirements():
    # Community Cloud takes the first dependency file it finds.
    locks = {"uv.lock", "poetry.lock", "Pipfile", "Pipfile.lock", "environment.yml"}
    assert locks.isdisjoint(in_git())


def test_nothing_secret_and_nothing_generated_is_in_git():
    secret = re.compile(
        r"secrets\.toml$|\.env$|\.pem$|\.db$|\.pyc$|(^|/)\.venv/|__pycache__|\.log$"
    )
    assert [path for path in in_git() if secret.search(path)] == []


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("requirements.txt", []),
        ("requirements-scale.txt", ["-r requirements.txt"]),
        ("requirements-dev.txt", ["-r requirements-scale.txt"]),
    ],
)
def test_requirements_are_pinned(name, before):
    lines = [line.strip() for line in (ROOT / name).read_text("utf-8").splitlines()]
    wanted = [line for line in lines if line and not line.startswith("#")]
    pinned = re.compile(r"[A-Za-z0-9][\w.\[\],-]*==[0-9][\w.]*( *;[^#]*)?(  # .+)?")
    others = [line for line in wanted if not pinned.fullmatch(line)]
    assert others == before
    assert len(wanted) > 3


@pytest.mark.parametrize("what", ["live", "real"])
def test_what_is_only_served_is_pinned_and_locked_by_digest(what):
    named = (ROOT / f"requirements-{what}.txt").read_text("utf-8")
    locked = (ROOT / "locks" / f"{what}.txt").read_text("utf-8")
    wanted = re.findall(r"^([\w-]+)\S*?==([\w.]+)", named, re.M)
    assert wanted
    for package, version in wanted:
        line = rf"^{package}=={re.escape(version)} .*\\\n\s+--hash=sha256:"
        assert re.search(line, locked, re.M)


def test_the_licence_is_apache_2():
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["license"] == (
        "Apache-2.0"
    )


# Settings and colours


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("client.showErrorDetails", "none"),
        ("client.showErrorLinks", False),
        ("browser.gatherUsageStats", False),
        ("runner.postScriptGC", False),
        ("server.maxUploadSize", 200),
        ("server.port", 8501),
        ("server.headless", True),
    ],
)
def test_streamlit_is_set_up_as_designed(key, value):
    section, name = key.split(".")
    assert CONFIG[section][name] == value


def test_both_themes_set_the_same_colours():
    light, dark = CONFIG["theme"]["light"], CONFIG["theme"]["dark"]
    assert light.keys() == dark.keys()
    assert {"backgroundColor", "textColor", "primaryColor", "linkColor"} <= light.keys()


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB", as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_the_one_of_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)  # the least AA grey
    assert contrast("#FFFFFF", "#777777") == pytest.approx(4.48, abs=0.005)


def pairs() -> list[tuple[str, str, str]]:
    """(theme, text, background) of every pair that may meet."""
    found = []
    for theme in ("light", "dark"):
        colours = CONFIG["theme"][theme]
        texts = [key for key in colours if key.endswith(("TextColor", "textColor"))]
        found.append((theme, "violetTextColor", "primaryColor"))  # ink of primary buttons, only
        for text in [*texts, "linkColor"]:
            if text == "violetTextColor":
                continue
            found += [(theme, text, "backgroundColor"), (theme, text, "secondaryBackgroundColor")]
            own = text.replace("TextColor", "BackgroundColor")
            if own in colours and own != text:
                found.append((theme, text, own))
    return found


def test_every_badge_is_among_the_pairs():
    badges = ("gray", "blue", "orange", "green", "red", "yellow")
    expected = {
        (theme, f"{badge}TextColor", f"{badge}BackgroundColor")
        for theme in ("light", "dark")
        for badge in badges
    }
    assert expected <= set(pairs())


@pytest.mark.parametrize(("theme", "text", "background"), pairs())
def test_text_can_be_read(theme, text, background):
    colours = CONFIG["theme"][theme]
    assert contrast(colours[text], colours[background]) >= 4.5


def drawn(theme: str) -> dict[str, str]:
    """What charts are drawn in, by its use."""
    return dict(zip(COLOURS, CONFIG["theme"][theme]["chartCategoricalColors"], strict=False))


def test_every_colour_of_a_chart_is_one_of_the_themes():
    # An option that has no colour of its own is drawn in the grey of what is neither.
    assert COLOURS["other"] == COLOURS["neither"]
    listed = [place for use, place in COLOURS.items() if use not in ("page", "other")]
    for theme in ("light", "dark"):
        assert len(CONFIG["theme"][theme]["chartCategoricalColors"]) == len(listed)
    assert listed == [f"#{place:06}" for place in range(1, len(listed) + 1)]


def test_charts_can_be_told_from_the_page():
    # WCAG asks 3 of graphics; base is blue and tuned orange in both themes.
    for theme in ("light", "dark"):
        page = CONFIG["theme"][theme]["backgroundColor"]
        for use in ("base", "base_examples", "base_retrieval", "tuned", "neither"):
            assert contrast(drawn(theme)[use], page) >= 3
    assert drawn("light")["base"] == "#0072B2"  # Okabe and Ito's
    assert drawn("light")["tuned"] == "#D55E00"


@pytest.mark.parametrize(("theme", "other"), [("light", "dark"), ("dark", "light")])
def test_words_of_a_chart_can_be_read_in_its_theme_and_told_from_the_other_ones_page(theme, other):
    # A chart keeps its colours when the system turns dark while its page is open.
    words = drawn(theme)["text"]
    assert contrast(words, CONFIG["theme"][theme]["backgroundColor"]) >= 4.5
    assert contrast(words, CONFIG["theme"][other]["backgroundColor"]) >= 3


def test_every_picture_of_the_tour_is_there_and_small():
    for document in ("README.md", "docs/tour.md"):
        words = (ROOT / document).read_text("utf-8")
        shown = re.findall(r"!\[[^\]]+\]\(([^)]+\.png)\)", words)
        assert shown
        for picture in shown:
            size = ((ROOT / document).parent / picture).stat().st_size
            assert size < 120_000, picture
