"""Names of files taken away: by title, in any script, safe on any system."""

from datetime import date
from email.message import Message

import pytest

from advisor.report.file_name import disposition, file_name

DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        pytest.param("Clinic notes", "Clinic notes", id="plain"),
        pytest.param("Base / tuned: which?", "Base-tuned-which", id="slash, colon, question"),
        pytest.param("../../etc/passwd", "etc-passwd", id="path"),
        pytest.param('a"b\r\nSet-Cookie: x', "a-b Set-Cookie-x", id="header"),
        pytest.param("Übersicht für Zürich", "Übersicht für Zürich", id="umlauts"),
        pytest.param("Zu\u0308rich", "Z\u00fcrich", id="a letter in two parts"),
        pytest.param("診療記録の要約", "診療記録の要約", id="Japanese"),
        pytest.param("हिन्दी सारांश", "हिन्दी सारांश", id="Hindi, with its vowel signs"),
        pytest.param("ملخص", "ملخص", id="Arabic"),
        pytest.param("gpj\u202efdp.exe", "gpj-fdp-exe", id="a mark that turns the direction"),
        pytest.param("🚀 launch 🚀", "launch", id="emoji"),
        pytest.param("  ", "worth-tuning", id="blanks"),
        pytest.param("???", "worth-tuning", id="nothing left"),
        pytest.param("a" * 200, "a" * 120, id="long"),
        pytest.param("診" * 200, "診" * 40, id="long, three bytes a letter"),
    ],
)
def test_a_file_is_named_by_its_title(title, name):
    assert file_name(title, DAY, "pdf") == f"{name}-2026-11-30.pdf"


@pytest.mark.parametrize("title", ["Clinic notes", "Zürich", "診療記録", "???"])
def test_the_header_gives_the_name_back_and_is_ascii(title):
    name = file_name(title, DAY, "pdf")
    header = disposition(name)
    header.encode("ascii")
    message = Message()
    message["Content-Disposition"] = header
    only_ascii = title.isascii()
    assert ("filename*" in header) is not only_ascii
    if only_ascii:
        assert message.get_filename() == name
    else:
        from urllib.parse import unquote

        assert unquote(header.partition("filename*=UTF-8''")[2]) == name
        assert header.startswith('inline; filename="')
