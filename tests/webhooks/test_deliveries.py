"""From what becomes of a job to what a receiver gets, on the database under test and over real HTTP."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db.models.functions import Now
from django.utils import timezone
from pytest_django import Settings
from standardwebhooks.webhooks import WebhookVerificationError

from synthesis.domain.webhooks import Answer
from synthesis.models import AuditEntry, Job, JobWebhook, Usage, WebhookAccount, WebhookDelivery, WebhookEndpoint
from synthesis.services import deliveries, housekeeping, jobs, queue, webhooks
from tests.synthesis import progress
from tests.webhooks.conftest import Endpoint, deliver, let_time_pass
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db
Submit = Callable[..., Job]
TEXT = "Gizli cümlə zebra"


def states() -> list[str]:
    return list(WebhookDelivery.objects.order_by("id").values_list("state", flat=True))


# --- What is told ---------------------------------------------------------------------------------------------------


def test_a_life(endpoint: Endpoint, receiver: Receiver, submit: Submit, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://tts.example.az/speech"
    _, secret = endpoint()
    job = submit(TEXT)
    Job.objects.filter(pk=job.pk).update(title="Xəbərlər")
    progress.make_ready(job)
    assert deliver() == 1
    completed = receiver.received[0].verified(secret)
    v1, v2 = (f"https://tts.example.az/speech/api/{version}/jobs/{job.pk}/" for version in ("v1", "v2"))
    assert completed["type"] == "job.completed"
    assert completed["data"] == {
        "id": job.pk,
        "title": "Xəbərlər",
        "status": "ready",
        "links": {"v1": v1, "v2": v2, "audio": f"{v2}audio/"},
    }
    jobs.delete(job.pk)
    assert deliver() == 1
    deleted = receiver.received[1].verified(secret)
    assert (deleted["type"], deleted["data"]) == (
        "job.deleted",
        {"id": job.pk, "title": "", "status": "deleted"},
    )
    assert not WebhookDelivery.objects.exclude(title="").exists(), "nothing of a deleted job stays but its number"
    ids = [received.headers["webhook-id"] for received in receiver.received]
    assert len(set(ids)) == 2
    assert b"zebra" not in b"".join(received.body for received in receiver.received)


def test_a_failure(endpoint: Endpoint, receiver: Receiver, submit: Submit) -> None:
    _, secret = endpoint()
    job = progress.make_failed(submit())
    deliver()
    failed = receiver.received[0].verified(secret)
    assert (failed["type"], failed["data"]["status"]) == ("job.failed", "failed")
    assert failed["data"]["error"] == {"code": "engine_failed"}
    assert failed["data"]["links"]["v1"] == f"/api/v1/jobs/{job.pk}/"


def test_the_signature_is_of_this_body_and_this_endpoint(
    endpoint: Endpoint, receiver: Receiver, submit: Submit
) -> None:
    _, secret = endpoint()
    other = webhooks.secret(WebhookEndpoint())
    progress.make_ready(submit())
    deliver()
    received = receiver.received[0]
    assert received.headers["Content-Type"] == "application/json"
    assert received.headers["Host"] == f"127.0.0.1:{receiver.port}"
    received.verified(secret)
    with pytest.raises(WebhookVerificationError):
        received.verified(other)
    with pytest.raises(WebhookVerificationError):
        type(received)(received.path, received.headers, received.body + b" ").verified(secret)


def test_only_the_wanted_events(endpoint: Endpoint, receiver: Receiver, submit: Submit) -> None:
    endpoint(events=["job.failed"])
    progress.make_ready(submit())
    assert deliver() == 0
    jobs.cancel(submit().pk)
    assert deliver() == 1


def test_nobody_elses_jobs(endpoint: Endpoint, receiver: Receiver, submit: Submit, db: None) -> None:
    endpoint(owner=User.objects.create_user("stranger"))
    progress.make_ready(submit())
    assert not WebhookDelivery.objects.exists()


def test_what_is_rolled_back_is_not_told(endpoint: Endpoint, submit: Submit) -> None:
    endpoint()
    job = submit()
    step = progress.claim(job)
    jobs.cancel(job.pk)
    before = WebhookDelivery.objects.count()
    with pytest.raises(queue.LostLease):
        queue.finish_job(step, "late", 1, 1)
    assert WebhookDelivery.objects.count() == before == 1


# --- A job's own address --------------------------------------------------------------------------------------------


def test_a_jobs_own_address(user: User, receiver: Receiver, submit: Submit) -> None:
    job = submit()
    webhooks.for_job(job, receiver.url("/own?x=1"))
    progress.make_ready(job)
    assert deliver() == 1
    received = receiver.received[0]
    assert received.path == "/own?x=1"
    assert received.verified(webhooks.secret(webhooks.account(user.pk)))["type"] == "job.completed"
    jobs.delete(job.pk)
    assert deliver() == 1
    assert not JobWebhook.objects.exists()


@pytest.mark.parametrize(
    ("end", "event"), [(progress.make_ready, "job.completed"), (progress.make_failed, "job.failed")]
)
def test_of_a_job_that_has_ended_already(
    end: Callable[[Job], Job], event: str, receiver: Receiver, submit: Submit
) -> None:
    job = end(submit())
    webhooks.for_job(job, receiver.url())
    webhooks.for_job(job, receiver.url())  # the request again, with its idempotency key
    assert deliver() == 1
    assert json.loads(receiver.received[0].body)["type"] == event


def test_of_a_job_that_is_gone(receiver: Receiver, ready_job: Job) -> None:
    jobs.delete(ready_job.pk)
    webhooks.for_job(Job(pk=ready_job.pk), receiver.url())
    assert not JobWebhook.objects.exists()


# --- Secrets --------------------------------------------------------------------------------------------------------


def test_both_secrets_sign_for_a_day(endpoint: Endpoint, receiver: Receiver, submit: Submit) -> None:
    row, old = endpoint()
    new = webhooks.rotate(row)
    assert new != old
    progress.make_ready(submit())
    deliver()
    for secret in (old, new):
        receiver.received[0].verified(secret)
    WebhookEndpoint.objects.update(former_until=timezone.now())
    jobs.cancel(submit().pk)
    deliver()
    receiver.received[1].verified(new)
    with pytest.raises(WebhookVerificationError):
        receiver.received[1].verified(old)


def test_no_row_holds_a_secret(endpoint: Endpoint, settings: Settings) -> None:
    row, secret = endpoint()
    assert secret.startswith("whsec_")
    settings.SECRET_KEY = "another installation, with the same rows"
    assert webhooks.secret(WebhookEndpoint.objects.get(pk=row.pk)) != secret


# --- Answers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_success(status: int, endpoint: Endpoint, receiver: Receiver, submit: Submit) -> None:
    row, _ = endpoint()
    receiver.answers = [status]
    progress.make_ready(submit())
    deliver()
    assert states() == ["delivered"]
    row.refresh_from_db()
    assert row.last_delivered is not None
    assert WebhookDelivery.objects.get().last_status == status


@pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503])
def test_failure_and_then_success(status: int, endpoint: Endpoint, receiver: Receiver, submit: Submit) -> None:
    """The same id and body at each attempt; no redirect is followed."""
    _, secret = endpoint()
    receiver.answers, receiver.headers = [status, 200], {"Location": receiver.url("/elsewhere")}
    progress.make_ready(submit())
    assert deliver() == 1
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("pending", 1, status)
    assert delivery.last_reason == f"The answer was {status}."
    assert deliver() == 0, "it rests"
    let_time_pass()
    assert deliver() == 1
    assert states() == ["delivered"]
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert (first.body, first.path) == (second.body, second.path)
    second.verified(secret)


def test_retry_after(endpoint: Endpoint, receiver: Receiver, submit: Submit) -> None:
    endpoint()
    receiver.answers, receiver.headers = [503], {"Retry-After": "5000"}
    progress.make_ready(submit())
    deliver()
    in_time = timedelta(seconds=4900), timedelta(seconds=5100)
    waits = WebhookDelivery.objects.filter(next_try__gt=Now() + in_time[0], next_try__lt=Now() + in_time[1])
    assert waits.exists()


def test_ten_failures_disable(endpoint: Endpoint, receiver: Receiver, submit: Submit) -> None:
    row, _ = endpoint()
    receiver.answers = [500]
    progress.make_ready(submit())
    for attempt in range(1, 11):
        assert deliver() == 1
        assert WebhookDelivery.objects.get().attempts == attempt
        let_time_pass()
    assert deliver() == 0
    row.refresh_from_db()
    assert (row.enabled, row.disabled_reason) == (False, "10 attempts failed. The answer was 500.")
    assert states() == ["failed"]
    assert AuditEntry.objects.get(action="disabled").target == f"webhook {row.pk} to 127.0.0.1"
    progress.make_ready(submit())
    assert deliver() == 0


def test_one_event_that_is_never_taken_does_not_disable(endpoint: Endpoint, receiver: Receiver, submit: Submit) -> None:
    row, _ = endpoint()
    progress.make_ready(submit())
    WebhookDelivery.objects.update(attempts=9)
    WebhookEndpoint.objects.update(last_delivered=timezone.now() + timedelta(seconds=1))
    receiver.answers = [500]
    deliver()
    row.refresh_from_db()
    assert (states(), row.enabled) == (["failed"], True)


def test_gone(endpoint: Endpoint, receiver: Receiver, submit: Submit) -> None:
    row, _ = endpoint()
    receiver.answers = [410]
    progress.make_ready(submit())
    jobs.cancel(submit().pk)
    assert deliver() == 1, "the second is given up with the first"
    row.refresh_from_db()
    assert (row.enabled, row.disabled_reason) == (False, "It answered 410 Gone.")
    assert states() == ["failed", "failed"]
    webhooks.change(row, enabled=True)
    assert (row.enabled, row.disabled_reason) == (True, "")


def test_gone_of_a_jobs_own_address(receiver: Receiver, submit: Submit) -> None:
    job = submit()
    webhooks.for_job(job, receiver.url())
    receiver.answers = [410]
    progress.make_ready(job)
    assert (deliver(), deliver()) == (1, 0)
    assert states() == ["failed"]


def test_a_test_is_tried_once_and_disables_nothing(endpoint: Endpoint, receiver: Receiver) -> None:
    row, secret = endpoint()
    receiver.answers = [500]
    webhooks.test(row)
    assert deliver() == 1
    let_time_pass()
    assert deliver() == 0
    row.refresh_from_db()
    assert (row.enabled, states()) == (True, ["failed"])
    assert receiver.received[0].verified(secret)["data"] == {"webhook_id": row.pk}


def test_resend(endpoint: Endpoint, receiver: Receiver, submit: Submit) -> None:
    row, _ = endpoint()
    progress.make_ready(submit())
    delivery = WebhookDelivery.objects.get()
    assert not webhooks.resend(delivery), "it has not been sent yet"
    deliver()
    assert webhooks.resend(delivery)
    assert deliver() == 1
    assert len({received.headers["webhook-id"] for received in receiver.received}) == 1
    webhooks.disable(row, "")
    assert not webhooks.resend(delivery)


# --- Leases ---------------------------------------------------------------------------------------------------------


def test_a_lost_process(endpoint: Endpoint, receiver: Receiver, submit: Submit) -> None:
    """Killed between claim and answer: somebody else makes the call, and the late answer is thrown away."""
    endpoint()
    progress.make_ready(submit())
    lost = deliveries.claim()
    assert lost is not None
    assert deliveries.claim() is None
    WebhookDelivery.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert deliver() == 1
    deliveries.write(lost.delivery, Answer(500))
    assert states() == ["delivered"]


def test_a_process_that_dies_at_every_attempt(endpoint: Endpoint, submit: Submit) -> None:
    row, _ = endpoint()
    progress.make_ready(submit())
    for _ in range(10):
        assert deliveries.claim() is not None
        WebhookDelivery.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert deliveries.claim() is None
    row.refresh_from_db()
    assert (states(), row.enabled) == (["failed"], False)


@pytest.mark.parametrize("field", ["next_try", "lease_until"])
def test_a_clock_that_was_set_back(field: str, endpoint: Endpoint, receiver: Receiver, submit: Submit) -> None:
    endpoint()
    progress.make_ready(submit())
    if field == "lease_until":
        deliveries.claim()
    WebhookDelivery.objects.update(**{field: Now() + timedelta(days=400)})
    assert deliver() == 1


def test_one_at_a_time_to_an_endpoint_and_two_of_an_account(
    endpoint: Endpoint, submit: Submit, receiver: Receiver
) -> None:
    for name in "abc":
        endpoint(receiver.url(f"/{name}"))
    for _ in range(3):
        progress.make_ready(submit())
    stranger = User.objects.create_user("stranger")
    endpoint(receiver.url("/stranger"), owner=stranger)
    progress.make_ready(submit(owner=stranger))
    taken = []
    while (call := deliveries.claim()) is not None:
        taken.append(call)
    assert [call.url.rpartition("/")[2] for call in taken] in (["a", "b", "stranger"], ["c", "b", "stranger"])
    deliveries.write(taken[0].delivery, Answer(200))
    following = deliveries.claim()
    assert following is not None
    assert following.delivery.owner_id == taken[0].delivery.owner_id
    assert following.delivery.endpoint_id != taken[1].delivery.endpoint_id


# --- What goes away -------------------------------------------------------------------------------------------------


def test_a_user_who_goes(endpoint: Endpoint, receiver: Receiver, submit: Submit, user: User) -> None:
    endpoint()
    progress.make_ready(submit())
    claimed = deliveries.claim()
    assert claimed is not None
    webhooks.for_job(submit(), receiver.url())
    user.delete()
    assert not WebhookEndpoint.objects.exists()
    assert deliveries.claim() is None
    deliveries.write(claimed.delivery, Answer(200))
    housekeeping.tidy()
    for model in (WebhookDelivery, WebhookAccount, JobWebhook):
        assert not model.objects.exists(), model


def test_an_endpoint_that_goes(endpoint: Endpoint, submit: Submit) -> None:
    row, _ = endpoint()
    progress.make_ready(submit())
    claimed = deliveries.claim()
    assert claimed is not None
    row.delete()
    deliveries.write(claimed.delivery, Answer(200))
    assert deliveries.claim() is None
    assert not WebhookDelivery.objects.exists()


def test_what_the_release_before_deletes(endpoint: Endpoint, receiver: Receiver, submit: Submit, user: User) -> None:
    """It knows no webhooks: the rows stay behind, and nothing comes of them."""
    endpoint()
    job = submit()
    webhooks.for_job(job, receiver.url())
    progress.make_ready(job)
    Usage.objects.all().delete()
    for rows in (Job.objects.filter(pk=job.pk), User.objects.filter(pk=user.pk)):
        rows._raw_delete("default")
    assert deliveries.claim() is None
    webhooks.tidy()
    for model in (WebhookDelivery, WebhookEndpoint, WebhookAccount, JobWebhook):
        assert not model.objects.exists(), model


def test_old_deliveries_go(endpoint: Endpoint, submit: Submit) -> None:
    endpoint()
    for _ in range(3):
        progress.make_ready(submit())
    first, second, third = WebhookDelivery.objects.order_by("id")
    long_ago = timezone.now() - timedelta(days=31)
    WebhookDelivery.objects.filter(pk__in=[first.pk, second.pk]).update(created=long_ago)
    WebhookDelivery.objects.filter(pk__in=[first.pk, third.pk]).update(state="delivered")
    webhooks.tidy()
    assert set(WebhookDelivery.objects.values_list("pk", flat=True)) == {second.pk, third.pk}
