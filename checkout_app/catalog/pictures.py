"""Pictures that somebody sends: read within limits, turned upright, made small, and without what is told beside them.

What somebody sent is never served. One is worked on at a time, in a thread: a large one takes half a second.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterable, Callable
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from checkout_app.catalog.errors import FileTooLarge
from checkout_app.catalog.picture_names import CARD, FOLDER, SIGN, WIDTHS, name_of
from checkout_app.core.errors import InvalidInput

LARGEST: Final = 10 * 1024 * 1024
MOST_PIXELS: Final = 40_000_000
SMALLEST, SMALLEST_SIGN = 200, 100
"""Pixels of the shorter side, of a photograph and of the sign of the shop."""
_LONGEST_SIDE: Final = 4
"""How many times as long as the other a side may be."""
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_GROUND: Final = (255, 255, 255)
"""What shows through where a picture is clear."""
_QUALITY: Final = 80
_BROKEN: Final = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError)
"""What reading a damaged picture raises."""

Image.MAX_IMAGE_PIXELS = None  # we look at the size ourselves, before anything is decoded
_one_at_a_time: Final = asyncio.Lock()


async def keep(content: AsyncIterable[bytes]) -> str:
    """Make of a photograph that somebody sent what is shown of it, and return its id; the same again is the same.

    Raises FileTooLarge, and InvalidInput for what is no picture, or none that could be shown.
    """
    return await _made(content, _keep)


async def keep_sign(content: AsyncIterable[bytes]) -> str:
    """Make of a picture the sign of a shop: square, and clear where it is clear. Returns its id, raises likewise."""
    return await _made(content, _keep_sign)


async def _made(content: AsyncIterable[bytes], make: Callable[[bytes], str]) -> str:
    whole = bytearray()
    async for part in content:
        whole += part
        if len(whole) > LARGEST:
            raise FileTooLarge(f"A picture has at most {LARGEST // 1024**2} MB.")
    async with _one_at_a_time:
        return await asyncio.to_thread(make, bytes(whole))


def is_kept(picture_id: str) -> bool:
    """Tell whether there is a picture of an id."""
    return all(FOLDER.path_of(name_of(picture_id, width)).is_file() for width in (*WIDTHS, CARD))


def _keep(content: bytes) -> str:
    picture_id = hashlib.sha256(content).hexdigest()
    if is_kept(picture_id):
        return picture_id
    picture = _read(content, SMALLEST, _plain)
    for width in (*WIDTHS, CARD):
        FOLDER.put([_written(picture, width)], name_of(picture_id, width))
    return picture_id


def _keep_sign(content: bytes) -> str:
    picture_id = hashlib.sha256(content).hexdigest()
    name = name_of(picture_id, SIGN)
    if not FOLDER.path_of(name).is_file():
        FOLDER.put([_encoded(_read(content, SMALLEST_SIGN, _square), "WEBP")], name)
    return picture_id


def _read(content: bytes, smallest: int, finished: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """Return a picture upright, in the colours of screens, with nothing beside its pixels once it is finished."""
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as found:
            _require_fit(*found.size, smallest)
            found.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))  # which spares most of the work of a JPEG
            upright = ImageOps.exif_transpose(found)
            return finished(_in_screen_colours(upright))
    except _BROKEN as error:
        raise InvalidInput({"picture": "This is no JPEG, PNG or WebP, or it is damaged."}) from error


def _require_fit(width: int, height: int, smallest: int) -> None:
    if width * height > MOST_PIXELS:
        raise InvalidInput({"picture": f"A picture has at most {MOST_PIXELS // 1_000_000} megapixels."})
    shorter, longer = sorted((width, height))
    if shorter < smallest or longer > _LONGEST_SIDE * shorter:
        words = f"A picture is at least {smallest} pixels wide and high, and no side {_LONGEST_SIDE} times the other."
        raise InvalidInput({"picture": words})


def _in_screen_colours(picture: Image.Image) -> Image.Image:
    """Turn the colours of a camera's own profile into those that are meant where there is none."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode != "RGB":
        return picture
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB")) or picture
    except ImageCms.PyCMSError:  # a profile that nobody can read says nothing
        return picture


def _plain(picture: Image.Image) -> Image.Image:
    """Return the pixels of a picture and nothing else, on a ground."""
    plain = Image.new("RGB", picture.size, _GROUND)
    clear = picture.convert("RGBA") if picture.has_transparency_data else None
    plain.paste(clear or picture.convert("RGB"), mask=clear)
    return plain


def _square(picture: Image.Image) -> Image.Image:
    """Return the pixels of a picture likewise, in the middle of a clear square."""
    whole = picture.convert("RGBA")
    whole.thumbnail((SIGN, SIGN), Image.Resampling.LANCZOS)
    side = max(whole.size)
    square = Image.new("RGBA", (side, side))
    square.paste(whole, ((side - whole.width) // 2, (side - whole.height) // 2))
    return square


def _written(picture: Image.Image, width: int) -> bytes:
    """Return a picture in a width, or in its own where that is less."""
    if picture.width > width:
        height = max(1, round(picture.height * width / picture.width))
        picture = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _encoded(picture, "JPEG" if width == CARD else "WEBP")


def _encoded(picture: Image.Image, kind: str) -> bytes:
    told = BytesIO()
    picture.save(told, kind, quality=_QUALITY)
    return told.getvalue()
