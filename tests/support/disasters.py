"""What befalls a shop besides bad weather: its machine, its database, its clock, its keys, and its operator.

Each of them comes while people buy, and ends with the shop open again.
"""

import resource
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from checkout_app.core import urls
from tests.support import databases
from tests.support.processes import operate
from tests.support.shops import Shop
from tests.support.storm import Storm
from tests.support.waiting import until
from tests.support.webhooks import PATH, new_event_id

_FARTHEST = 2 * 24 * 60 * 60
"""Seconds by which a clock is wrong at most."""
_BACKUPS = 3
"""How many are at hand: the oldest of them is the most that can be lost by restoring one."""


class Disasters:
    """All that can happen, in an order that is always another; each happens before one comes again."""

    def __init__(self, storm: Storm, postgresql: str) -> None:
        self.happened = Counter[str]()
        self._storm, self._dice = storm, storm.dice
        self._server = postgresql
        """The URL of the PostgreSQL server, empty with SQLite."""
        self._database = storm.shops[0].environment["DATABASE_URL"]
        self._backups = list[Path]()
        self._waiting = list[Callable[[], None]]()

    @property
    def _shops(self) -> list[Shop]:
        """The processes of the shop, in any order."""
        return self._dice.sample(self._storm.shops, len(self._storm.shops))

    def happen(self) -> None:
        """Let the next one happen."""
        if not self._waiting:
            self._waiting = self._dice.sample(self._all, len(self._all))
        disaster = self._waiting.pop()
        disaster()
        self.happened[disaster.__name__] += 1

    @property
    def _all(self) -> list[Callable[[], None]]:
        everywhere = [
            self.power_cut,
            self.killed_process,
            self.wrong_clock,
            self.other_keys,
            self.other_secrets,
            self.silent_database,
            self.restored_backup,
            self.lost_database,
        ]
        return [*everywhere, self.crashed_database if self._server else self.full_disk]

    def power_cut(self) -> None:
        """Every process ends in the middle of what it does."""
        for shop in self._shops:
            shop.process.kill()
        for shop in self._shops:
            shop.start()

    def killed_process(self) -> None:
        """One of them does, and the other goes on."""
        self._shops[0].kill_and_restart()

    def wrong_clock(self) -> None:
        """The clock of one process or of both is wrong for a while."""
        wrong = self._shops[: self._dice.randint(1, 2)]
        seconds = self._dice.uniform(-_FARTHEST, _FARTHEST)
        for ahead in (seconds, 0.0):
            for shop in wrong:
                httpx.put(f"{shop.url}/clock", content=str(ahead), timeout=30).raise_for_status()
            self._a_while()

    def other_keys(self) -> None:
        """The key pair changes; the one before ends at once, or goes on for a minute."""
        before, grace = self._storm.shops[0].environment, self._dice.choice((0, 60))
        new = httpx.post(f"{self._storm.gateway.url}/_test/keys", json={"grace": grace}, timeout=30)
        key = new.raise_for_status().json()
        self._restart_each(
            RAZORPAY_KEY_ID=key["id"],
            RAZORPAY_KEY_SECRET=key["secret"],
            RAZORPAY_KEY_ID_PREVIOUS=before["RAZORPAY_KEY_ID"],
            RAZORPAY_KEY_SECRET_PREVIOUS=before["RAZORPAY_KEY_SECRET"],
        )

    def other_secrets(self) -> None:
        """The secrets of webhooks and of sign-ins change."""
        secret, before = new_event_id(), self._storm.shops[0].environment["RAZORPAY_WEBHOOK_SECRET"]
        self._restart_each(
            RAZORPAY_WEBHOOK_SECRET=secret, RAZORPAY_WEBHOOK_SECRET_PREVIOUS=before, JWT_SECRET=new_event_id() * 3
        )
        self._storm.gateway.set("webhooks", {"endpoint": self._storm.shops[0].url + PATH, "secret": secret})

    def silent_database(self) -> None:
        """The database says nothing for a while, or takes nothing."""
        file = urls.sqlite_file(self._database)
        with databases.shut(file) if file else databases.frozen(self._server):
            self._a_while()

    def crashed_database(self) -> None:
        """PostgreSQL drops everybody in the middle of what they do, and begins anew."""
        databases.crash(self._server)
        self._a_while()

    def full_disk(self) -> None:
        """Nothing has room any more for a while: neither the database nor the log."""
        file = urls.sqlite_file(self._database)
        assert file
        with _full(self._shops, file.stat().st_size):
            self._a_while()

    def restored_backup(self) -> None:
        """A backup is restored that does not know what was sold since, and that is made again from the gateway."""
        self._backups.append(Path(self._do("backup").removeprefix("Wrote ").partition(",")[0]))
        self._a_while()
        with self._closed():
            self._do("restore", str(self._dice.choice(self._backups[-_BACKUPS:])), "--replace")
        self._recover()

    def lost_database(self) -> None:
        """Everything is lost and there is no backup: all of it is made again from the gateway."""
        with self._closed():
            databases.lose(self._database)
            self._recover()

    def _a_while(self) -> None:
        self._storm.go_on(self._dice.uniform(2, 6))

    def _recover(self) -> None:
        """Wait for better weather, in which one call in three does not fail, and make again what is lost."""
        self._storm.calm()
        self._do("recover", "--yes")

    def _restart_each(self, **settings: str) -> None:
        for shop in self._shops:
            shop.restart(**settings)

    @contextmanager
    def _closed(self) -> Iterator[None]:
        """End all processes for the length of a block, in which nobody has the database open."""
        for shop in self._shops:
            shop.process.kill()
        with self._storm.shops[0].books:
            self._storm.shops[0].engine.dispose()
            yield
        for shop in self._shops:
            shop.start()

    def _do(self, *command: str) -> str:
        """Carry out a command, again if the gateway did not tell; returns what it said."""
        said = list[str]()

        def is_done() -> bool:
            done = operate(self._storm.shops[0].environment, *command)
            said.append(done.stdout + done.stderr)
            return done.returncode == 0

        assert until(is_done, f"{command} to come through"), said
        return said[-1]


@contextmanager
def _full(shops: list[Shop], length: int) -> Iterator[None]:
    """Let processes write into no file beyond a length, as if there were no room for more."""
    with ExitStack() as later:
        for shop in shops:
            before = resource.prlimit(shop.process.pid, resource.RLIMIT_FSIZE, (length, resource.RLIM_INFINITY))
            later.callback(resource.prlimit, shop.process.pid, resource.RLIMIT_FSIZE, before)
        yield
