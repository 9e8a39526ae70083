"""The lexicon as CSV: one entry a line, columns by their names, as spreadsheets read and write it."""

import csv
import io
from collections.abc import Iterable, Mapping
from itertools import zip_longest

from models.pronunciations import Entry
from synthesis.domain.errors import InvalidInput
from synthesis.domain.language import primary
from synthesis.domain.lexicon.records import Collected, Record

HEADER = ("grapheme", "language", "alias", "ipa", "whole_word", "match_case", "note")

# Also as spreadsheets in our languages write what they take for a truth value.
_TRUTH = {
    **dict.fromkeys(("yes", "true", "1", "y", "doğru", "истина", "да", "evet", "bəli", "hə"), True),
    **dict.fromkeys(
        ("no", "false", "0", "n", "yanlış", "yanliş", "yalan", "ложь", "нет", "hayır", "hayir", "xeyr", "yox"), False
    ),
}


def read(content: bytes, language: str | None) -> Collected:
    """The records of a CSV file in UTF-8, separated by commas, semicolons or tabs. Raises InvalidInput."""
    lines = csv.reader(io.StringIO(_decoded(content), newline=""), delimiter=_delimiter(content), strict=True)
    collected = Collected()
    columns: list[str] | None = None
    try:
        for values in lines:
            if not any(map(str.strip, values)):
                continue
            if columns is None:
                columns = _columns(values)
                continue
            place = f"line {lines.line_num}"
            if any(map(str.strip, values[len(columns) :])):
                collected.refuse(place, "Has more values than columns; one that holds a comma needs quotes.")
            else:
                row = dict(zip_longest(columns, map(str.strip, values[: len(columns)]), fillvalue=""))
                _collect(collected, row, place, language)
    except csv.Error as error:
        raise InvalidInput(f"file: Line {lines.line_num} is not CSV: {error}.") from error
    if columns is None:
        raise InvalidInput("file: The file is empty.")
    return collected


def write(records: Iterable[Record]) -> str:
    """The records as CSV; `read` gives the same ones back."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for record in records:
        entry = record.entry
        flags = ("yes" if flag else "no" for flag in (entry.whole_word, entry.match_case))
        writer.writerow((entry.grapheme, record.language, entry.alias, entry.ipa, *flags, record.note))
    return out.getvalue()


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidInput(f"file: Line {line} is not UTF-8; save the file as “CSV UTF-8”.") from error


def _delimiter(content: bytes) -> str:
    header = content.lstrip(b"\xef\xbb\xbf\r\n").split(b"\n", 1)[0]
    return max(",;\t", key=lambda sign: header.count(sign.encode()))


def _columns(values: list[str]) -> list[str]:
    columns = [value.strip().lower() for value in values]
    while columns[-1] == "":  # a spreadsheet's empty column
        columns.pop()
    if unknown := [name for name in columns if name not in HEADER]:
        raise InvalidInput(
            f"file: The first line names the columns: {','.join(HEADER)}. Unknown: {', '.join(unknown)}."
        )
    if len(set(columns)) < len(columns):
        raise InvalidInput("file: The first line names a column twice.")
    if "grapheme" not in columns or not {"alias", "ipa"} & set(columns):
        raise InvalidInput("file: The first line must name the columns grapheme and alias or ipa.")
    return columns


def _collect(collected: Collected, row: Mapping[str, str], place: str, language: str | None) -> None:
    flags = {name: _flag(row.get(name, ""), default) for name, default in (("whole_word", True), ("match_case", False))}
    if wrong := [name for name, flag in flags.items() if flag is None]:
        collected.refuse(place, f"{wrong[0]}: Must be yes or no, not {row[wrong[0]][:20]!r}.")
        return
    entry = Entry(
        grapheme=row["grapheme"],
        alias=row.get("alias", ""),
        ipa=row.get("ipa", ""),
        whole_word=bool(flags["whole_word"]),
        match_case=bool(flags["match_case"]),
    )
    tag = row.get("language", "")
    spoken = (primary(tag) or tag) if tag else language or ""
    collected.add(Record(spoken, entry, row.get("note", "")), place)


def _flag(value: str, default: bool) -> bool | None:
    """None for what is neither yes nor no."""
    return _TRUTH.get(value.replace("İ", "i").lower()) if value else default
