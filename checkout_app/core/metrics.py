"""What this process counts, in Prometheus' terms; each metric is defined where it is measured."""

from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector, Summary, disable_created_metrics

REGISTRY: Final = CollectorRegistry()

ProcessCollector(registry=REGISTRY)
disable_created_metrics()  # type: ignore[no-untyped-call]  # nobody asks when a series began

WAITS: Final = Summary(
    "shop_database_wait_seconds",
    "Waits for a free connection (PostgreSQL) or for the turn to write (SQLite); at once is not counted",
    registry=REGISTRY,
)
"""Measured on both databases."""
