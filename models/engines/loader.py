"""Engines by name. Each is imported when it is first asked for: its libraries are heavy or not installed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models.engines.base import Engine, Ruler


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What an engine may know of the machine it runs on.

    ``data_dir`` is writable and keeps assembled weights. ``weights_dir``, when set, is a folder in which the
    operator has put the weights. ``threads`` is the number of CPU threads one engine may use. ``device`` is "auto",
    "cpu", "cuda" or "cuda:1". ``voices_dir`` holds the voice packs (None: ``data_dir/voices``), of which those under
    ``accepted_licences`` may be loaded beside the free ones. ``kokoro_runtime`` is one of ``kokoro_networks.RUNTIMES``.
    """

    data_dir: Path
    weights_dir: Path | None
    threads: int
    device: str = "auto"
    voices_dir: Path | None = None
    accepted_licences: frozenset[str] = frozenset()
    kokoro_runtime: str = "auto"

    def __post_init__(self) -> None:
        if self.threads < 1:
            raise ValueError(f"threads must be at least 1, not {self.threads}")


def load(name: str, options: EngineOptions) -> Engine:
    """A new engine, ready to speak. ValueError for an unknown name, EngineError when it cannot be loaded."""
    try:
        build = _ENGINES[name]
    except KeyError:
        raise ValueError(f"unknown engine {name!r}; known are {', '.join(sorted(_ENGINES))}") from None
    return build(options)


def ruler(name: str) -> Ruler:
    """What measures texts for the engine, without its weights. ValueError for an unknown name."""
    try:
        return _RULERS[name]()
    except KeyError:
        raise ValueError(f"unknown engine {name!r}; known are {', '.join(sorted(_ENGINES))}") from None


def names() -> tuple[str, ...]:
    """The engines that ``load`` knows."""
    return tuple(_ENGINES)


def _kokoro(options: EngineOptions) -> Engine:
    from models.engines.kokoro import Kokoro
    from models.weights import kokoro_model

    model = kokoro_model(options.data_dir, options.weights_dir)
    return Kokoro(model, threads=options.threads, data_dir=options.data_dir, runtime=options.kokoro_runtime)


def _tone(options: EngineOptions) -> Engine:
    from models.engines.tone import Tone

    return Tone()


def _coqui(options: EngineOptions) -> Engine:
    from models.engines.coqui import not_installed

    try:
        from models.engines.coqui.engine import Coqui
    except ModuleNotFoundError as error:
        raise not_installed(error) from error
    return Coqui(
        voices_dir=options.voices_dir or options.data_dir / "voices",
        cache_dir=options.data_dir / "references",
        kernels_dir=options.data_dir / "weights",  # as Kokoro's: they are the same
        device=options.device,
        threads=options.threads,
        accepted_licences=options.accepted_licences,
    )


_ENGINES: dict[str, Callable[[EngineOptions], Engine]] = {"kokoro": _kokoro, "coqui": _coqui, "tone": _tone}


def _kokoro_ruler() -> Ruler:
    from models.engines.kokoro import KokoroRuler

    return KokoroRuler()


def _tone_ruler() -> Ruler:
    from models.engines.tone import Tone

    return Tone()


def _coqui_ruler() -> Ruler:
    from models.engines.coqui.ruler import CoquiRuler

    return CoquiRuler()


_RULERS: dict[str, Callable[[], Ruler]] = {"kokoro": _kokoro_ruler, "coqui": _coqui_ruler, "tone": _tone_ruler}
