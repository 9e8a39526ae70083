"""Licences that have to be accepted by name, and what was accepted."""

import datetime
from pathlib import Path

import pytest

from models.engines.errors import EngineError
from models.packs import licences
from models.packs.licences import LicenceNotAccepted

WHEN = datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("CPML", "CPML"),
        ("cpml", "CPML"),
        ("coqui-public-model-license", "CPML"),
        ("CC BY-NC-ND 4.0", "CC-BY-NC-ND-4.0"),
        ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
        ("apache 2.0", "Apache-2.0"),
        ("MIT", "MIT"),
        ("openrail", "openrail"),
        ("My  Own", "My-Own"),
    ],
)
def test_names_as_the_hubs_write_them(written: str, name: str) -> None:
    assert licences.canonical(written) == name


@pytest.mark.parametrize("written", ["", " ", "a,b", "../x", "x" * 65, "MIT OR CPML;"])
def test_what_cannot_be_a_name(written: str) -> None:
    with pytest.raises(ValueError, match="not the name of a licence"):
        licences.canonical(written)


@pytest.mark.parametrize("licence", sorted(licences.FREE))
def test_free_ones_need_nothing(licence: str) -> None:
    licences.check("pack", licence, frozenset())


@pytest.mark.parametrize("licence", [*sorted(licences.NON_COMMERCIAL), "unknown", "openrail"])
def test_every_other_one_is_refused_until_it_is_named(licence: str) -> None:
    with pytest.raises(LicenceNotAccepted, match=f"VOICEN_ACCEPTED_LICENCES={licence} ") as caught:
        licences.check("pack", licence, frozenset({"MIT"}))
    assert isinstance(caught.value, EngineError)
    assert caught.value.permanent
    assert caught.value.code == "licence_not_accepted"
    assert caught.value.names == (licence,)
    licences.check("pack", licence, frozenset({licence.lower()}))


def test_each_part_has_to_be_accepted() -> None:
    with pytest.raises(LicenceNotAccepted) as caught:
        licences.check("pack", "CPML AND MIT AND CC-BY-NC-4.0", frozenset({"CPML"}))
    assert caught.value.names == ("CC-BY-NC-4.0",)
    licences.check("pack", "CPML AND MIT AND CC-BY-NC-4.0", frozenset({"CPML", "CC-BY-NC-4.0"}))


def test_which_forbid_commerce() -> None:
    assert licences.is_non_commercial("MIT AND CC-BY-NC-4.0")
    assert not licences.is_non_commercial("MIT AND CC-BY-SA-4.0")


def test_what_was_accepted_is_kept_with_its_first_date(tmp_path: Path) -> None:
    folder = tmp_path / "voices"
    assert licences.recorded(folder) == {}
    licences.record(folder, ["cpml"], WHEN)
    licences.record(folder, ["CPML", "My Own"], WHEN + datetime.timedelta(days=1))
    assert licences.recorded(folder) == {"CPML": WHEN, "My-Own": WHEN + datetime.timedelta(days=1)}
    licences.check("pack", "CPML", frozenset(), folder)


def test_a_damaged_record_is_an_error_and_no_acceptance(tmp_path: Path) -> None:
    (tmp_path / "licences.toml").write_text("CPML = yes")
    with pytest.raises(EngineError, match=r"licences\.toml"):
        licences.check("pack", "CPML", frozenset(), tmp_path)
    (tmp_path / "licences.toml").write_text("CPML = true")
    with pytest.raises(LicenceNotAccepted):
        licences.check("pack", "CPML", frozenset(), tmp_path)
