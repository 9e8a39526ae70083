"""How long does somebody who never saw the product need, from `make run` to hearing a sentence of their own?

A fresh clone, so nothing is installed and no data is there. `make run` is watched on its output, as a person would; the
link that it prints is opened in Chromium, a sentence is typed letter by letter, *Generate* is pressed, and the clock
stops when the audio element has played a tenth of a second. Then once more as somebody who lost the link: the address
of the studio, name and password from the output, another sentence. What nobody knows is how long a person looks for a
button: `--rest` seconds are waited before each thing that a person does, and told.
"""

import argparse
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
SENTENCES = ("Salam, bu mənim ilk cümləmdir.", "Mən bu gün 15 kitab oxudum.")
_KEY_SECONDS = 0.1
_LONGEST = 1800.0


class Console:
    """What `make run` prints, as it comes."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.text = ""
        self._process = process
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.text += line

    def wait_for(self, pattern: str) -> str:
        """The last group of the first place where it says so."""
        end = time.monotonic() + _LONGEST
        while not (found := re.search(pattern, self.text)):
            if self._process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"make run did not come so far:\n{self.text[-2000:]}")
            time.sleep(0.05)
        return found[found.re.groups]


class Walk:
    """The stages of one way in, each with its seconds."""

    def __init__(self, page: Page, rest: float) -> None:
        self._page, self._rest = page, rest
        self._start = time.monotonic()
        self.stages: list[tuple[str, float]] = []

    def done(self, stage: str) -> None:
        now = time.monotonic()
        self.stages.append((stage, now - self._start))
        self._start = now

    def pause(self) -> None:
        time.sleep(self._rest)

    def speak(self, sentence: str) -> None:
        """From the open studio to sound."""
        page = self._page
        self.pause()
        page.keyboard.type(sentence, delay=1000 * _KEY_SECONDS)  # the field has the focus
        assert page.locator("#text").input_value() == sentence
        self.done(f"typing {len(sentence)} letters")
        self.pause()
        page.get_by_role("button", name="Generate").click()
        while not page.evaluate("(() => { const a = document.getElementById('audio'); return a.currentTime > 0.1 })()"):
            time.sleep(0.02)
        self.done("spoken and heard")


def by_link(page: Page, link: str, rest: float) -> list[tuple[str, float]]:
    walk = Walk(page, rest)
    walk.pause()
    page.goto(link)
    page.locator("#text:focus").wait_for()
    walk.done("opening the link: the studio")
    walk.speak(SENTENCES[0])
    return walk.stages


def by_password(page: Page, address: str, password: str, rest: float) -> list[tuple[str, float]]:
    walk = Walk(page, rest)
    walk.pause()
    page.goto(address)
    walk.done("opening the address: signing in is asked for")
    walk.pause()
    page.keyboard.type("admin", delay=1000 * _KEY_SECONDS)
    page.keyboard.press("Tab")
    page.keyboard.type(password, delay=1000 * _KEY_SECONDS)
    page.keyboard.press("Enter")
    page.locator("#text:focus").wait_for()
    walk.done("name and password: the studio")
    walk.speak(SENTENCES[1])
    return walk.stages


def pip_cache() -> str:
    done = subprocess.run([sys.executable, "-m", "pip", "cache", "info"], capture_output=True, text=True, check=False)
    sizes = re.findall(r"size: ([0-9.]+ \w+)", done.stdout)
    return ", ".join(sizes) or "none"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rest", type=float, default=2.0, help="seconds before each thing that a person does")
    parser.add_argument("--port", type=int, default=8977)
    parser.add_argument("--no-pip-cache", action="store_true", help="every package is fetched anew")
    chosen = parser.parse_args()
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser_path is None:
        raise SystemExit("no Chromium here: apt-get install chromium")
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before; "
        f"Python {platform.python_version()}"
    )
    print(f"pip's cache: {'not used' if chosen.no_pip_cache else pip_cache()}; what index pip asks is its own matter")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VOICEN_")}
    environment |= {"PORT": str(chosen.port), "PYTHONUNBUFFERED": "1"}
    if chosen.no_pip_cache:
        environment["PIP_NO_CACHE_DIR"] = "1"
    with tempfile.TemporaryDirectory(prefix="voicen-first-use-") as folder:
        clone = Path(folder) / "voicen-server"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        start = time.monotonic()
        process = subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            measure(Console(process), clone, browser_path, start, chosen.rest)
        finally:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def measure(console: Console, clone: Path, browser_path: str, start: float, rest: float) -> None:
    while not (clone / ".venv/.installed").exists():
        if time.monotonic() - start > _LONGEST:
            raise SystemExit(f"nothing was installed:\n{console.text[-2000:]}")
        time.sleep(0.05)
    installed = time.monotonic()
    link = console.wait_for(r"(http\S+/login/once/\S+)")
    printed = time.monotonic()
    setting_up = [
        ("environment made, packages installed", installed - start),
        ("start until the link", printed - installed),
    ]
    password = console.wait_for(r"password \(shown only now\): (\S+)")
    address = console.wait_for(r"Studio: (\S+)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        pages = [browser.new_context(locale="en-GB").new_page() for _ in range(2)]
        first = by_link(pages[0], link, rest)
        second = by_password(pages[1], address, password, rest)
        browser.close()
    told("make run", setting_up)
    told(f"a person with the link, {rest:g} s of looking before each step", first)
    told("a person without it", second)
    person = sum(seconds for _, seconds in first)
    started = setting_up[1][1]
    print(
        f"make run to one's own sentence: {installed - start + started + person:.1f} s, "
        f"of which installing {installed - start:.1f} s"
    )
    print(f"where it is installed already: {started + person:.1f} s")


def told(title: str, stages: list[tuple[str, float]]) -> None:
    print(f"{title}:")
    for stage, seconds in stages:
        print(f"  {seconds:7.1f} s  {stage}")
    print(f"  {sum(seconds for _, seconds in stages):7.1f} s  together")


if __name__ == "__main__":
    main()
