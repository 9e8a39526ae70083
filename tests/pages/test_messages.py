"""The catalogues of the languages: whole, compiled, and with the same gaps to fill as the originals."""

import gettext
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "synthesis/pages/locale"
LANGUAGES = ("az", "tr", "ru")
_GAP = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+>")


def catalogue(language: str, root: Path = LOCALE) -> polib.POFile:
    return polib.pofile(str(root / language / "LC_MESSAGES/django.po"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_whole(language: str) -> None:
    entries = catalogue(language)
    assert len(entries) > 100
    assert [entry.msgid for entry in entries if not entry.translated() or entry.obsolete] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_gaps(language: str) -> None:
    for entry in catalogue(language):
        assert sorted(_GAP.findall(entry.msgid)) == sorted(_GAP.findall(entry.msgstr)), entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled(language: str) -> None:
    """What the service reads is what the translators wrote: polib's `save_as_mofile` makes it."""
    with (LOCALE / language / "LC_MESSAGES/django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in catalogue(language):
        read = compiled.pgettext(entry.msgctxt, entry.msgid) if entry.msgctxt else compiled.gettext(entry.msgid)
        assert read == entry.msgstr


@pytest.mark.skipif(not shutil.which("xgettext"), reason="no xgettext here: apt-get install gettext")
def test_every_sentence_of_the_pages_is_there(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    shutil.copytree(ROOT / "synthesis/pages", pages)
    collect = [sys.executable, str(ROOT / "manage.py"), "makemessages", "--no-location", "--no-wrap"]
    languages = [part for language in LANGUAGES for part in ("-l", language)]
    subprocess.run([*collect, *languages], cwd=pages, check=True, capture_output=True, timeout=120)
    for language in LANGUAGES:
        collected = catalogue(language, pages / "locale")
        assert [entry.msgid for entry in collected if not entry.translated()] == []
        assert [entry.msgid for entry in collected.obsolete_entries()] == []
