"""manage.py create_token"""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from synthesis.models import ApiKey
from synthesis.services import keys

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("create_token", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_works() -> None:
    out, err = run("leyla")
    key = keys.find(out.split()[-1])
    assert key is not None
    assert key.user.username == "leyla"
    assert not key.user.has_usable_password()
    assert not key.user.is_staff
    assert err == ""


def test_a_known_user(user: User) -> None:
    out, _ = run("leyla", "--name", "call centre")
    key = keys.find(out.strip())
    assert key is not None
    assert (key.user, key.name) == (user, "call centre")
    assert User.objects.count() == 1


def test_import() -> None:
    existing = "0f2e4a8c-95f3-4a0c-8f5e-1b2c3d4e5f60"
    out, err = run("leyla", "--import", existing)
    assert out.strip() == existing
    assert err == ""
    assert keys.find(existing)


def test_a_short_import_warns() -> None:
    _, err = run("leyla", "--import", "12345678")
    assert "guessed" in err


@pytest.mark.parametrize("existing", ["", "short", "x" * 65, "with space"])
def test_a_bad_import_makes_no_user(existing: str) -> None:
    with pytest.raises(CommandError):
        run("leyla", f"--import={existing}")
    assert not User.objects.exists()


def test_a_key_in_use() -> None:
    run("leyla", "--import", "12345678")
    with pytest.raises(CommandError, match="in use"):
        run("other", "--import", "12345678")


@pytest.mark.parametrize("username", ["", "a b", "x" * 151, "a/b"])
def test_a_bad_name(username: str) -> None:
    with pytest.raises(CommandError, match="user name"):
        run(username)
    assert not ApiKey.objects.exists()


def test_a_long_purpose() -> None:
    with pytest.raises(CommandError, match="name"):
        run("leyla", "--name", "x" * 101)
    assert not User.objects.exists()


def test_an_inactive_user(user: User) -> None:
    """Its key would be refused: say so now."""
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="active"):
        run("leyla")
