"""The documents say what the code reads."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
READER = re.compile(
    r'env\.(?:text|secret|boolean|integer|choice|pattern|items|networks|choices|whole_numbers|path|optional_path)\(\s*"(\w+)"'
)
SECRET = re.compile(r'env\.secret\(\s*"(\w+)"')
ROW = re.compile(r"^\| (`.+?`(?:, `.+?`)*)( \*)? \|", re.MULTILINE)


def code() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "voicen_server").rglob("*.py"))


def rows() -> dict[str, bool]:
    """Variable → whether the table says that it may come from a file."""
    table = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    return {name: bool(star) for names, star in ROW.findall(table) for name in re.findall(r"`(\w+)`", names)}


def test_every_variable_has_its_row_and_every_row_its_variable() -> None:
    assert set(READER.findall(code())) == set(rows())


def test_secrets_are_marked() -> None:
    assert {name for name, starred in rows().items() if starred} == set(SECRET.findall(code()))


def test_the_readme_lists_the_voices() -> None:
    from models.catalogue import catalogue

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\d{6}) \| (\w+) \| \w+ \| (\w+) \|", readme, re.MULTILINE)
    assert listed == [(str(voice.id), voice.name, voice.gender) for voice in catalogue()]


def test_links_lead_somewhere() -> None:
    pages = [page for folder in (ROOT, ROOT / "client", ROOT / "examples") for page in folder.glob("*.md")]
    for page in (*pages, *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").rglob("*.md")):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
