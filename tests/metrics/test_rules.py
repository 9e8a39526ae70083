"""The dashboard and the alert rules: their language is right, and every metric that they name is one of ours."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

ROOT = Path(__file__).parents[2] / "deploy"
RULES = yaml.safe_load((ROOT / "prometheus/alerts.yml").read_text(encoding="utf-8"))
DASHBOARD = json.loads((ROOT / "grafana/voicen.json").read_text(encoding="utf-8"))
NAME = re.compile(r"\btts_\w+")
# What Prometheus itself knows of each target.
ITS_OWN = {"up"}


def alerts() -> list[dict[str, Any]]:
    return [rule for group in RULES["groups"] for rule in group["rules"]]


def expressions() -> list[str]:
    return [rule["expr"] for rule in alerts()] + [
        target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]
    ]


def names(expression: object) -> Iterator[str]:
    """The metrics of a parsed expression."""
    if isinstance(expression, promql_parser.VectorSelector):
        yield expression.name or ""
    for part in ("expr", "lhs", "rhs", "vector_selector"):
        if (inner := getattr(expression, part, None)) is not None:
            yield from names(inner)
    for inner in getattr(expression, "args", None) or ():
        yield from names(inner)


@pytest.mark.parametrize("expression", expressions())
def test_syntax(expression: str) -> None:
    parsed = promql_parser.parse(expression)
    assert set(NAME.findall(expression)) <= set(names(parsed))


def test_the_check_can_fail() -> None:
    with pytest.raises(ValueError, match=r"."):
        promql_parser.parse("sum(rate(tts_jobs_total[5m])")


def test_every_metric_exists(db: None, settings: Settings) -> None:
    settings.METRICS_TOKEN = "a long token for Prometheus"
    page = Client().get("/metrics", headers={"Authorization": f"Bearer {settings.METRICS_TOKEN}"}).content.decode()
    ours = set()
    for family in text_string_to_metric_families(page):
        suffixes = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("_total",)}.get(family.type, ("",))
        ours |= {family.name + suffix for suffix in suffixes}
    named = {name for expression in expressions() for name in names(promql_parser.parse(expression))}
    assert named - ITS_OWN <= ours, named - ITS_OWN - ours
    assert named & ours


def test_alerts_say_what_to_do() -> None:
    seen = [rule["alert"] for rule in alerts()]
    assert len(seen) == len(set(seen)) >= 8
    for rule in alerts():
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"\d+[smh]", rule["for"])
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert set(rule["annotations"]) == {"summary", "action"}


def test_the_scrape_configuration() -> None:
    config = yaml.safe_load((ROOT / "prometheus/prometheus.yml").read_text(encoding="utf-8"))
    assert config["rule_files"] == ["alerts.yml"]
    assert config["scrape_configs"][0]["metrics_path"] == "/metrics"


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not taken & cells, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
