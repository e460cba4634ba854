"""FaultRules a test can order: slow, refused, broken or lost answers, by path, rate and count.

They live in memory: a restart ends them.
"""

import fnmatch
import random
import re
import threading
from dataclasses import dataclass, fields
from typing import Any, Final

from razorpay_sandbox.core.errors import invalid
from razorpay_sandbox.core.validation import known_fields

KINDS: Final = ("latency", "400", "401", "404", "429", "500", "502", "empty", "hang", "reset", "reply_lost")
_ALSO_CALLED: Final = {
    "slow": "latency",
    "500_json": "500",
    "502_html": "502",
    "empty_200": "empty",
    "lost": "reply_lost",
}


@dataclass(slots=True)
class Rule:
    """One fault. In ``path``, ``*`` and ``{…}`` stand for anything; a path without them also covers what lies below.

    ``rate`` is the share of matching calls that are hit, ``count`` how many at most. ``seconds`` is the latency,
    ``retry_after`` what a 429 says.
    """

    kind: str
    path: str = "*"
    method: str = "*"
    rate: float = 1.0
    count: int | None = None
    seconds: float = 1.0
    retry_after: int = 2
    hits: int = 0

    def covers(self, method: str, path: str) -> bool:
        """Say whether a call is in reach of this rule and the rule is not used up."""
        if self.count is not None and self.hits >= self.count:
            return False
        if self.method not in ("*", method):
            return False
        if "*" not in self.path and "{" not in self.path:
            return path == self.path or path.startswith(self.path.rstrip("/") + "/")
        return fnmatch.fnmatchcase(path, re.sub(r"\{[^}]*\}", "*", self.path))


_FIELDS: Final = tuple(each.name for each in fields(Rule))
"""What a rule may say. Its hits are among them, and not read, so that rules can be put back as they are shown."""


def _number(given: dict[str, Any], name: str, usual: float) -> float:
    value = given.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise invalid(f"The {name} of a fault must be a number, not below 0.", name)
    return value


def read_rule(given: Any) -> Rule:
    """Read one rule: ``{"kind", "path", "method", "rate", "count", "seconds", "retry_after"}``."""
    if not isinstance(given, dict):
        raise invalid("A fault is an object with a kind and a path.", "rules")
    known_fields(given, _FIELDS)
    kind = str(given.get("kind", "")).lower().replace("-", "_").replace(" ", "_")
    kind = _ALSO_CALLED.get(kind, kind)
    if kind not in KINDS:
        raise invalid(f"The kind of a fault is one of {', '.join(KINDS)}.", "kind")
    count = given.get("count")
    if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 0):
        raise invalid("The count of a fault must be an integer, not below 0.", "count")
    return Rule(
        kind=kind,
        path=str(given.get("path") or "*"),
        method=str(given.get("method") or "*").upper(),
        rate=_number(given, "rate", 1.0),
        count=count,
        seconds=_number(given, "seconds", 1.0),
        retry_after=int(_number(given, "retry_after", 2)),
    )


def read_rules(given: Any) -> list[Rule]:
    """Read a list of rules, ``{"rules": [...]}``, a single rule, or an object from path to rule."""
    if isinstance(given, dict):
        given = _listed(given)
    return [read_rule(each) for each in given]


def _listed(given: dict[str, Any]) -> list[Any]:
    """Bring the spellings that are objects to a list."""
    if "rules" in given:
        known_fields(given, ("rules", "seed"))
        if not isinstance(given["rules"], list):
            raise invalid("The rules are a list of faults.", "rules")
        return given["rules"]
    if "kind" in given:
        return [given]
    for path in given:
        if not path.startswith(("/", "*")):
            raise invalid(
                f"The field {path} is not known; faults are a list of rules, one rule with a kind, or an object whose"
                " names are paths such as /v1/orders.",
                path,
            )
    return [{"path": path, **rule} if isinstance(rule, dict) else rule for path, rule in given.items()]


class FaultRules:
    """The rules in force, in their order."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.seed = 0
        self._guard = threading.Lock()
        self._dice = random.Random(0)  # noqa: S311  # repeatable on purpose

    def set(self, rules: list[Rule], seed: int = 0) -> None:
        """Replace all rules; the same seed hits the same calls again."""
        with self._guard:
            self.rules, self.seed = rules, seed
            self._dice = random.Random(seed)  # noqa: S311  # repeatable on purpose

    def strike(self, method: str, path: str) -> list[Rule]:
        """Decide what happens to a call: any latencies, and at most one other fault, the first that hits."""
        struck: list[Rule] = []
        with self._guard:
            for rule in self.rules:
                if rule.covers(method, path) and self._dice.random() < rule.rate:
                    rule.hits += 1
                    struck.append(rule)
                    if rule.kind != "latency":
                        break
        return struck
