"""Voices that operators make, beside those of the files."""

from typing import Any

import pytest

from models.catalogue import catalogue
from models.operators import check, with_operators


def entry(**changes: Any) -> dict[str, object]:
    base = {"id": 900_001, "name": "Leyla", "language": "az", "gender": "female", "licence": "CC0-1.0"}
    return {**base, "engine": "tone", "engines": {"tone": {"hertz": 200}}, **changes}


def coqui(**settings: Any) -> dict[str, object]:
    return entry(engine="coqui", engines={"coqui": settings})


def test_it_works() -> None:
    extended, left_out = with_operators(catalogue(), [entry(), entry(id=900_002)])
    assert extended.ids() == (*catalogue().ids(), 900_001, 900_002)
    assert left_out == ()


def test_a_clash_leaves_out_one_voice_and_no_other() -> None:
    extended, left_out = with_operators(
        catalogue(), [entry(id=325640), entry(id=325652), entry(), entry(language="en")]
    )
    assert extended.ids() == (*catalogue().ids(), 900_001)
    assert [reason.partition(":")[0] for reason in left_out] == [
        "voice Leyla",
        "voice Leyla",
        "operator's voice 900001",
    ]


@pytest.mark.parametrize(
    "right",
    [
        entry(),
        coqui(model="xtts-v2", speaker="Ana", speed=0.95),
        coqui(model="mms-azj", converter="openvoice-v2", reference="references/a.wav"),
        entry(engine="kokoro", engines={"kokoro": {"style": "aytac"}}),
    ],
)
def test_what_is_right(right: dict[str, object]) -> None:
    check(right, catalogue())


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (entry(id=325641), "already Aynur's"),
        (entry(id=325652), "already Aytac's"),
        (entry(engine="kokoro"), "add engines.kokoro"),
        (entry(name=" "), "name is empty"),
        (entry(gain_db=99.0), "outside ±30"),
        (coqui(), "missing model"),
        (coqui(model="a", speed=9), "speed is 9, not a number from 0.5 to 2"),
        (coqui(model="a", converter="b"), "converter needs a reference"),
        (coqui(model="a", sped=1), "unknown key sped"),
        (entry(engine="kokoro", engines={"kokoro": {"style": "nobody"}}), "'nobody' is not one of anna, aynur"),
    ],
)
def test_what_is_wrong(wrong: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check(wrong, catalogue())
