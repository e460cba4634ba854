"""What the script of a build knows of the states that it was built with, without building anything.

Run as `python -m benchmarks.built_with` with the settings of a shop: writes a `Build` to the standard output as JSON.
"""

import json
from dataclasses import asdict

import reflex as rx
from reflex.compiler.utils import _compile_initial_state
from reflex.state import state_snapshot_hashes

import checkout_app.checkout_app  # noqa: F401 - registers every state
from benchmarks.tab import Build


def main() -> None:
    """Say it."""
    snapshot, _ = _compile_initial_state(rx.State)
    build = Build(state_snapshot_hashes(snapshot), rx.State._to_frontend_schema())  # noqa: SLF001 - as the compiler does
    print(json.dumps(asdict(build)))


if __name__ == "__main__":
    main()
