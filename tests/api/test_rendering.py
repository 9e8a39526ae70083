"""Answers are the bytes that DRF itself writes: clients may compare them, sign them or cut them by hand."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer

from synthesis.api.rendering import JsonRenderer
from synthesis.domain.status import Status

_plain = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text()
_trees = st.recursive(_plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(_trees)
def test_plain_values(data: Any) -> None:
    assert JsonRenderer().render(data) == JSONRenderer().render(data)


@pytest.mark.parametrize(
    "data",
    [
        {"text": 'Şəhər \u2028 \u2029 \x00 \x7f </script> \\ " 🙂'},
        {"at": datetime(2026, 11, 23, 19, 7, 17, 316650, UTC), "id": uuid.UUID(int=7), "cost": Decimal("1.50")},
        {"status": Status.READY, "label": gettext_lazy("ready"), 7: "a number as a key"},
        [0.1, 1.5, 24.0, -0.0, 1e3],
        (1, 2),
        b"bytes",
    ],
)
def test_others(data: Any) -> None:
    assert JsonRenderer().render(data) == JSONRenderer().render(data)


def test_what_is_no_json_stays_an_error() -> None:
    for renderer in (JsonRenderer(), JSONRenderer()):
        with pytest.raises(UnicodeEncodeError):
            renderer.render({"text": "\ud800"})
