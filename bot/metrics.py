"""The metrics for Prometheus: counts and durations, nothing of persons or answers."""

from __future__ import annotations

import time
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

registry = CollectorRegistry()

turns = Histogram(
    "nenlm_turn_seconds",
    "Answered updates by the stage of the talk they led to: seconds until the screen had arrived.",
    ("stage",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
    registry=registry,
)
refusals = Counter("nenlm_refused_updates", "Updates that were not handled.", ("reason",), registry=registry)
errors = Counter("nenlm_errors", "Errors while an update was handled.", ("kind",), registry=registry)
webhook_changes = Counter(
    "nenlm_webhook_changes",
    "How often the webhook had been changed by somebody else and was set again.",
    registry=registry,
)
content = Gauge("nenlm_content_info", "The content in use, as a label; always 1.", ("version",), registry=registry)


def observe_turn(stage: str, began: float) -> None:
    """Record a turn that led to that stage. began: time.perf_counter() when its update was taken up."""
    _turns_of(stage).observe(time.perf_counter() - began)


@cache
def _turns_of(stage: str) -> Histogram:
    return turns.labels(stage)
