"""The pronunciation lexicon outside the database: what an entry may be, and the files that entries come in.

`records` holds the rules, `table` reads and writes CSV, `pls` the W3C's Pronunciation Lexicon Specification 1.0.
"""

from synthesis.domain.errors import InvalidInput
from synthesis.domain.lexicon import pls, table
from synthesis.domain.lexicon.records import LANGUAGES, Collected, Record

__all__ = ["LANGUAGES", "MAX_BYTES", "Collected", "Record", "pls", "read", "table"]

MAX_BYTES = 5 * 1024 * 1024


def read(content: bytes, language: str | None) -> Collected:
    """The records of a CSV or PLS file, which its first character tells apart, and what is wrong with the others.

    `language` is that of entries that name none. Raises InvalidInput when the file as a whole cannot be read.
    """
    if len(content) > MAX_BYTES:
        raise InvalidInput(f"file: Larger than {MAX_BYTES // 1024 // 1024} MB.")
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return pls.read(content, language)
    return table.read(content, language)
