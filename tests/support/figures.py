"""What `/metrics` says, as Prometheus reads it."""

from collections.abc import Mapping

from prometheus_client.parser import text_string_to_metric_families

Figures = Mapping[str, float]
"""By name and labels, the latter in the order of their names: `shop_alarms{alarm=x}`."""


def read(text: str) -> Figures:
    """Read a text; fails when Prometheus could not."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={sample.labels[name]}" for name in sorted(sample.labels))
            key = f"{sample.name}{{{labels}}}" if labels else sample.name
            assert key not in found, f"{key} is there twice"
            found[key] = sample.value
    return found


def grown(before: Figures, after: Figures) -> Figures:
    """Return by how much each counter has grown, of those that have."""
    return {name: value - before.get(name, 0.0) for name, value in after.items() if value != before.get(name, 0.0)}
