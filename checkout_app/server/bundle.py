"""Bundles what renders public pages into one file that needs nothing but Node.js, at the end of each build."""

import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from reflex.plugins import Plugin

from checkout_app.server.builds import RENDERER
from checkout_app.server.renderer import NODE

_HOW: Final = (
    *("--platform", "node", "--format", "esm", "--no-codeSplitting", "--logLevel", "silent"),
    *("--transform.define", 'process.env.NODE_ENV:"production"'),  # packages hold what they do in development as well
)
_ENTRY: Final = Path(__file__).with_name("render.mjs")


class RendererPlugin(Plugin):
    """Leave the renderer beside the pages.

    Reflex's build renders its pages as well, with a program that it leaves beside them; it needs the packages of the
    workshop, which no server has.
    """

    def post_build(self, **context: Any) -> None:
        """Bundle that program with ours by what the build is bundled with itself."""
        made: Path = Path(context["static_dir"]).absolute().parent
        entry = shutil.copy(_ENTRY, made / "server")
        bundler = made.parent / "node_modules" / "rolldown" / "bin" / "cli.mjs"
        command = [NODE, bundler, entry, "--file", made / RENDERER, *_HOW]
        subprocess.run(command, cwd=made.parent, stdout=subprocess.DEVNULL, check=True)
