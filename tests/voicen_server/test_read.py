"""``manage.py read``: what a user sees of how a text will be read."""

import io
import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from synthesis.models import LexiconEntry
from synthesis.services import lexicon


def read(*arguments: str) -> str:
    output = io.StringIO()
    call_command("read", *arguments, stdout=output)
    return output.getvalue()


def read_lines(monkeypatch: pytest.MonkeyPatch, language: str, *lines: str) -> list[dict[str, object]]:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return [json.loads(line) for line in read("--lang", language, "--jsonl").splitlines()]


@pytest.mark.django_db
def test_a_text_is_shown_with_what_stands_for_what() -> None:
    shown = read("--lang", "tr", "Kitabın 3. baskısı çıktı 😀. TBMM toplandı.")
    assert "kitabın üçüncü baskısı çıktı." in shown
    assert "3. → üçüncü" in shown
    assert "😀 (not spoken)" in shown
    assert "TBMM → te be me me" in shown
    assert "Chunks:" in shown


@pytest.mark.django_db
def test_lines_of_json(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["В XIX в. жил поэт. Он умер молодым ☃.", "Глава 1\n\nЛифт идёт на 5-й этаж.", ""]
    poet, chapter, nothing = read_lines(monkeypatch, "ru", *(json.dumps({"text": text}) for text in texts))
    assert poet == {
        "text": texts[0],
        "spoken": "в девятнадцатом веке жил поэт. он умер молодым.",
        "sentences": ["В XIX в. жил поэт.", "Он умер молодым ☃."],
        "chunks": ["в девятнадцатом веке жил поэт. он умер молодым."],
        "dropped": 1,
    }
    assert chapter["chunks"] == ["глава один", "лифт идёт на пятый этаж."]
    assert nothing == {"text": "", "spoken": "", "sentences": [], "chunks": [], "dropped": 0}


@pytest.mark.parametrize("line", ["{", "[]", '{"txt": "a"}', "7"])
@pytest.mark.django_db
def test_a_line_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    with pytest.raises(CommandError, match="Line 2 "):
        read_lines(monkeypatch, "az", '{"text": "salam"}', line)


@pytest.mark.django_db
def test_the_lexicon_of_the_site_and_of_a_user() -> None:
    user = User.objects.create_user("leyla")
    lexicon.save(LexiconEntry(language="az", grapheme="BDU", alias="bakı dövlət universiteti"))
    lexicon.save(LexiconEntry(language="az", grapheme="ADA", alias="a de a", owner=user))
    assert "bakı dövlət universiteti və ada" in read("--lang", "az", "BDU və ADA")
    assert "bakı dövlət universiteti və a de a" in read("--lang", "az", "--user", "leyla", "BDU və ADA")


def test_stages_are_listed_in_their_order() -> None:
    names = read("--lang", "az", "--stages").split()
    assert names.index("links") < names.index("phones") < names.index("numbers")
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_what_cannot_be_read() -> None:
    with pytest.raises(CommandError, match="--lang az, tr or ru"):
        read("salam")
    with pytest.raises(CommandError, match="no user nobody"):
        read("--lang", "az", "--user", "nobody", "salam")
    with pytest.raises(CommandError, match="speaks ru, not az"):
        read("--lang", "az", "--voice", "325645", "salam")
    with pytest.raises(CommandError, match="999"):
        read("--voice", "999", "salam")


@pytest.mark.parametrize("text", ["Salam.", "Salam, bu bir cümlədir. " * 3000], ids=["short", "long"])
def test_a_reader_that_has_seen_enough(text: str) -> None:
    """As before `| head`: no traceback, and the status of a program that a closed pipe has ended."""
    command = [sys.executable, "manage.py", "read", "--lang", "az"]
    with subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(text.encode())
        process.stdin.close()
        complaints = process.stderr.read().decode()
    assert (process.returncode, complaints) == (141, "")


@pytest.mark.django_db
def test_a_document() -> None:
    text = '<speak>Salam! <voice name="Anna">У меня 3 книги.</voice> <sub alias="beş">V</sub> var.</speak>'
    lines = read("--lang", "az", "--ssml", text).splitlines()
    assert lines[:4] == ["7–13  Salam!", "    salam!", "33–48  У меня 3 книги.", "    у меня три книги."]
    assert lines[5] == "    beş var."
    with pytest.raises(CommandError, match="SSML line 1, column 8: <audio> is not supported"):
        read("--lang", "az", "--ssml", "<speak><audio/></speak>")
    with pytest.raises(CommandError, match="no user"):
        read("--lang", "az", "--ssml", "--user", "nobody", text)
    with pytest.raises(CommandError, match="--jsonl"):
        read("--lang", "az", "--ssml", "--jsonl")
