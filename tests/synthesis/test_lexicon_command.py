"""manage.py lexicon"""

from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from synthesis.models import LexiconEntry

pytestmark = pytest.mark.django_db

CSV = "grapheme,language,alias,ipa,whole_word,match_case,note\r\nGoogle,az,qugl,,yes,no,\r\n"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("lexicon", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "lexicon.csv"
    path.write_bytes(CSV.encode())
    return str(path)


def test_there_and_back(file: str) -> None:
    assert run("import", file) == "Imported: 1 added, 0 changed, 0 removed, 0 unchanged.\n"
    assert LexiconEntry.objects.get().owner is None
    assert run("export") == CSV
    assert run("export", "--language", "tr").splitlines() == CSV.splitlines()[:1]


def test_of_a_user(user: User, file: str) -> None:
    run("import", file, "--user", "leyla")
    assert LexiconEntry.objects.get().owner == user
    assert run("export", "--user", "leyla") == CSV
    assert "Google" not in run("export")


def test_pls(file: str, tmp_path: Path) -> None:
    run("import", file)
    written = tmp_path / "lexicon.pls"
    written.write_text(run("export", "--format", "pls", "--language", "az"), encoding="utf-8")
    assert "<grapheme>Google</grapheme>" in written.read_text(encoding="utf-8")
    assert "1 unchanged" in run("import", str(written))


def test_replace_and_dry_run(file: str, tmp_path: Path) -> None:
    run("import", file)
    other = tmp_path / "other.csv"
    other.write_text("grapheme,alias\nZoom,zum\n", encoding="utf-8")
    arguments = ("import", str(other), "--language", "az", "--replace")
    assert run(*arguments, "--dry-run") == "Would be: 1 added, 0 changed, 1 removed, 0 unchanged.\n"
    assert LexiconEntry.objects.get().grapheme == "Google"
    run(*arguments)
    assert LexiconEntry.objects.get().grapheme == "Zoom"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"grapheme,alias\nGoogle,qugl\n", "Line 2: language"),
        (b"grapheme,language,alias\nZoom,az,zum\nGoogle,en,qugl\n", "Nothing was imported"),
        (b"<a/>", "PLS"),
    ],
)
def test_a_wrong_file_changes_nothing(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "wrong"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        run("import", str(path))
    assert not LexiconEntry.objects.exists()


def test_refusals(file: str, tmp_path: Path) -> None:
    for arguments, message in (
        (("import", str(tmp_path / "none")), "cannot be read"),
        (("import", file, "--user", "nobody"), "no user"),
        (("export", "--user", "nobody"), "no user"),
        (("export", "--format", "pls"), "--language"),
        (("export", "--language", "en"), "en"),
        ((), "required"),
    ):
        with pytest.raises(CommandError, match=message):
            run(*arguments)
