"""The moves between the states of a job, and who may write them."""

import ast
import itertools
from pathlib import Path

import pytest
from django.conf import settings

from synthesis.domain.status import FINISHED, MOVES, UNFINISHED, Status, may_move, sources

# From the contract (row 16), not from the code.
ALLOWED = {
    ("waiting", "preparing"),
    ("preparing", "processing"),
    ("preparing", "synthesizing"),
    ("processing", "synthesizing"),
    ("synthesizing", "ready"),
    ("waiting", "failed"),
    ("preparing", "failed"),
    ("processing", "failed"),
    ("synthesizing", "failed"),
    # an operator's retry
    ("failed", "waiting"),
    ("failed", "processing"),
}


@pytest.mark.parametrize(("old", "new"), list(itertools.product(Status, Status)))
def test_every_pair(old: Status, new: Status) -> None:
    assert may_move(old, new) == ((old.value, new.value) in ALLOWED)
    assert (old in sources(new)) == may_move(old, new)


def test_the_documented_names() -> None:
    assert [str(status) for status in Status] == [
        *("waiting", "preparing", "processing", "synthesizing", "ready", "failed"),
    ]


def test_finished_and_unfinished() -> None:
    assert {"ready", "failed"} == FINISHED
    assert set(Status) == FINISHED | UNFINISHED
    assert not FINISHED & UNFINISHED


def test_every_status_is_reached_and_never_backwards() -> None:
    order = [*Status][:5]
    for old, new in itertools.combinations(order, 2):
        assert not may_move(new, old)
    assert all(sources(status) for status in Status)
    assert MOVES[Status.READY] == frozenset()


def _writes_of_status(tree: ast.AST) -> list[int]:
    """Lines that assign to `.status`, or pass `status=` to a call that writes rows."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "status" and isinstance(node.ctx, ast.Store):
            found.append(node.lineno)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _WRITERS:
            found += [node.lineno for keyword in node.keywords if keyword.arg == "status"]
    return found


_WRITERS = {"update", "create", "get_or_create", "update_or_create", "bulk_update"}


def test_the_search_finds_writes() -> None:
    assert _writes_of_status(ast.parse("job.status = 'ready'")) == [1]
    assert _writes_of_status(ast.parse("Job.objects.filter(pk=1).update(status='ready')")) == [1]
    assert _writes_of_status(ast.parse("Job.objects.filter(status='ready')")) == []


def test_nothing_but_services_writes_it() -> None:
    root = Path(settings.BASE_DIR)
    writers = {
        str(path.relative_to(root))
        for package in ("synthesis", "workers", "voicen_server", "models")
        for path in (root / package).rglob("*.py")
        if _writes_of_status(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert writers == {f"synthesis/services/{name}.py" for name in ("backup", "jobs", "queue")}
