"""API keys: made at random, shown once, kept as a digest."""

import contextlib
import hashlib
import secrets
import string
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q, TextField
from django.db.models.expressions import RawSQL
from django.utils import timezone

from synthesis.domain.errors import InvalidInput
from synthesis.models import ApiKey
from synthesis.prepared import Parameter, Select, Update
from synthesis.services import voices

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Lets people and secret scanners recognise a key that turns up in a repository or a log.
PREFIX = "vcn_"
IN_USE = "This key is in use already."
_ALPHABET = string.ascii_letters + string.digits
_RANDOM_LENGTH = 43  # 256 bits
_HINT_LENGTH = 8
_SHORTEST_IMPORT, _LONGEST_IMPORT = 8, 64
# Writing the moment of every single request would make each GET a write.
_LAST_USED_PRECISION = timedelta(minutes=1)

_now = Parameter("now", ApiKey, "expires")
_valid = Select(
    lambda: (
        ApiKey.objects.select_related("user")
        .filter(Q(expires=None) | Q(expires__gt=_now), digest=Parameter("digest", ApiKey, "digest"))
        .filter(disabled=False, user__is_active=True)
        .order_by()
        # What requests ask of key and account; neither password nor name is fetched for each of them.
        .only("last_used", "user__username", "user__is_active", "user__is_staff", "user__is_superuser")
        # Whoever sends a text asks for a voice next.
        .annotate(voices=RawSQL(voices.STAMP, [], TextField()))  # noqa: S611 - our own words
    )
)
_note_use = Update(lambda: ApiKey.objects.filter(pk=Parameter("id", ApiKey, "id")), last_used=lambda: _now)


def create(user: "User", name: str, *, expires: datetime | None = None) -> tuple[ApiKey, str]:
    """A new key and its plain text, which exists nowhere else."""
    plain = random_key()
    key = assign(ApiKey(user=user, name=name, expires=expires), plain)
    key.save()
    return key, plain


def import_existing(user: "User", name: str, plain: str, *, expires: datetime | None = None) -> ApiKey:
    """Take over a key that clients already hold (the original service issued UUIDs). Raises InvalidInput."""
    check_importable(plain)
    key = assign(ApiKey(user=user, name=name, expires=expires), plain)
    try:
        with transaction.atomic():
            key.save()
    except IntegrityError as error:
        raise InvalidInput(IN_USE) from error
    return key


def check_importable(plain: str) -> None:
    """Raises InvalidInput for what cannot be sent in a header, or is already somebody's key."""
    printable = plain.isascii() and plain.isprintable() and not any(char.isspace() for char in plain)
    if not printable or not _SHORTEST_IMPORT <= len(plain) <= _LONGEST_IMPORT:
        raise InvalidInput(
            f"A key has {_SHORTEST_IMPORT} to {_LONGEST_IMPORT} printable ASCII characters without spaces."
        )
    if ApiKey.objects.filter(digest=_digest(plain)).exists():
        raise InvalidInput(IN_USE)


def assign(key: ApiKey, plain: str) -> ApiKey:
    """Give the row this key, without saving it."""
    key.digest = _digest(plain)
    # An imported key may be short: no more than a third of it may be shown.
    key.hint = plain[: min(_HINT_LENGTH, len(plain) // 3)]
    return key


def regenerate(key: ApiKey) -> str:
    """Give the row a new key; the old one is refused from now on. Returns the plain text.

    A disabled or expired row stays so.
    """
    plain = random_key()
    assign(key, plain)
    key.created, key.last_used = timezone.now(), None
    key.save(update_fields=["digest", "hint", "created", "last_used"])
    return plain


def random_key() -> str:
    return PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LENGTH))


def find(plain: str) -> ApiKey | None:
    """The valid key with this plain text: known, enabled, not expired, of an active user."""
    now = timezone.now()
    key = _valid.first(now=now, digest=_digest(plain))
    if key is None:
        return None
    voices.note_stamp(key.voices)  # type: ignore[attr-defined]
    if key.last_used is None or now - key.last_used > _LAST_USED_PRECISION:
        with contextlib.suppress(DatabaseError):  # a full disk: reading goes on without the note
            _note_use.run(id=key.pk, now=now)
    return key


def row_of(plain: str) -> ApiKey | None:
    """The row with this plain text, whether it is valid or not."""
    return ApiKey.objects.filter(digest=_digest(plain)).first()


def _digest(plain: str) -> str:
    # A fast hash is right for random keys; a slow one would be paid at every request.
    return hashlib.sha256(plain.encode("utf-8", "surrogateescape")).hexdigest()
