"""``manage.py read``: what will be said of a text, and how it is split."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import chain
from typing import Any, TextIO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from models.catalogue import UnknownVoice, Voice, catalogue
from models.engines import loader
from synthesis.domain import text as texts
from synthesis.domain.errors import InvalidInput
from synthesis.services import ssml
from workers.lexicons import Lexicons, everybodys
from workers.pipeline import render
from workers.pipeline.normalise import LANGUAGES, How, Reading, normalise, paragraphs, stages
from workers.reading import read as sentences_of


class Command(BaseCommand):
    help = "Show how a text is read: the spoken words with the stretch that each stands for, sentences and chunks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", nargs="?", help="the text; standard input when left out")
        parser.add_argument("--lang", choices=LANGUAGES, help="the language; needed unless --voice tells it")
        parser.add_argument("--voice", type=int, metavar="ID", help="whose engine splits the text")
        parser.add_argument("--user", metavar="NAME", help="read with this user's lexicon")
        parser.add_argument(
            "--ssml", action="store_true", help="the text is a document in SSML; shows its sentences, and no chunks"
        )
        parser.add_argument("--stages", action="store_true", help="only list the language's stages in their order")
        parser.add_argument(
            "--jsonl",
            action="store_true",
            help='read lines {"text": …} from standard input, print for each a line with text, spoken, sentences '
            "(as written), chunks (as spoken) and dropped (how many characters nothing is said for)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        voice = _voice(options["voice"], options["lang"])
        if options["stages"]:
            self.stdout.write("\n".join(dict.fromkeys(name for name, _ in stages(voice.language))))
            return
        if options["ssml"]:
            if options["jsonl"]:
                raise CommandError("--ssml shows one document: leave out --jsonl.")
            text = sys.stdin.read() if options["text"] is None else options["text"]
            for line in _as_spoken(text, voice, options["user"]):
                self.stdout.write(line)
            return
        how = _how(options["user"], voice.language)
        if options["jsonl"]:
            for text in _lines(sys.stdin):
                self.stdout.write(json.dumps(_as_json(text, voice, how), ensure_ascii=False))
                self.stdout.flush()  # another program may wait for the answer to each line
        else:
            text = sys.stdin.read() if options["text"] is None else options["text"]
            for line in _as_table(text, voice, how):
                self.stdout.write(line)


def _voice(voice_id: int | None, language: str | None) -> Voice:
    if voice_id is None:
        if language is None:
            raise CommandError("Say which language: --lang az, tr or ru.")
        return next(voice for voice in catalogue() if voice.language == language)
    try:
        voice = catalogue().get(voice_id)
    except UnknownVoice as error:
        raise CommandError(str(error)) from error
    if language not in (None, voice.language):
        raise CommandError(f"Voice {voice_id} speaks {voice.language}, not {language}.")
    return voice


def _how(username: str | None, language: str) -> How:
    without = frozenset(settings.READING_WITHOUT)
    user_id = _user_id(username)
    return How(everybodys(language) if user_id is None else Lexicons().of(user_id, language), without)


def _user_id(username: str | None) -> int | None:
    if username is None:
        return None
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no user {username}.")
    return int(user.pk)


def _lines(stream: TextIO) -> Iterator[str]:
    for number, line in enumerate(stream, start=1):
        try:
            yield json.loads(line)["text"]
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f'Line {number} of the input is no JSON object with a "text".') from error


def _readings(text: str, voice: Voice, how: How) -> Iterator[Reading]:
    return (normalise(paragraph.text, voice.language, start=paragraph.start, how=how) for paragraph in paragraphs(text))


def _chunks(text: str, voice: Voice, how: How) -> list[str]:
    return [chunk.text.strip() for chunk in render.chunks(text, voice, loader.ruler(settings.ENGINE), how)]


def _as_json(text: str, voice: Voice, how: How) -> dict[str, object]:
    readings = list(_readings(text, voice, how))
    sentences = [sentence for reading in readings for sentence in reading.sentences]
    return {
        "text": text,
        "spoken": " ".join(reading.spoken for reading in readings if reading.spoken),
        "sentences": [text[sentence.start : sentence.end] for sentence in sentences],
        "chunks": _chunks(text, voice, how),
        "dropped": sum(reading.dropped for reading in readings),
    }


def _as_table(text: str, voice: Voice, how: How) -> Iterator[str]:
    """Each sentence, how it is spoken, and what is not spoken as it is written."""
    for sentence in chain.from_iterable(reading.sentences for reading in _readings(text, voice, how)):
        written = text[sentence.start : sentence.end]
        yield f"{sentence.start}–{sentence.end}  {' '.join(written.split())}"
        yield f"    {sentence.spoken or '(nothing)'}"
        for stretch, spoken in _changes(text, sentence.spans, sentence.spoken):
            yield f"      {stretch} → {spoken}"
        for place in sentence.dropped:
            yield f"      {text[place]} (not spoken)"
    yield "Chunks:"
    for number, chunk in enumerate(_chunks(text, voice, how), start=1):
        yield f"{number:5}  {chunk}"


def _as_spoken(text: str, voice: Voice, username: str | None) -> Iterator[str]:
    """Each sentence of a document, without its markup, and how it is spoken."""
    try:
        document = ssml.document(texts.check(text, settings.MAX_CHARACTERS), voice.language, voice)
    except InvalidInput as error:
        raise CommandError(error.message.removeprefix("text: ")) from error
    for sentence in sentences_of(document, voice.language, _user_id(username)):
        yield f"{sentence.offset}–{sentence.offset + sentence.length}  {' '.join(sentence.original.split())}"
        yield f"    {sentence.spoken or '(nothing)'}"


def _changes(text: str, spans: Any, spoken: str) -> Iterator[tuple[str, str]]:
    """The stretches whose words differ from what is written, neighbours of one stretch together."""
    joined: list[tuple[int, int, list[str]]] = []
    for span in spans:
        word = spoken[span.spoken_start : span.spoken_end]
        if joined and joined[-1][:2] == (span.start, span.end):
            joined[-1][2].append(word)
        else:
            joined.append((span.start, span.end, [word]))
    for start, end, words in joined:
        written = text[start:end]
        if written.casefold() != " ".join(words).casefold() and any(map(str.isalnum, written)):
            yield " ".join(written.split()), " ".join(words)
