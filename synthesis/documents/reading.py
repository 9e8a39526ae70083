"""An uploaded file becomes text. What unpacks and parses runs in a child: a hostile file ends that, and nothing else.

No Django setting is read here but the folder for temporary files; no document is kept.
"""

import logging
import subprocess
import sys
import tempfile
from pathlib import Path, PurePath
from threading import Timer
from typing import IO

from django.conf import settings

from synthesis.documents import child
from synthesis.domain import text
from synthesis.domain.errors import InvalidInput

logger = logging.getLogger("voicen.documents")

PLAIN = frozenset({"", ".txt", ".text", ".log"})
KINDS = {
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".epub": "epub",
    ".pdf": "pdf",
    ".srt": "srt",
}
"""Kind by file name extension; other names are read as plain text."""

# A book of a thousand pages takes some seconds.
_SECONDS = 90.0
_PIECE = 1 << 16
_LONGEST_REASON = 300
_BYTES_A_CHARACTER = 4

# Written texts whose bytes have to become characters first, by the rules of plain text files.
_TEXTUAL = frozenset({"md", "html", "srt"})


def text_of(file: IO[bytes], name: str, language: str, max_characters: int) -> str:
    """The text of a document called `name`, not yet checked as a text. Raises InvalidInput, which names the fault.

    Headings and paragraphs stand apart by an empty line, items of lists and rows of tables on lines of their own.
    """
    kind = KINDS.get(PurePath(name).suffix.lower())
    if kind is None:
        return text.decode(file.read(), language)
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="document-") as folder:
        path = Path(folder) / f"document.{kind}"
        if kind in _TEXTUAL:
            path.write_text(text.decode(file.read(), language), encoding="utf-8")
        else:
            with path.open("wb") as copy:
                while piece := file.read(_PIECE):
                    copy.write(piece)
        return _read_in_child(kind, path, max_characters)


def _read_in_child(kind: str, path: Path, max_characters: int) -> str:
    # -I: nothing of the environment or the working folder decides what is imported; -B: it writes nothing.
    command = [sys.executable, "-IB", child.__file__, kind, str(path)]
    with (
        tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as said,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env={}) as process,
    ):
        alarm = Timer(_SECONDS, process.kill)
        alarm.start()
        try:
            content = _at_most(process, _BYTES_A_CHARACTER * max_characters)
            status = process.wait()
        finally:
            alarm.cancel()
        if content is None:
            raise InvalidInput(f"file: Longer than {max_characters} characters.")
        if status == child.REFUSED:
            said.seek(0)
            raise InvalidInput(f"file: {said.read(_LONGEST_REASON).decode(errors='replace').strip()}")
    if status != 0:
        logger.warning("a document of kind %s ended its reader with status %d", kind, status)
        raise InvalidInput(f"file: This {kind} file cannot be read: it is damaged, or takes too much time or memory.")
    return content.decode()


def _at_most(process: "subprocess.Popen[bytes]", limit: int) -> bytes | None:
    """What the child writes; None, and its end, when that is more than `limit` bytes."""
    content = bytearray()
    assert process.stdout is not None  # noqa: S101 - Popen was asked for a pipe
    while piece := process.stdout.read(_PIECE):
        content += piece
        if len(content) > limit:
            process.kill()
            return None
    return bytes(content)
