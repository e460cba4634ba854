"""Commands that serve the shop, and that make ready what is served."""

import os
import signal
import sys
import time
from typing import Any, NoReturn

from checkout_app.commands import shop
from checkout_app.commands.words import add, tell
from checkout_app.core import migrations, room, shop_id
from checkout_app.core.migrations import Standing
from checkout_app.core.settings import settings
from checkout_app.server import instances
from checkout_app.server.build import build, build_environment, is_built, is_current
from checkout_app.server.builds import BuildError


def add_to(commands: Any) -> None:
    """Add these commands to those of the program."""
    add(commands, "run", "Migrate, build what has changed, and serve the shop.", lambda _: run())
    text = "Serve what is built, and write to nothing but the data: for containers and services."
    add(commands, "serve", text, lambda _: serve())
    text = "Migrate and build what has changed, while the version before goes on serving."
    add(commands, "release", text, lambda _: release())
    add(commands, "dev", "Serve with hot reload while you change the code.", lambda _: develop())
    add(commands, "build", "Build the pages if what they are made of has changed.", lambda _: build_pages())


def run() -> int:
    """Migrate, build what has changed, then serve until told to stop; in production a lost shop is not begun anew."""
    _mind_no_release()
    if not _ports_are_free():
        return 1
    room.require_room()
    if settings().environment != "development":
        _update()
    else:
        shop.migrate()
        if settings().web_workers > 1:
            shop.demo()  # one server puts it in by itself, but not several at once
    if not is_current():
        build_pages()
        if not _ports_are_free():  # any more: building takes its time
            return 1
    return _serve(shop.first_owner())


def serve() -> int:
    """Serve what is built until told to stop: neither migrate nor build, so nothing but the data is written to."""
    _mind_no_release()
    migrations.require(Standing.CURRENT)
    if not _ports_are_free():
        return 1
    room.require_room()
    if not is_built():
        raise BuildError("The pages are not built. Run `python -m checkout_app.cli build`.")
    return _serve()


def _mind_no_release() -> None:
    """Let nobody end us by telling of a release too early: what we begin with is the newest."""
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)


def release() -> int:
    """Migrate and build what has changed, while servers of the version before go on."""
    _update()
    return build_pages()


def develop() -> NoReturn:
    """Migrate, then serve with hot reload: a change in the code shows within seconds."""
    _update()
    shop.demo()
    _tell_owner(shop.first_owner())
    command = [sys.executable, "-m", "reflex", "run", "--frontend-port", str(settings().port)]
    command += ["--backend-host", "127.0.0.1"]  # whatever BIND says: only the development server talks to it
    os.execve(sys.executable, command, build_environment())  # noqa: S606 - Ctrl-C then reaches Reflex alone


def build_pages() -> int:
    """Build the pages if what they are made of has changed."""
    began = time.monotonic()
    if not is_current() and build(tell):
        tell(f"Built the pages in {time.monotonic() - began:.0f} s")
    else:
        tell("The pages are up to date")
    return 0


def _update() -> None:
    """Bring the shop's database to the newest revision; a lost one is not a new shop, except in development.

    In production a shop is begun only where `.env` can keep which one it is and knows of none: then it is missed later.
    """
    if settings().environment != "development" and not shop_id.may_begin():
        migrations.require(Standing.OLDER, Standing.CURRENT)
    shop.migrate()


def _serve(first_owner: str | None = None) -> int:
    tell("Starting the server" if settings().web_workers == 1 else f"Starting {settings().web_workers} servers")
    status = instances.serve(lambda: _tell_where(first_owner))
    tell("Stopped")
    return status


def _ports_are_free() -> bool:
    taken = instances.taken_port()
    if taken:
        tell(f"Port {taken} is in use. Stop what uses it, or choose another: PORT=3100 make run")
    return taken is None


def _tell_where(first_owner: str | None) -> None:
    from checkout_app.demo.buyer import DEMO_EMAIL, DEMO_PASSWORD

    tell("")
    tell(f"The shop is open:  {settings().public_url}")
    if settings().web_workers > 1:
        first, *_, last = instances.ports()
        tell(f"Its servers:       ports {first} to {last}; a proxy in front has to keep a visitor with one of them")
    if settings().environment == "development" and not settings().secure:
        tell(f"Demo buyer:        {DEMO_EMAIL}  password  {DEMO_PASSWORD}")
    if settings().sandboxed:
        tell("Payments:          the sandbox on this machine; no money moves")
    _tell_owner(first_owner)
    tell("Stop it with Ctrl-C.")


def _tell_owner(link: str | None) -> None:
    """Say how somebody becomes the first owner, on the console and nowhere else."""
    if link:
        tell(
            "Nobody owns it yet: who opens this link becomes its owner, once, within 24 hours or until the next start:"
        )
        tell(f"  {link}")
