"""Programs that a worker feeds: gone with it, however it ends, and started without a copy of it."""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from workers.pipeline import children

PAGE = os.sysconf("SC_PAGE_SIZE")
PAGES = 20_000


@pytest.fixture(params=["setpriv", "by itself"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "by itself":
        monkeypatch.setattr(children, "_setpriv", tuple)
    elif not children._setpriv():
        pytest.skip("there is no setpriv that can kill a child with its parent")
    return str(request.param)


@pytest.mark.parametrize("program", ["/bin/sh", "sh"])
def test_it_is_fed(way: str, program: str, tmp_path: Path) -> None:
    with tempfile.TemporaryFile() as said:
        process = children.fed([program, "-c", f"cat > {tmp_path}/got; echo well >&2"], said)
        assert process.stdin is not None
        process.stdin.write(b"frames")
        process.stdin.close()
        assert process.wait(60) == 0
        assert (tmp_path / "got").read_bytes() == b"frames"
        said.seek(0)
        assert said.read() == b"well\n"


def test_no_such_program(way: str) -> None:
    with tempfile.TemporaryFile() as said, pytest.raises(FileNotFoundError, match="no program /no/such"):
        children.fed(["/no/such", "-v"], said)


_PARENT = """
import sys, tempfile, time
from workers.pipeline import children
if sys.argv[1] == "by itself":
    children._setpriv = tuple
process = children.fed(["/bin/sleep", "600"], tempfile.TemporaryFile())
print(process.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the end of its input has to do")
def test_one_that_hangs_is_killed_with_its_parent(way: str) -> None:
    command = [sys.executable, "-c", _PARENT, way]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        command_line = Path(f"/proc/{child}/cmdline")
        end = time.monotonic() + 30
        while b"sleep\0" not in command_line.read_bytes().replace(b"/bin/sleep", b"sleep"):
            assert time.monotonic() < end  # setpriv becomes it
        parent.send_signal(signal.SIGKILL)
        parent.wait(30)
    end = time.monotonic() + 30
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # gone, its entry too
        while b"sleep" in command_line.read_bytes():
            assert time.monotonic() < end, "it lives on"
            time.sleep(0.01)


@pytest.mark.skipif(not children._setpriv(), reason="there is no setpriv that can kill a child with its parent")
def test_the_memory_of_this_process_is_not_copied() -> None:
    memory = bytearray(PAGES * PAGE)
    for at in range(0, len(memory), PAGE):
        memory[at] = 1
    with tempfile.TemporaryFile() as said:
        process = children.fed(["/bin/sh", "-c", "cat"], said)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for at in range(0, len(memory), PAGE):
            memory[at] = 2
        faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
        process.communicate(timeout=60)
    assert faults < PAGES / 10
