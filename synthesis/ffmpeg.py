"""Where the ffmpeg program is, for what the web process decodes and encodes itself."""

import shutil


class NoFfmpeg(RuntimeError):
    """Neither PATH nor the pip package has one. The message says what to install."""


def find() -> str:
    """The one on PATH, else the one of the pip package. Raises NoFfmpeg."""
    on_path = shutil.which("ffmpeg")
    if on_path:
        return on_path
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:  # the latter: its wheel for this platform holds no program
        raise NoFfmpeg("There is no ffmpeg here: install it on the web host.") from error


def quiet() -> list[str]:
    """The program and the options that every call has: no terminal, no banner, errors only."""
    return [find(), "-nostdin", "-hide_banner", "-loglevel", "error"]
