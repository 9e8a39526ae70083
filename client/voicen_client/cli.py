"""`voicen`: what people type. One line for each error, and an exit code for each kind of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Annotated, Optional
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.table import Table

from voicen_client import config, progress
from voicen_client.client import SUBTITLE_FORMATS, Client
from voicen_client.errors import Failed, Refused, Unauthorized, Unreachable, VoicenError
from voicen_client.records import Job, Options, Voice

_EXIT_CODES = (
    (Unreachable, 3),
    (Unauthorized, 4),
    (config.NotLoggedIn, 4),
    (Failed, 5),
    (VoicenError, 1),
    (OSError, 1),
)
_INTERRUPTED = 130
_STANDARD = "-"

app = typer.Typer(
    help="Text to speech with a Voicen server. Exit codes: 1 refused, 2 usage, 3 no server, 4 no key, 5 job failed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
jobs_app = typer.Typer(help="Your jobs: list (the default), show, download, cancel, retry, delete.")
app.add_typer(jobs_app, name="jobs")
out, err = Console(highlight=False, markup=False), Console(stderr=True, highlight=False, markup=False)

Ids = Annotated[list[int], typer.Argument(metavar="ID...", min=1)]
Output = Annotated[Optional[str], typer.Option("--output", "-o", help="File to write; - for standard output.")]


def main() -> None:
    """Run the command; what this package raises becomes one line and an exit code."""
    try:
        app()
    except KeyboardInterrupt:
        _end("Interrupted.", _INTERRUPTED)
    except tuple(kind for kind, _ in _EXIT_CODES) as error:
        _end(_one_line(error), next(code for kind, code in _EXIT_CODES if isinstance(error, kind)))


@app.command()
def login(url: Annotated[str, typer.Argument(help="The server, for example https://tts.example.az")]) -> None:
    """Keep a server and a key for the next commands. The key is asked for, or read from standard input."""
    key = typer.prompt("Key", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    entered = config.Login(url.rstrip("/"), key.strip())
    with Client(entered.url, entered.key) as client:
        version = client.api_version  # a wrong address or key is told now
    where = config.save(entered)
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        err.print("Warning: over http:// the key can be read on its way. Use https:// where the server has it.")
    err.print(f"Logged in to {entered.url} (API v{version}); kept in {where}.", soft_wrap=True)


@app.command()
def logout() -> None:
    """Forget the server and the key that `login` kept."""
    err.print("Logged out." if config.forget() else "There was no login.")


@app.command()
def say(
    text: Annotated[Optional[str], typer.Argument(help="What to say; or use --file.")] = None,
    file: Annotated[Optional[str], typer.Option("--file", "-f", help="A file to read; - for standard input.")] = None,
    voice: Annotated[str, typer.Option("--voice", "-v", help="Name or number, see `voicen voices`.")] = "Aytac",
    output: Output = None,
    lang: Annotated[Optional[str], typer.Option(help="az, tr or ru; else the voice's.")] = None,
    speed: Annotated[Optional[float], typer.Option(help="1 is the voice's own tempo.")] = None,
    pauses: Annotated[Optional[float], typer.Option(help="Length of the rests, 1 is usual.")] = None,
    audio_format: Annotated[Optional[str], typer.Option("--format", help="mp3, wav, ogg, flac; else by -o.")] = None,
    sample_rate: Annotated[Optional[int], typer.Option(help="In Hz.")] = None,
    title: Annotated[Optional[str], typer.Option(help="What the job is called in lists.")] = None,
    priority: Annotated[Optional[str], typer.Option(help="low, normal or high among your own jobs.")] = None,
    ssml: Annotated[bool, typer.Option("--ssml", help="The text or file is a document in SSML.")] = False,
    subtitles: Annotated[bool, typer.Option("--subtitles", help="So that `voicen subtitles` has some.")] = False,
    wait: Annotated[bool, typer.Option(help="--no-wait prints the job's number and ends.")] = True,
) -> None:
    """Speak a text or a file into an audio file."""
    if (text is None) == (file is None):
        raise typer.BadParameter("Give either a text or --file.")
    options = Options(
        format=audio_format or _format_of(output),
        speed=speed,
        pauses=pauses,
        sample_rate=sample_rate,
        title=title,
        priority=priority,
        ssml=ssml or None,
        subtitles=subtitles or None,
    )
    with _client() as client:
        if file is None or file == _STANDARD:
            content = text if text is not None else _standard_input()
            job = client.submit(content, voice, language=lang, options=options)
        else:
            job = client.submit_file(file, voice, language=lang, options=options)
        if wait:
            _fetch(client, job, output)
        else:
            out.print(str(job.id))


@app.command("subtitles")
def fetch_subtitles(
    job_id: Annotated[int, typer.Argument(metavar="JOB")],
    form: Annotated[Optional[str], typer.Option("--format", help="srt, vtt, json; else by -o, else srt.")] = None,
    output: Output = None,
) -> None:
    """Save when each sentence of a job is heard; waits for the job where it is not ready yet.

    The job has to be made with --subtitles.
    """
    form = form or _one_of(SUBTITLE_FORMATS, output) or "srt"
    if form not in SUBTITLE_FORMATS:
        raise typer.BadParameter(f"Use one of: {', '.join(SUBTITLE_FORMATS)}.", param_hint="--format")
    with _client() as client, _job_goes_on(job_id, f"voicen subtitles {job_id}"):
        ready = _wait(client, job_id)
        if output == _STANDARD:
            client.write_subtitles(ready.id, sys.stdout.buffer, form)
            sys.stdout.buffer.flush()
            return
        path = Path(output or _file_name(client.voices(), ready, form))
        client.download_subtitles(ready.id, path, form)
    err.print(str(path), soft_wrap=True)


@app.command()
def voices() -> None:
    """List the voices of the server."""
    with _client() as client:
        table = _table("id", "name", "language", "")
        for voice in client.voices():
            table.add_row(str(voice.id), _clean(voice.name), voice.language, voice.gender)
    out.print(table)


@jobs_app.callback(invoke_without_command=True)
def jobs(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_jobs()


@jobs_app.command("list")
def list_jobs(
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    status: Annotated[Optional[str], typer.Option(help="Only those that are ready, failed, waiting …")] = None,
) -> None:
    """List the newest jobs."""
    with _client() as client:
        table = _table("id", "status", "characters", "length", "created", "title")
        for job in islice(client.jobs(status), limit):
            table.add_row(
                str(job.id),
                progress.status(job),
                str(job.character_count),
                progress.clock(job.duration),
                job.created[:16].replace("T", " "),
                _clean(job.title),
            )
    out.print(table)


@jobs_app.command()
def show(job_id: Annotated[int, typer.Argument(metavar="ID")]) -> None:
    """Show one job, a line for each of its facts."""
    with _client() as client:
        job = client.job(job_id)
    for name, value in vars(job).items():
        if value not in (None, ""):
            out.print(f"{name}: {_clean(str(value))}", soft_wrap=True)


@jobs_app.command()
def download(job_id: Annotated[int, typer.Argument(metavar="ID")], output: Output = None) -> None:
    """Save a job's audio; waits for it where it is not ready yet."""
    with _client() as client:
        _fetch(client, client.job(job_id), output)


@jobs_app.command()
def cancel(ids: Ids) -> None:
    """End unfinished jobs."""
    with _client() as client:
        _each(ids, client.cancel, "is cancelled")


@jobs_app.command()
def retry(ids: Ids) -> None:
    """Take up failed jobs again."""
    with _client() as client:
        _each(ids, client.retry, "goes on")


@jobs_app.command()
def delete(ids: Ids) -> None:
    """Delete jobs with text and audio, for good."""
    with _client() as client:
        _each(ids, client.delete, "is deleted")


# --- What the commands share ---------------------------------------------------------------------------------------


@contextmanager
def _client() -> Iterator[Client]:
    login = config.load()
    with Client(login.url, login.key) as client:
        yield client


def _each(ids: list[int], act: Callable[[int], object], told: str) -> None:
    """Do it to every job; one that the server refuses does not hold up the others."""
    refused = False
    for job_id in ids:
        try:
            act(job_id)
        except Unauthorized:
            raise
        except Refused as error:
            refused = True
            err.print(f"Job {job_id}: {_one_line(error)}", soft_wrap=True)
        else:
            err.print(f"Job {job_id} {told}.")
    if refused:
        raise SystemExit(1)


def _fetch(client: Client, job: Job, output: Optional[str]) -> None:
    """Wait with a progress bar and write the audio. Interrupted, the job goes on and its number is told."""
    with _job_goes_on(job.id, f"voicen jobs download {job.id}"):
        ready = _wait(client, job.id)
        if output == _STANDARD:
            client.write_audio(ready.id, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return
        path = Path(output or _file_name(client.voices(), ready, ready.format or "mp3"))
        client.download(ready.id, path)
    length = f" ({progress.clock(ready.duration)})" if ready.duration is not None else ""
    err.print(f"{path}{length}", soft_wrap=True)


@contextmanager
def _job_goes_on(job_id: int, later: str) -> Iterator[None]:
    """Interrupted, or with the server gone, say by which command to go on."""
    try:
        yield
    except KeyboardInterrupt:
        _end(f"Job {job_id} goes on. Fetch it with: {later}", _INTERRUPTED)
    except Unreachable as error:
        _end(f"{_one_line(error)} Once it is there: {later}", 3)


def _wait(client: Client, job_id: int) -> Job:
    with progress.shown(err) as show:
        return client.wait(job_id, show)


def _file_name(voices: list[Voice], job: Job, suffix: str) -> str:
    name = next((voice.name for voice in voices if voice.id == job.voice_id), str(job.voice_id))
    safe = "".join(char if char.isalnum() else "_" for char in name)
    return f"{safe}_{job.id}.{suffix}"


def _format_of(output: Optional[str]) -> Optional[str]:
    """The format that a file's name asks for: none for an mp3, which every server makes by itself."""
    return _one_of(("wav", "ogg", "flac"), output)


def _one_of(formats: tuple[str, ...], output: Optional[str]) -> Optional[str]:
    suffix = Path(output or "").suffix.lower().lstrip(".")
    return suffix if suffix in formats else None


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            "Standard input is not UTF-8: give the file by --file, the server tells code pages."
        ) from error


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _clean(text: str) -> str:
    """Without what could steer the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def _one_line(error: BaseException) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)
    return _clean(str(error))


def _end(message: str, code: int) -> None:
    err.print(message, soft_wrap=True)
    raise SystemExit(code)
