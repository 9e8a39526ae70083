"""manage.py import_voicen"""

import io
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from synthesis.models import ApiKey, AuditEntry
from synthesis.services import keys

pytestmark = pytest.mark.django_db

FIRST = "0f2e4a8c-95f3-4a0c-8f5e-1b2c3d4e5f60"
SECOND = "6b8d0a51-2f5c-4c1e-9d7a-0a9b8c7d6e5f"
TABLE = f"username,key,name,email\nleyla,{FIRST},call centre,leyla@example.az\nleyla,{SECOND},,\nramin,,,\n"


def run(folder: Path, table: str | bytes, *arguments: str) -> tuple[str, str]:
    file = folder / "table.csv"
    file.write_bytes(table if isinstance(table, bytes) else table.encode())
    out, err = io.StringIO(), io.StringIO()
    call_command("import_voicen", str(file), *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def refusal(folder: Path, table: str | bytes) -> str:
    """What is said; nothing has changed."""
    before = User.objects.count(), ApiKey.objects.count(), AuditEntry.objects.count()
    with pytest.raises(CommandError) as raised:
        run(folder, table)
    assert (User.objects.count(), ApiKey.objects.count(), AuditEntry.objects.count()) == before
    assert FIRST not in str(raised.value)
    return str(raised.value)


def test_it_works(tmp_path: Path) -> None:
    out, err = run(tmp_path, TABLE)
    assert out == "2 users and 2 keys added, 0 keys there already.\n"
    assert err == ""
    for plain, name in ((FIRST, "call centre"), (SECOND, "imported")):
        key = keys.find(plain)
        assert key is not None
        assert (key.user.username, key.user.email, key.name) == ("leyla", "leyla@example.az", name)
    assert not User.objects.get(username="ramin").has_usable_password()
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {"imported"}


def test_the_key_opens_the_api(tmp_path: Path) -> None:
    run(tmp_path, TABLE)
    assert Client(headers={"Authorization": f"Token {FIRST}"}).get("/api/v1/jobs/").status_code == 200


def test_again_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path, TABLE)
    ApiKey.objects.filter(name="call centre").update(disabled=True)
    out, _ = run(tmp_path, TABLE)
    assert out == "0 users and 0 keys added, 2 keys there already.\n"
    assert ApiKey.objects.count() == 2
    assert keys.find(FIRST) is None, "a key that was disabled since stays so"


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    out, _ = run(tmp_path, TABLE, "--dry-run")
    assert out == "Would be: 2 users and 2 keys added, 0 keys there already.\n"
    assert not User.objects.exists()
    assert not AuditEntry.objects.exists()


def test_no_key_is_printed(tmp_path: Path) -> None:
    for _ in range(2):
        out, err = run(tmp_path, TABLE + "tural,12345678,,\n")
        assert FIRST not in out + err
        assert "12345678" not in out + err
        assert "1 keys have fewer than 20 characters" in err


def test_semicolons_a_byte_order_mark_and_another_order(tmp_path: Path) -> None:
    run(tmp_path, b"\xef\xbb\xbfKey;Username\r\n" + FIRST.encode() + b";leyla\r\n")
    assert keys.find(FIRST) is not None


def test_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TABLE.encode())))
    call_command("import_voicen", "-", stdout=io.StringIO())
    assert keys.find(FIRST) is not None


def test_every_bad_line_is_named_and_none_taken(tmp_path: Path) -> None:
    told = refusal(tmp_path, f"username,key,name\nleyla,{FIRST},\nra min,{SECOND},\ntural,short,\naysel,{FIRST},\n")
    assert [line[:7] for line in told.splitlines()[1:]] == ["Line 3:", "Line 4:", "Line 5:"]


def test_a_key_of_another_user(tmp_path: Path, user: User) -> None:
    keys.import_existing(user, "theirs", FIRST)
    assert "another user" in refusal(tmp_path, f"username,key\nstranger,{FIRST}\n")


def test_a_user_who_is_not_active(tmp_path: Path, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert "not active" in refusal(tmp_path, f"username,key\n{user.username},{FIRST}\n")


def test_swapped_columns_print_no_key(tmp_path: Path) -> None:
    assert "Line 2" in refusal(tmp_path, f"key,username\nle yla,{FIRST} \n")


@pytest.mark.parametrize(
    "table",
    [
        b"",
        b"username,password\nleyla,x\n",
        b"key\n12345678\n",
        b"username,username\na,b\n",
        b"username,key\nleyla\n",
        b"username,key\nleyla,12345678,more\n",
        b'username,key\n"leyla,12345678\n',
        "username\nəli\n".encode("utf-16"),
        b"username,key\nle\0yla,12345678\n",
        b"username,key\n,12345678\n",
        b"username,email\nleyla,nobody\n",
        b"username,key,name\nleyla,12345678," + b"x" * 101 + b"\n",
    ],
)
def test_bad_tables(tmp_path: Path, table: bytes) -> None:
    assert refusal(tmp_path, table)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_voicen", str(tmp_path / "none.csv"))
