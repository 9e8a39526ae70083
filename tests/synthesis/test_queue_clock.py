"""A clock that was set back leaves times in the future: no step waits for them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from synthesis.domain.status import StepState
from synthesis.models import Job, Step
from synthesis.services import queue

pytestmark = pytest.mark.django_db


def test_a_lease_that_ends_later_than_any_can_is_over(submit: Callable[..., Job]) -> None:
    submit()
    first = queue.claim()
    assert first is not None
    assert queue.claim() is None
    Step.objects.update(lease_until=timezone.now() + timedelta(hours=1))
    again = queue.claim()
    assert again is not None
    assert (again.pk, again.attempts) == (first.pk, 2)
    assert first.token is not None
    assert not queue.renew(first.pk, first.token), "the former holder is fenced"


def test_a_rest_that_is_longer_than_any_can_be_is_over(submit: Callable[..., Job]) -> None:
    submit()
    step = Step.objects.get()
    step.state, step.not_before = StepState.PENDING, timezone.now() + timedelta(seconds=30)
    step.save()
    assert queue.claim() is None
    Step.objects.update(not_before=timezone.now() + timedelta(hours=1))
    assert queue.claim() is not None
