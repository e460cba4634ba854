"""The matrix of faults: a purchase is cut at every place where a cut could hurt, and its money ends in one place.

The places are found by living through the stories once. `WRITE_RELIABILITY=1` writes the table into
docs/reliability.md. HYPOTHESIS_PROFILE=nightly tries every fault at every call instead of the telling ones, and all of
it on PostgreSQL too.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from checkout_app.payments.gateway.client import READ_TRIES
from tests.support.processes import ROOT
from tests.support.stories import STORIES, Stage, Story, bought, running_stage

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
DATABASES = ("sqlite", "postgresql") if NIGHTLY else ("sqlite",)
FAULTS = ("hang", "reset", "500", "502", "429", "reply_lost", "empty", "latency")
AGAIN = 4
"""How often a story is lived through again that did not come by the place of the cut."""
UNTOLD = ("400", "404")
"""What a read is tried with as well: an answer that says there is no such thing, as with another pair of keys."""
TELLING = ("reply_lost", "hang", *UNTOLD)
"""What a call that only reads is tried with by default: the rest are the same to it, an answer that can't be used."""


@pytest.fixture(scope="module", params=DATABASES)
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_stage(request, tmp_path_factory.mktemp("matrix"), request.param) as running:
        yield running


@pytest.fixture(scope="module")
def places(stage: Stage) -> dict[str, list[str]]:
    """The places of each story, found by living through it; a place is tried in the first story that comes by it."""
    found: dict[str, list[str]] = {}
    for name, story in STORIES.items():
        stage.passed()
        story(Story(stage))
        known = {place for places in found.values() for place in places}
        found[name] = [place for place in stage.passed() if NIGHTLY or place not in known or _moves_money(place)]
    return found


def _moves_money(place: str) -> bool:
    """Such a place is tried in every story: what it cuts off is another thing in each."""
    return " GET " not in place and any(word in place for word in ("refund", "capture", "settle_entity"))


Table = dict[tuple[str, str], dict[str, dict[str, str]]]
"""How the cuts ended: by story and place, then by what was done there, then by database."""


@pytest.fixture(scope="module")
def table(figures: list[str]) -> Iterator[Table]:
    """What was tried and how it ended, printed at the end."""
    results: Table = {}
    yield results
    lines = _write(results)
    figures += lines
    if os.environ.get("WRITE_RELIABILITY"):
        page = ROOT / "docs" / "reliability.md"
        before, _, rest = page.read_text().partition("<!-- matrix -->\n")
        _, _, after = rest.partition("<!-- end of matrix -->\n")
        page.write_text(before + "<!-- matrix -->\n" + "\n".join(lines) + "\n<!-- end of matrix -->\n" + after)


def _write(results: Table) -> list[str]:
    columns = ["kill -9", *FAULTS, *UNTOLD, "duplicate"]
    lines = ["| story | place | " + " | ".join(columns) + " |", "|---" * (len(columns) + 2) + "|"]
    for (story, place), row in results.items():
        cells = [" / ".join(sorted(set(row.get(column, {}).values()))) for column in columns]
        lines.append(f"| {story} | {place} | " + " | ".join(cells) + " |")
    lines.append("")
    for kind in DATABASES:
        tried = [cell[kind] for row in results.values() for cell in row.values() if kind in cell]
        lines.append(f"{len(tried)} cuts tried on {kind}, {tried.count('whole')} purchases whole afterwards.")
    return lines


@dataclass
class Matrix:
    """A stage, the places to try on it, and the table to fill."""

    stage: Stage
    places: dict[str, list[str]]
    table: Table

    def cut(self, story: str, place: str, how: str, prepare: Callable[[], None], *, gateway_orders: int = 1) -> str:
        """Live through a story with one cut prepared; says whether it was whole in the end, and notes it."""
        prepare()
        outcome = self._live(story, gateway_orders)
        for _ in range(AGAIN):  # what comes round may have come just before, or comes a moment later
            if outcome == "whole" and self.stage.armed:
                outcome = self._live(story, gateway_orders)
        if self.stage.armed:  # each time the work was done by another way
            (self.stage.points / "arm").unlink()
            outcome = "not reached" if outcome == "whole" else outcome
        self.table.setdefault((story, place), {}).setdefault(how, {})[self.stage.kind] = outcome
        return outcome

    def _live(self, story: str, gateway_orders: int) -> str:
        try:
            STORIES[story](Story(self.stage, gateway_orders=gateway_orders))
        except AssertionError as error:
            return f"BROKEN {error}"[:200]
        return "whole"

    def calls(self, story: str) -> list[tuple[str, str, str]]:
        """The calls of a story: the place before each, its method and its path."""
        found = [place for place in self.places[story] if place.startswith(("before GET", "before POST"))]
        return [(place, *place.split(" ")[1:]) for place in found]  # type: ignore[misc]


@pytest.fixture(scope="module")
def matrix(stage: Stage, places: dict[str, list[str]], table: Table) -> Matrix:
    return Matrix(stage, places, table)


@pytest.mark.parametrize("story", STORIES)
def test_a_power_cut_at_any_place_loses_nothing(matrix: Matrix, story: str) -> None:
    outcomes = {
        place: matrix.cut(story, place, "kill -9", partial(matrix.stage.arm, place)) for place in matrix.places[story]
    }
    assert set(outcomes.values()) <= {"whole", "not reached"}, json.dumps(outcomes, indent=1)
    assert list(outcomes.values()).count("whole") >= len(outcomes) * 3 // 4 > 0


@pytest.mark.parametrize("story", STORIES)
def test_no_fault_of_the_gateway_at_any_call_loses_anything(matrix: Matrix, story: str) -> None:
    outcomes = {}
    for place, method, path in matrix.calls(story):
        for kind in _faults_of(method):
            count = READ_TRIES if method == "GET" and kind not in UNTOLD else 1
            rule = {"kind": kind, "method": method, "path": path, "count": count, "seconds": 0.4}
            prepare = partial(matrix.stage.shop.gateway.set, "faults", [rule | {"retry_after": 0}])
            outcomes[f"{place}: {kind}"] = matrix.cut(story, place, kind, prepare)
    matrix.stage.shop.gateway.set("faults", [])
    assert set(outcomes.values()) == {"whole"}, json.dumps(outcomes, indent=1)


def _faults_of(method: str) -> tuple[str, ...]:
    if method == "POST":
        return FAULTS
    return (*FAULTS, *UNTOLD) if NIGHTLY else TELLING


@pytest.mark.parametrize("story", STORIES)
def test_an_effect_that_the_gateway_is_asked_for_twice_happens_once(matrix: Matrix, story: str) -> None:
    outcomes = {}
    for place, method, path in matrix.calls(story):
        if method == "POST":
            orders = 2 if path == "/v1/orders" else 1  # the gateway has no key against this; nobody can pay the second
            prepare = partial(matrix.stage.arm, f"twice {method} {path}")
            outcomes[place] = matrix.cut(story, place, "duplicate", prepare, gateway_orders=orders)
    assert set(outcomes.values()) == {"whole"}, json.dumps(outcomes, indent=1)


@pytest.mark.parametrize("story", STORIES)
def test_everything_said_twice_at_once_happens_once(stage: Stage, story: str) -> None:
    STORIES[story](Story(stage, copies=2))


def test_after_all_that_the_gateway_and_the_shop_agree_to_the_paisa(stage: Stage) -> None:
    refunds = stage.shop.gateway.fetch("refunds", count=100)["items"]
    assert len({refund["receipt"] for refund in refunds}) == len(refunds)
    allocations = stage.shop.rows("SELECT count(*) AS n FROM payment_allocations")[0]["n"]
    paid = stage.shop.rows("SELECT count(*) AS n FROM orders WHERE paid_at IS NOT NULL")[0]["n"]
    assert allocations == paid > 0


@pytest.mark.parametrize(
    ("without", "place", "cost"),
    [
        ("receipt", "after POST /v1/orders", "[2-9] == 1"),  # more than one order at the gateway
        ("refund_key", "after POST /v1/payments/{pay}/refund", "(210|315|420)00"),  # more than the one refund
    ],
)
def test_control_without_the_guard_the_same_cut_costs_money(
    request: pytest.FixtureRequest, tmp_path: Path, without: str, place: str, cost: str
) -> None:
    with running_stage(request, tmp_path, without=without) as weak:
        weak.arm(place)
        with pytest.raises(AssertionError, match=cost):
            bought(Story(weak))
        assert not weak.armed
