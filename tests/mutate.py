"""Break the rules of the money on purpose, one small change at a time, and see that a test notices each.

mutmut makes the changes (mutants) in a copy of the program and runs the tests that come by the changed function. What
no test notices survives. A survivor is named in survivors.toml with the reason why it may, or this ends with status 1.
Left out are only changes of what a person reads: of a log line, and of a sentence, a string with a space in it.
"""

import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

RULES: dict[str, tuple[str, ...]] = {
    "payments/capture.py": ("*",),
    "payments/settle.py": ("*",),
    "payments/refunds.py": ("*",),
    "payments/refunded.py": ("*",),
    "payments/refund_parts.py": ("*",),
    "payments/disputes.py": ("*",),
    "payments/outside.py": ("*",),
    "payments/left.py": ("*",),
    "payments/balance.py": ("*",),
    "payments/issues.py": ("resolve", "_require_a_place"),
    "payments/gateway/entities.py": ("*",),
    "payments/gateway/amounts.py": ("why_not",),
    "payments/statuses.py": ("*",),
    "payments/webhooks.py": ("check_signature", "receive", "_handle"),
    "payments/holds.py": ("*",),
    "payments/reconcile.py": ("next_check", "_check", "_ask_for_a_person"),
    "payments/checks/alarms.py": ("*",),
    "payments/checks/rules.py": ("*",),
    "payments/order_notes.py": ("*",),
    "payments/orphans.py": ("left_of", "report"),
    "payments/recovery/money.py": ("*",),
    "journal/issues.py": ("open_issue", "close_issue", "close_by_time"),
    "orders/moves.py": ("api_status",),
    "orders/service.py": (
        "place",
        "_give_up",
        "move",
        "record",
        "open_issue",
        "schedule_check",
        "units",
        "release_stock",
        "commit_stock",
        "restock",
        "expire",
        "order_under_key",
        "cancel",
        "withdraw",
        "is_payable",
        "is_unpaid",
        "get_order",
    ),
    "orders/unpaid.py": ("*",),
    "fulfilment/parcels.py": ("*",),
    "fulfilment/service.py": ("*",),
    "catalog/stock.py": ("*",),
    "checkout/service.py": ("verify_payment", "verify_signed", "_verify", "_check_signature"),
    "checkout/shares.py": ("*",),
    "checkout/quote.py": ("_lacking", "_to_give_up", "_basis", "_price", "_delivery", "wanted", "_offers"),
    "checkout/shown.py": ("*",),
    "checkout/remembered.py": ("*",),
    "orders/coupons.py": ("*",),
    "pricing/coupons.py": ("*",),
    "pricing/derivation.py": ("*",),
    "delivery/rules.py": ("*",),
    "core/due.py": ("claim", "drain", "_step_back", "take_lease"),
    "core/money.py": ("*",),
    "core/rounds.py": ("*",),
}
"""The functions that decide about money, by file; `*` is every one."""

SURVIVORS = Path("tests/survivors.toml")
NOTICED = {"killed", "timeout"}
_STRING = re.compile(r'"([^"]*)"')

Name = tuple[str, str]
"""A mutant's name: its function's, and the changed lines as they read then."""


def main(arguments: list[str]) -> int:
    """Make the mutants, run the tests, say the figures; arguments are passed on to `mutmut run`."""
    patterns = [_pattern(path, function) for path, functions in RULES.items() for function in functions]
    run = subprocess.run([Path(sys.executable).parent / "mutmut", "run", *arguments, *patterns], check=False)
    return run.returncode or report()


def report() -> int:
    """Say what the last run found; the exit status is 0 only when exactly the named mutants survived."""
    named = {(entry["function"], entry["becomes"]) for entry in tomllib.loads(SURVIVORS.read_text())["survivor"]}
    survived: set[Name] = set()
    print("| file | mutants | killed | only words | named |\n|---|---|---|---|---|")
    for path in RULES:
        outcomes = list(_outcomes(path))
        survived |= {name for name, outcome in outcomes if outcome == "survived"}
        figures = Counter(outcome for _, outcome in outcomes)
        print(f"| `{path}` | {len(outcomes)} | {figures['killed']} | {figures['words']} | {figures['survived']} |")
    for title, names in (("SURVIVED", survived - named), ("NAMED, BUT KILLED OR GONE", named - survived)):
        for function, becomes in sorted(names):
            print(f"\n{title}\nfunction = \"{function}\"\nbecomes = '''{becomes}'''")
    print(f"\n{len(survived - named)} survivors without a name, {len(named - survived)} names without a survivor")
    return int(survived != named)


def _pattern(path: str, function: str) -> str:
    module = "checkout_app." + path.removesuffix(".py").replace("/", ".")
    return f"{module}.*" if function == "*" else f"{module}.x_{function}__mutmut_*"


def _outcomes(path: str) -> Iterator[tuple[Name, str]]:
    """Tell of every mutant of a file that was run: killed, survived, or only other words."""
    source = Path("checkout_app", path)
    data = SourceFileMutationData(path=source)
    data.load()
    for mutant, exit_code in data.exit_code_by_key.items():
        if exit_code is None:
            continue
        function = mutant.rpartition(".")[2].partition("__mutmut_")[0][2:].replace("ǁ", ".")
        if status_by_exit_code[exit_code] in NOTICED:
            yield (function, mutant), "killed"
            continue
        lines = get_diff_for_mutant(mutant, path=source).splitlines()[2:]
        removed, added = ("\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in ("-", "+"))
        words = _without_sentences(removed) == _without_sentences(added)
        yield (function, added or f"without {removed}"), "words" if words else "survived"


def _without_sentences(code: str) -> str:
    return _STRING.sub(lambda string: "" if " " in string[1] else string[0], code)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
