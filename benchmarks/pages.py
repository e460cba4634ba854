"""What Lighthouse says of the pages that search engines find, on a phone: its scores, and what has to be fetched.

Run as `make pages`, while nothing else wants the processors. Writes `benchmarks/pages.md`.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from tests.browser.conftest import open_shop
from tests.browser_launch import ensure_browser, launch_options
from tests.support.processes import ROOT, free_port
from tools.packages import BIN, install

RESULTS = ROOT / "benchmarks" / "pages.md"
PAGES = ("/", "/category/table", "/product/kulhad-cups-set-of-six")
ROUNDS = 3
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_HEAD = """# What Lighthouse says of the pages

`make pages` writes this: medians of {rounds} rounds on a phone, as Lighthouse imagines it. Scripts and styles are what
is sent, compressed, in KB. The first paint and the largest are in seconds, and only good for comparing in one table.

| page | performance | accessibility | best practices | search | scripts | styles | first paint | largest paint |
| --- | --: | --: | --: | --: | --: | --: | --: | --: |
"""


def main() -> None:
    """Measure each page, and write down what was found."""
    ensure_browser()
    lighthouse = install(ROOT / "benchmarks" / "lighthouse", "lighthouse")
    with tempfile.TemporaryDirectory() as data, open_shop(Path(data), free_port()) as shop:
        rows = [_row(page, [_report(lighthouse, shop.url + page) for _ in range(ROUNDS)]) for page in PAGES]
    day = f"{datetime.now(UTC):%-d %b %Y}"
    about = f"\nMeasured on {day} with Lighthouse {_version(lighthouse)}, {os.cpu_count()} cores.\n"
    RESULTS.write_text(_HEAD.format(rounds=ROUNDS) + "".join(rows) + about, encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def _report(lighthouse: Path, url: str) -> Mapping[str, Any]:
    options = launch_options()
    environment = {**os.environ, "CHROME_PATH": options.get("executable_path", "")}
    command: list[str | Path] = [
        BIN / "node",
        lighthouse / "lighthouse" / "cli" / "index.js",
        url,
        "--quiet",
        "--output=json",
    ]
    flags = " ".join(["--headless=new", *options["args"]])
    limits = [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}"]
    done = subprocess.run([*command, *limits], env=environment, capture_output=True, text=True, check=True)
    report: Mapping[str, Any] = json.loads(done.stdout)
    return report


def _row(page: str, reports: Sequence[Mapping[str, Any]]) -> str:
    scores = [f"{median(report['categories'][name]['score'] for report in reports) * 100:.0f}" for name in CATEGORIES]
    sizes = [f"{median(_fetched(report, kind) for report in reports) / 1000:.1f}" for kind in ("Script", "Stylesheet")]
    paints = [
        f"{median(report['audits'][name]['numericValue'] for report in reports) / 1000:.1f}"
        for name in ("first-contentful-paint", "largest-contentful-paint")
    ]
    for name in CATEGORIES:
        for wrong in _below_a_hundred(reports[0], name):
            print(f"{page}: {name}: {wrong}")
    return f"| {' | '.join([page, *scores, *sizes, *paints])} |\n"


def _below_a_hundred(report: Mapping[str, Any], category: str) -> list[str]:
    """Name what kept a page from a hundred."""
    audits = [report["audits"][each["id"]] for each in report["categories"][category]["auditRefs"] if each["weight"]]
    return [audit["title"] for audit in audits if audit["score"] is not None and audit["score"] < 0.9]  # noqa: PLR2004


def _fetched(report: Mapping[str, Any], kind: str) -> int:
    items = report["audits"]["network-requests"]["details"]["items"]
    return sum(item["transferSize"] for item in items if item.get("resourceType") == kind)


def _version(lighthouse: Path) -> str:
    package = json.loads((lighthouse / "lighthouse" / "package.json").read_text(encoding="utf-8"))
    return str(package["version"])


if __name__ == "__main__":
    main()
