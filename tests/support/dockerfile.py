"""A Dockerfile carried out without Docker: its steps are done in a folder, as far as ours has them.

An image's folders, those it makes or changes, are folders below the one that stands for it. What is more than that,
such as another system, stays this machine's.
"""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

OURS: Final = ("shop", "data", "tmp")
"""The folders at an image's root that its steps name."""
_NAMED: Final = re.compile(rf"(?<![\w./])/(?={'|'.join(OURS)}\b)")


class Step(NamedTuple):
    """One instruction: its word in capitals, and all the rest of it in one line."""

    word: str
    rest: str


@dataclass
class Image:
    """A folder that stands for an image, and what was said of it."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = ""
    said: dict[str, str] = field(default_factory=dict)
    """What was said once: ENTRYPOINT, CMD, HEALTHCHECK, VOLUME, EXPOSE."""

    def at(self, text: str) -> str:
        """Turn the names of folders in an image into those of folders that stand for them."""
        return _NAMED.sub(f"{self.root}/", text)

    def command(self, word: str) -> list[str]:
        """Return a command that was given as a list, as it runs here."""
        listed: list[str] = re.findall(r'"((?:[^"\\]|\\.)*)"', self.said[word].partition("CMD ")[2] or self.said[word])
        return [self.at(part) for part in listed]


def steps(text: str) -> Iterator[Step]:
    """Yield the instructions of a Dockerfile: comments are left out, lines that go on are joined."""
    lines = "\n".join(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    for line in lines.replace("\\\n", " ").splitlines():
        word, rest = line.strip().split(None, 1)
        yield Step(word, " ".join(rest.split()))


def build(text: str, context: Path, folder: Path, environment: Mapping[str, str], python: Path) -> Image:
    """Carry out a Dockerfile in an empty folder; returns the last image. `python` is the one that its base has."""
    images: dict[str, Image] = {}
    arguments: dict[str, str] = {}
    image = Image(folder)
    for word, rest in steps(text):
        match word:
            case "FROM":
                name = rest.partition(" AS ")[2] or "last"
                image, arguments = Image(_root(folder / name, python)), {}
                images[name] = image
            case "WORKDIR":
                image.folder = rest
                Path(image.at(rest)).mkdir(exist_ok=True)
            case "COPY":
                _copy(rest, image, images, context)
            case "ARG":
                arguments |= dict([rest.split("=", 1)])
            case "ENV":
                image.environment |= {name: image.at(value) for name, value in _pairs(rest)}
            case "RUN":
                _run(rest, image, {**environment, **arguments, **image.environment})
            case "USER":
                image.user = rest
            case "ENTRYPOINT" | "CMD" | "HEALTHCHECK" | "VOLUME" | "EXPOSE":
                image.said[word] = rest
            case _:
                raise AssertionError(f"{word} is an instruction that nobody has taught us")
    return image


def _run(rest: str, image: Image, environment: dict[str, str]) -> None:
    if rest.startswith("apt-get "):
        return  # what the system has is this machine's
    environment["PATH"] = f"{image.root / 'bin'}:{environment['PATH']}"
    subprocess.run(["/bin/sh", "-ec", image.at(rest)], cwd=image.at(image.folder), env=environment, check=True)


def _root(root: Path, python: Path) -> Path:
    for name in ("bin", *OURS[2:]):
        (root / name).mkdir(parents=True)
    (root / "bin" / "python").symlink_to(python)
    return root


def _pairs(rest: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (part.partition("=") for part in shlex.split(rest))]


def _copy(rest: str, image: Image, images: Mapping[str, Image], context: Path) -> None:
    *sources, target = rest.split()
    into = Path(image.at(image.folder)) / image.at(target)
    if sources[0].startswith("--from="):
        other = images[sources[0].removeprefix("--from=")]
        [source] = sources[1:]
        shutil.copytree(other.at(source), into, symlinks=True, dirs_exist_ok=True)
        return
    left_out = ignored((context / ".dockerignore").read_text())
    for source in sources:
        assert not left_out(source), f"{source} is in .dockerignore"
        if (context / source).is_file():
            shutil.copy(context / source, into / source if target.endswith("/") else into)
        else:
            shutil.copytree(context / source, into, ignore=_leaving_out(context, left_out), dirs_exist_ok=True)


def _leaving_out(context: Path, left_out: Any) -> Any:
    def leave_out(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if left_out((Path(folder) / name).relative_to(context).as_posix())]

    return leave_out


def ignored(text: str) -> Any:
    """Return what tells whether a .dockerignore leaves a path out: the last line that is about it or a folder above."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    rules = [(not line.startswith("!"), re.compile(_as_pattern(line.removeprefix("!")))) for line in lines]

    def left_out(path: str) -> bool:
        above = [path, *(str(parent) for parent in Path(path).parents)][:-1]
        said = [leaves for leaves, pattern in rules if any(map(pattern.fullmatch, above))]
        return bool(said and said[-1])

    return left_out


def _as_pattern(glob: str) -> str:
    return re.escape(glob).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")


def environment_without(names: Sequence[str]) -> dict[str, str]:
    """Return this machine's environment, by which packages are fetched, without some names."""
    return {name: value for name, value in os.environ.items() if name not in names}
