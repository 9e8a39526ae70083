"""The totals in the database: every process adds to them, any web process shows them.

The usual ways fail here: a worker has no port to be asked at, web processes are several and would each tell their own
part, and memory-mapped files of one folder tell nothing of other hosts.
"""

import json
import logging
import threading
from collections.abc import Iterator

from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import F
from prometheus_client import Metric

from synthesis.metrics import counters
from synthesis.metrics.models import Total

logger = logging.getLogger("voicen.metrics")

_Key = tuple[str, str]
_stored: dict[_Key, float] = {}
_lock = threading.Lock()
# The order of a histogram's samples; the buckets come before them.
_LAST = ("_count", "_sum")


def flush() -> None:
    """Add what this process has counted since the last time. A database that is away gets it with the next call."""
    with _lock:
        counted = _counted()
        # With the zeros of what appears for the first time: a histogram shows all its buckets.
        news = {key: value - _stored.get(key, 0) for key, value in counted.items() if value != _stored.get(key)}
        if not news:
            return
        try:
            _add(news)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("the metrics wait for the database: %s", type(error).__name__)
            return
        _stored.update(counted)


def _counted() -> dict[_Key, float]:
    return {
        (sample.name, json.dumps(sample.labels, sort_keys=True)): sample.value
        for metric in counters.registry.collect()
        for sample in metric.samples
        if not sample.name.endswith("_created")
    }


@transaction.atomic
def _add(news: dict[_Key, float]) -> None:
    for name, labels in sorted(news):  # all processes lock the rows in one order
        row = Total.objects.filter(name=name, labels=labels)
        more = F("value") + news[name, labels]
        if not row.update(value=more):
            Total.objects.bulk_create([Total(name=name, labels=labels)], ignore_conflicts=True)
            row.update(value=more)


def collect() -> Iterator[Metric]:
    """Every counter and histogram with the totals of all processes."""
    rows: dict[str, list[tuple[dict[str, str], float]]] = {}
    for name, text, value in Total.objects.values_list("name", "labels", "value"):
        rows.setdefault(name, []).append((json.loads(text), value))
    for metric in counters.registry.collect():
        family = Metric(metric.name, metric.documentation, metric.type)
        for suffix in ("_total",) if metric.type == "counter" else ("_bucket", *_LAST):
            for labels, value in sorted(rows.get(metric.name + suffix, ()), key=_order):
                family.add_sample(metric.name + suffix, labels, value)
        yield family


def _order(row: tuple[dict[str, str], float]) -> tuple[list[tuple[str, str]], float]:
    labels = row[0]
    return sorted(item for item in labels.items() if item[0] != "le"), float(labels.get("le", 0))
