"""What has to be done once before the service can run: tables, and a first administrator."""

import secrets

from django.contrib.auth.models import User
from django.core.management import call_command

from voicen_server import env


def prepare() -> str | None:
    """Migrate, and make the first administrator. Returns a password that was made up for them, to be shown once."""
    call_command("migrate", verbosity=0, interactive=False)
    if User.objects.filter(is_superuser=True).exists():
        return None
    if User.objects.filter(username=administrator()).exists():
        raise env.ConfigurationError(
            f"There is no administrator, and the name {administrator()!r} is taken by another user: "
            "set VOICEN_ADMIN_USERNAME to a new name."
        )
    given = env.secret("VOICEN_ADMIN_PASSWORD")
    password = given or secrets.token_urlsafe(12)
    User.objects.create_superuser(administrator(), password=password)
    return None if given else password


def administrator() -> str:
    """The name of the first administrator."""
    return env.text("VOICEN_ADMIN_USERNAME", "admin")
