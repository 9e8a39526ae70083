"""Rows: API keys, limits and usage of accounts, the audit log, jobs, the steps of their work, the worker processes
that do it, the pronunciation lexicon, own voices, further names of voices, and webhooks.

No row holds a text of a job: databases keep pieces of deleted rows for long, and a deleted text has to be gone. Texts
lie in the speech storage beside the audio, in the job's folder.

States are written only by `synthesis.services`, by compare-and-set along the tables of `synthesis.domain.status`.
"""

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from models.catalogue import GENDERS
from models.pronunciations import LONGEST_ALIAS, LONGEST_GRAPHEME, LONGEST_IPA
from synthesis.domain.lexicon.records import LANGUAGES, LONGEST_NOTE
from synthesis.domain.options import LONGEST_TITLE
from synthesis.domain.status import CLAIMABLE, UNFINISHED, Source, Status, StepKind, StepState
from synthesis.domain.webhooks import JOB_EVENTS, LONGEST_URL, TO_DO, DeliveryState


class ApiKey(models.Model):
    """A key of the API. Only its digest is kept: the key itself is shown once, when it is made."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100, help_text="What uses this key, for example: call centre, production.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=16, editable=False, help_text="How the key begins, to tell it from others.")
    created = models.DateTimeField(auto_now_add=True)
    last_used = models.DateTimeField(null=True, blank=True, editable=False)
    expires = models.DateTimeField(null=True, blank=True, help_text="Empty: never.")
    disabled = models.BooleanField(default=False, help_text="A disabled key is refused at once.")

    class Meta:
        ordering = ("-id",)
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


class AccountLimits(models.Model):
    """What one user may use, and how long their jobs are kept. An empty field: as the settings say. 0: no limit."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="limits")
    characters_per_day = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Empty: as the settings say. 0: no limit. Days are those of UTC."
    )
    characters_per_month = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Empty: as the settings say. 0: no limit."
    )
    jobs_in_queue = models.PositiveIntegerField(
        null=True, blank=True, help_text="Unfinished jobs at a time. Empty: as the settings say. 0: no limit."
    )
    retention_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Finished jobs are deleted after so many days. Empty: as the settings say. 0: they are kept.",
    )

    class Meta:
        ordering = ("user__username",)
        verbose_name = "limits of an account"
        verbose_name_plural = "limits of accounts"

    def __str__(self) -> str:
        return f"limits of {self.user}"


class Usage(models.Model):
    """What one account had accepted on one day (UTC), counted once for each job. It outlives jobs and account."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="usage")
    username = models.CharField(max_length=150, help_text="As it was then.")
    day = models.DateField(db_index=True)
    jobs = models.PositiveBigIntegerField(default=0, help_text="Accepted.")
    characters = models.PositiveBigIntegerField(default=0, help_text="Of the accepted texts, as they were sent.")
    ready = models.PositiveBigIntegerField(default=0, help_text="Of these jobs, how many became audio.")
    audio_ms = models.PositiveBigIntegerField(default=0, verbose_name="audio (ms)")

    class Meta:
        ordering = ("-day", "username", "id")
        verbose_name = "usage of a day"
        verbose_name_plural = "usage"
        constraints = (models.UniqueConstraint(fields=("owner", "day"), name="one_usage_row_per_day"),)

    def __str__(self) -> str:
        return f"{self.username} on {self.day}"


class AuditEntry(models.Model):
    """Who did what to keys, accounts and jobs, when, and from where. Never a key, never a text.

    Rows are added and never changed; names are copied, so that an entry outlives what it tells of.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.CharField(max_length=150, blank=True, help_text="User name; empty for the service itself.")
    address = models.CharField(max_length=45, blank=True, help_text="Where the request came from.")
    action = models.CharField(max_length=40, db_index=True)
    target_type = models.CharField(max_length=40, blank=True)
    target_id = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "audit entry"
        verbose_name_plural = "audit log"

    def __str__(self) -> str:
        return f"{self.action} {self.target}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("An audit entry is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("An audit entry is never deleted one by one.")


class Job(models.Model):
    """One text that becomes one audio file."""

    STATUSES = tuple((status.value, status.value) for status in Status)

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="jobs")
    voice_id = models.IntegerField()
    language = models.CharField(max_length=2)
    character_count = models.PositiveIntegerField(help_text="Unicode code points of the text as it was sent.")
    status = models.CharField(max_length=12, choices=STATUSES, default=Status.WAITING.value)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True, help_text="When a worker first took the job.")
    finished = models.DateTimeField(null=True)

    chunk_count = models.PositiveIntegerField(null=True, help_text="Known once the text is split.")
    # Right once the job has ended; before that `services.queue.chunks_spoken` counts.
    chunks_spoken = models.PositiveIntegerField(default=0)

    folder = models.UUIDField(unique=True, editable=False, help_text="Names the job's folder in the speech storage.")
    spoken = models.CharField(max_length=200, blank=True, help_text="Name there of the text as it is spoken.")
    audio = models.CharField(max_length=200, blank=True, help_text="Name there of the audio.")
    audio_bytes = models.PositiveBigIntegerField(null=True)
    duration_ms = models.PositiveBigIntegerField(null=True, verbose_name="duration (ms)")
    sample_rate = models.PositiveIntegerField(null=True, editable=False, help_text="Hz of the speech, once ready.")

    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=500, blank=True)

    # The defaults are the database's too: while a new version is brought in, the old one still adds rows.
    title = models.CharField(max_length=LONGEST_TITLE, blank=True, db_default="", help_text="What the client calls it.")
    source = models.CharField(max_length=10, db_default=Source.API.value, editable=False, help_text="Its door.")
    options = models.JSONField(
        blank=True, db_default=models.Value({}, models.JSONField()), editable=False, help_text="Other than the usual."
    )
    priority = models.SmallIntegerField(db_default=0, help_text="Among the jobs of its owner: higher goes first.")
    expires = models.DateTimeField(null=True, blank=True, help_text="Deleted after it. Empty: as the limits say.")
    timings = models.CharField(
        max_length=200, blank=True, db_default="", help_text="Name there of the places of the sentences."
    )

    idempotency_key = models.CharField(max_length=255, null=True, editable=False)  # noqa: DJ001 - unique, many without
    idempotency_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("owner", "idempotency_key"), name="one_job_per_idempotency_key"),
            models.CheckConstraint(
                condition=models.Q(status__in=[status.value for status in Status]), name="job_status_is_known"
            ),
        )
        indexes = (
            models.Index(fields=("owner", "-id"), name="jobs_of_owner"),
            models.Index(fields=("status", "-id"), name="jobs_by_status"),
            models.Index(
                fields=("owner",),
                condition=models.Q(status__in=[status.value for status in sorted(UNFINISHED)]),
                name="unfinished_jobs",
            ),
        )

    def __str__(self) -> str:
        return f"job {self.pk}"


class JobTotal(models.Model):
    """How many jobs an account has, and how many of each priority have not ended. Written by `services` alone."""

    # Here and below without a constraint of the database: the version before, which may run beside this one for a
    # while, deletes users and jobs without knowing these rows. Housekeeping removes what it leaves.
    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="job_total", db_constraint=False
    )
    jobs = models.BigIntegerField(default=0)
    # The defaults are the database's: the version before adds rows too.
    low = models.BigIntegerField(db_default=0, help_text="Unfinished jobs of low priority.")
    normal = models.BigIntegerField(db_default=0, help_text="Unfinished jobs of normal priority.")
    high = models.BigIntegerField(db_default=0, help_text="Unfinished jobs of high priority.")

    def __str__(self) -> str:
        return f"{self.jobs} jobs of {self.owner_id}"


class Step(models.Model):
    """A claimable piece of a job's work: prepare its text, speak one chunk, or join the chunks.

    A running step is leased: it belongs to whoever holds `token`, until `lease_until`. A step whose lease has run out
    is claimable again, and whatever its former holder still writes is refused, since the token has changed.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=8, choices=tuple((kind.value, kind.value) for kind in StepKind))
    index = models.IntegerField(help_text="Chunk number; −1 for the step that prepares, the chunk count for the join.")
    round = models.BigIntegerField(help_text="Turn in the queue: all jobs get a chunk before one gets its next.")
    state = models.CharField(max_length=8, choices=tuple((state.value, state.value) for state in StepState))
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True)
    holder = models.UUIDField(null=True, help_text="Token of the worker process that holds the lease.")
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True, help_text="Rest after a failed attempt.")

    start = models.PositiveBigIntegerField(default=0, help_text="Where the chunk begins in the spoken text, in bytes.")
    length = models.PositiveIntegerField(default=0, help_text="Its length there, in bytes.")
    pause_ms = models.PositiveIntegerField(default=0, help_text="Silence after the chunk.")
    # Written and read by workers/ssml.py. A column that the version before does not fill.
    delivery = models.JSONField(null=True, help_text="How it is spoken otherwise than the job says.")
    audio = models.CharField(max_length=200, blank=True, help_text="Name of the spoken chunk in the speech storage.")
    samples = models.PositiveBigIntegerField(null=True, help_text="Length of that audio, its pause included.")
    sample_rate = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("job", "kind", "index"), name="one_step_per_place"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in StepState]), name="step_state_is_known"
            ),
        )
        indexes = (
            # Exactly the order in which steps are claimed.
            models.Index(
                fields=("round", "index", "id"),
                condition=models.Q(state__in=[state.value for state in sorted(CLAIMABLE)]),
                name="claimable_steps",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.index} of job {self.job_id}"


class CachedSpeech(models.Model):
    """A chunk that was spoken for one account and may be wanted again. Written by `services.speech_cache` alone."""

    key = models.CharField(max_length=64, unique=True, help_text="Of text, voice, engine, account; keyed.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cached_speech", db_constraint=False
    )
    audio = models.CharField(max_length=200, help_text="Name in the speech storage: signed 16-bit little-endian mono.")
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sample_rate = models.PositiveIntegerField()
    used = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"chunk {self.key[:8]}"


class SpeechUse(models.Model):
    """A job that holds a cached chunk: with the last one the chunk goes."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="speech_uses", db_constraint=False)
    entry = models.ForeignKey(CachedSpeech, on_delete=models.CASCADE, related_name="uses")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("job", "entry"), name="one_use_per_job"),)

    def __str__(self) -> str:
        return f"{self.entry_id} of job {self.job_id}"


class WorkerProcess(models.Model):
    """A sign of life of one process that speaks. It appears only after the process has spoken a first sentence."""

    token = models.UUIDField(unique=True)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    engine = models.CharField(max_length=60, help_text="The engines that it speaks with, comma-separated.")
    started = models.DateTimeField()
    last_seen = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.host} {self.pid}"


class OperatorVoice(models.Model):
    """A voice that an operator has made in the admin, beside those of the files."""

    ENGINES = (("kokoro", "Kokoro"), ("coqui", "Coqui"), ("tone", "tone (beeps, for tests)"))

    number = models.PositiveIntegerField(
        "id",
        unique=True,
        validators=(MinValueValidator(1),),
        help_text="What clients send as voice_id; never one that another voice has had.",
    )
    name = models.CharField(max_length=100)
    language = models.CharField(max_length=2, choices=(("az", "Azerbaijani"), ("tr", "Turkish"), ("ru", "Russian")))
    gender = models.CharField(max_length=6, choices=tuple((word, word) for word in GENDERS))
    licence = models.CharField(max_length=60, help_text="Of the recording, for example CC-BY-4.0.")
    gain_db = models.FloatField("gain (dB)", default=0.0, help_text="Brings the voice to -20 dBFS.")
    engine = models.CharField(max_length=20, choices=ENGINES)
    settings = models.JSONField(
        default=dict,
        help_text='What the engine is told (docs/voices.md), for example {"model": "xtts-v2", "speed": 0.95}.',
    )
    recording = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="sha256 of the reference recording, its name in the storage.",
    )
    recording_seconds = models.FloatField(null=True, editable=False)
    enabled = models.BooleanField(
        default=True, help_text="Clients can ask for it. Jobs that are not finished when it is switched off fail."
    )
    version = models.PositiveIntegerField(default=0, editable=False, help_text="Grows with every change.")

    class Meta:
        ordering = ("number",)
        verbose_name = "own voice"

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def entry(self) -> dict[str, object]:
        """The voice as a table of voices.toml."""
        settings = dict(self.settings)
        if self.recording:
            settings["reference"] = recording_path(self.recording)
        return {
            "id": self.number,
            "name": self.name,
            "language": self.language,
            "gender": self.gender,
            "licence": self.licence,
            "gain_db": self.gain_db,
            "engine": self.engine,
            "engines": {self.engine: settings},
        }


def recording_path(sha256: str) -> str:
    """Where engines find an operator's recording, in the folder of voice packs."""
    return f"references/{sha256}.wav"


class VoiceName(models.Model):
    """A name by which clients of other services ask for one of our voices. It wins over the shipped ones."""

    name = models.CharField(
        max_length=60,
        unique=True,
        help_text="As clients send it, in small letters: alloy. default: where none is asked for.",
    )
    voice_id = models.PositiveIntegerField("voice", help_text="The id of the voice that answers to it.")

    class Meta:
        ordering = ("name",)
        verbose_name = "voice name"

    def __str__(self) -> str:
        return f"{self.name} → {self.voice_id}"


class LexiconEntry(models.Model):
    """How a word or phrase is to be said: as other words (`alias`) or by its sounds (`ipa`). Without owner: for all.

    Written by `synthesis.services.lexicon` only, which keeps `key` and `revision` right.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="lexicon_entries",
        help_text="Whose texts it is for. Empty: everybody's. A user's own entry wins.",
    )
    language = models.CharField(max_length=2, choices=tuple((language, language) for language in LANGUAGES))
    grapheme = models.CharField(
        max_length=LONGEST_GRAPHEME, verbose_name="word or phrase", help_text="As it is written in texts."
    )
    # Composing letters may lengthen it, threefold at most.
    key = models.CharField(max_length=3 * LONGEST_GRAPHEME, editable=False, help_text="Its form for comparison.")
    alias = models.CharField(
        max_length=LONGEST_ALIAS, blank=True, help_text="What is read instead, written as it is said: qugl."
    )
    ipa = models.CharField(
        max_length=LONGEST_IPA, blank=True, verbose_name="IPA", help_text="Or its sounds: ˈɡuɡɯl. One of the two."
    )
    whole_word = models.BooleanField(default=True, help_text="Not inside longer words.")
    match_case = models.BooleanField(default=False, help_text="Only where capitals stand as they do here.")
    enabled = models.BooleanField(default=True)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False, help_text="Counts the changes.")

    class Meta:
        ordering = ("language", "key", "id")
        verbose_name = "lexicon entry"
        verbose_name_plural = "lexicon"
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "language", "match_case", "key"), name="one_lexicon_entry_per_word_of_user"
            ),
            models.UniqueConstraint(
                fields=("language", "match_case", "key"),
                condition=models.Q(owner=None),
                name="one_lexicon_entry_per_word",
            ),
            models.CheckConstraint(
                condition=models.Q(alias="") ^ models.Q(ipa=""), name="lexicon_entry_is_said_one_way"
            ),
            models.CheckConstraint(condition=models.Q(language__in=LANGUAGES), name="lexicon_language_is_known"),
        )
        indexes = (
            # All that `services.lexicon.version_for` reads.
            models.Index(fields=("language", "owner", "id", "revision"), name="lexicon_versions"),
        )

    def __str__(self) -> str:
        return f"{self.grapheme} ({self.language})"


def _all_events() -> list[str]:
    return [event.value for event in JOB_EVENTS]


class WebhookSigner(models.Model):
    """What signs deliveries. Its secret stands in no row: `services.webhooks` derives it from the service's secret
    key and the salt, so a stolen database signs nothing.
    """

    salt = models.UUIDField(default=uuid.uuid4, editable=False)
    former_salt = models.UUIDField(null=True, editable=False, help_text="Of the secret before.")
    former_until = models.DateTimeField(
        null=True, editable=False, help_text="The secret before signs as well until then."
    )

    class Meta:
        abstract = True


class WebhookAccount(WebhookSigner):
    """Signs the deliveries to the addresses that an account's jobs name themselves."""

    # No table of webhooks has a constraint on another: the release before, which does not know them, deletes users and
    # jobs too. Housekeeping removes what it leaves.
    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhook_account", db_constraint=False
    )

    def __str__(self) -> str:
        return f"webhook secret of {self.owner}"


class WebhookEndpoint(WebhookSigner):
    """An address of an account that is told of its jobs."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhook_endpoints", db_constraint=False
    )
    url = models.CharField("URL", max_length=LONGEST_URL)
    events = models.JSONField(default=_all_events)
    enabled = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=200, blank=True, help_text="Why the service has disabled it.")
    disabled_at = models.DateTimeField(null=True)
    last_delivered = models.DateTimeField(null=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "webhook"

    def __str__(self) -> str:
        # Not the path: it may be what keeps the address secret.
        return f"webhook {self.pk} to {host_of(self.url)}"


class JobWebhook(models.Model):
    """The address that one job names itself. The job's id is a plain number, see `WebhookAccount.owner`."""

    job_id = models.BigIntegerField(primary_key=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    url = models.CharField(max_length=LONGEST_URL)

    def __str__(self) -> str:
        return f"webhook of job {self.job_id}"


class WebhookDelivery(models.Model):
    """One event on its way to one address. It outlives its job. Claimed and leased like a step."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhook_deliveries", db_constraint=False
    )
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, null=True, related_name="deliveries", db_constraint=False
    )
    url = models.CharField(max_length=LONGEST_URL, blank=True, help_text="Of a job's own address; else the endpoint's.")
    event_id = models.CharField(max_length=40, unique=True, help_text="webhook-id: the same at every attempt.")
    event = models.CharField(max_length=20)
    job_id = models.BigIntegerField(null=True, help_text="Also of a job that is gone.")
    title = models.CharField(max_length=LONGEST_TITLE, blank=True, help_text="The job's, until it is deleted.")
    error_code = models.CharField(max_length=40, blank=True)
    created = models.DateTimeField(help_text="When it happened.")

    state = models.CharField(
        max_length=10,
        choices=tuple((state.value, state.value) for state in DeliveryState),
        default=DeliveryState.PENDING.value,
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField()
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True, help_text="HTTP status of the last answer.")
    last_reason = models.CharField(max_length=200, blank=True, help_text="What went wrong the last time.")
    finished = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "webhook delivery"
        verbose_name_plural = "webhook deliveries"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in DeliveryState]), name="delivery_state_is_known"
            ),
        )
        indexes = (
            models.Index(
                fields=("next_try", "id"),
                condition=models.Q(state__in=[state.value for state in sorted(TO_DO)]),
                name="webhooks_to_do",
            ),
            models.Index(fields=("job_id",), name="webhooks_of_job"),
            models.Index(fields=("created",), name="webhooks_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.event} to {host_of(self.url) if self.url else f'webhook {self.endpoint_id}'}"


def host_of(url: str) -> str:
    """What of an address may be shown."""
    return urlsplit(url).hostname or ""
