"""Which workers are alive."""

from datetime import timedelta

import pytest
from django.utils import timezone

from synthesis.models import WorkerProcess
from synthesis.services import presence

pytestmark = pytest.mark.django_db


def seen(seconds_ago: float) -> None:
    WorkerProcess.objects.update(last_seen=timezone.now() - timedelta(seconds=seconds_ago))


def test_it_works() -> None:
    who = presence.Presence("host", 17, "tone")
    presence.sign_of_life(who)
    presence.sign_of_life(who)
    row = presence.alive().get()
    assert (row.host, row.pid, row.engine, row.started) == ("host", 17, "tone", who.started)


def test_three_missed_signs() -> None:
    presence.sign_of_life(presence.Presence("host", 17, "tone"))
    seen(29)
    assert presence.alive().count() == 1
    seen(31)
    assert presence.alive().count() == 0


def test_a_sleeper_comes_back() -> None:
    who = presence.Presence("host", 17, "tone")
    presence.sign_of_life(who)
    seen(3 * 24 * 3600)
    presence.forget_dead()
    presence.sign_of_life(who)
    assert presence.alive().count() == 1


def test_two_lives_of_one_process_id() -> None:
    presence.sign_of_life(presence.Presence("host", 17, "tone"))
    presence.sign_of_life(presence.Presence("host", 17, "tone"))
    assert presence.alive().count() == 2


def test_leave() -> None:
    first, second = presence.Presence("host", 1, "tone"), presence.Presence("host", 2, "tone")
    presence.sign_of_life(first)
    presence.sign_of_life(second)
    presence.leave(first)
    presence.leave(first)
    assert presence.alive().get().pid == 2
