"""A photograph is turned upright, made small and told of nothing beside it; what could not be shown is refused."""

import io
import struct
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from checkout_app.catalog import picture_names, pictures
from checkout_app.catalog.errors import FileTooLarge
from checkout_app.catalog.picture_names import CARD, FOLDER, SIGN, WIDTHS, name_of
from checkout_app.core.errors import InvalidInput
from tests.support.inside import settings_for

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825
RED, BLUE = (200, 30, 30), (30, 30, 200)


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with settings_for(monkeypatch, DATA_DIR=str(tmp_path)):
        yield


async def _stream(content: bytes) -> AsyncIterator[bytes]:
    for begin in range(0, len(content), 65_536):
        yield content[begin : begin + 65_536]


def _photograph(width: int = 1600, height: int = 1200, kind: str = "JPEG", **more: object) -> bytes:
    """Return a picture that is red on the left and blue on the right."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    told = io.BytesIO()
    picture.save(told, kind, **more)
    return told.getvalue()


def _shown(picture_id: str, width: int) -> Image.Image:
    return Image.open(FOLDER.path_of(name_of(picture_id, width)))


def _colour(shown: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = shown.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


async def test_it_is_kept_in_each_width_and_as_a_card(tmp_path: Path) -> None:
    picture_id = await pictures.keep(_stream(_photograph()))
    assert [_shown(picture_id, width).size for width in WIDTHS] == [(320, 240), (640, 480), (1280, 960)]
    assert (_shown(picture_id, CARD).format, _shown(picture_id, CARD).size) == ("JPEG", (1200, 900))
    assert {_shown(picture_id, width).format for width in WIDTHS} == {"WEBP"}
    made = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "pictures").iterdir()}
    assert await pictures.keep(_stream(_photograph())) == picture_id
    assert {file.name: file.stat().st_mtime_ns for file in (tmp_path / "pictures").iterdir()} == made
    assert sorted(made) == [file.name for file in FOLDER.kept()]


async def test_it_stands_upright_and_tells_nothing_of_where_and_by_what_it_was_taken() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = 6, "Camera of Meera"
    exif.get_ifd(GPS)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture_id = await pictures.keep(_stream(_photograph(exif=exif, comment=b"Meera", icc_profile=profile)))
    for width in (*WIDTHS, CARD):
        shown = _shown(picture_id, width)
        assert shown.size[0] < shown.size[1]
        top, bottom = (_colour(shown, shown.width // 2, shown.height * part // 4) for part in (1, 3))
        assert (top[0] > 150, bottom[2] > 150) == (True, True)  # the camera was turned
        assert (dict(shown.getexif()), shown.info.keys() & {"exif", "comment", "icc_profile", "xmp"}) == ({}, set())
        assert b"Meera" not in FOLDER.path_of(name_of(picture_id, width)).read_bytes()


async def test_what_is_clear_is_white_and_what_is_small_is_not_blown_up() -> None:
    told = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(told, "PNG")
    picture_id = await pictures.keep(_stream(told.getvalue()))
    assert [_shown(picture_id, width).size for width in WIDTHS] == [(300, 300)] * 3
    assert min(_colour(_shown(picture_id, 320), 150, 150)) > 250


async def test_the_sign_of_the_shop_is_square_and_stays_clear_where_it_is_clear() -> None:
    told = io.BytesIO()
    exif = Image.Exif()
    exif[MAKE] = "Camera of Meera"
    picture = Image.new("RGBA", (800, 400), (0, 0, 0, 0))
    picture.paste((*RED, 255), (0, 0, 400, 400))
    picture.save(told, "PNG", exif=exif)
    picture_id = await pictures.keep_sign(_stream(told.getvalue()))
    assert [file.name for file in FOLDER.kept()] == [name_of(picture_id, SIGN)]  # all of which is in a backup
    shown = _shown(picture_id, SIGN)
    assert (shown.format, shown.size, shown.info.keys() & {"exif", "xmp"}) == ("WEBP", (SIGN, SIGN), set())
    left, right, above = (_colour(shown, x, y) for x, y in ((60, SIGN // 2), (200, SIGN // 2), (60, 20)))
    assert (left[0] > 150, left[3], right[3], above[3]) == (True, 255, 0, 0)
    assert await pictures.keep_sign(_stream(told.getvalue())) == picture_id
    assert await pictures.keep_sign(_stream(_photograph(100, 100)))
    with pytest.raises(InvalidInput, match="at least 100"):
        await pictures.keep_sign(_stream(_photograph(99, 100)))


def _claiming(width: int, height: int) -> bytes:
    """Return the beginning of a PNG that says how large it is, and no more."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no JPEG"),
        (_photograph(kind="GIF"), "no JPEG"),
        (_photograph()[:3_000], "no JPEG"),
        (_claiming(400, 300), "no JPEG"),
        (_claiming(60_000, 60_000), "40 megapixels"),
        (_photograph(199, 400), "at least 200"),
        (_photograph(200, 900), "4 times"),
    ],
    ids=["nothing", "svg", "gif", "half", "empty", "bomb", "small", "narrow"],
)
async def test_what_can_not_be_shown_is_refused_and_leaves_nothing(content: bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await pictures.keep(_stream(content))
    assert words in refused.value.fields["picture"]
    assert FOLDER.kept() == []


async def test_what_is_too_large_is_refused_as_it_comes() -> None:
    with pytest.raises(FileTooLarge):
        await pictures.keep(_stream(bytes(pictures.LARGEST + 1)))


def test_the_widths_follow_from_what_a_row_has() -> None:
    image = picture_names.image_of("a" * 64)
    assert picture_names.sources(image).split(", ")[0] == f"/pictures/{'a' * 64}-320.webp 320w"
    assert picture_names.card(image) == f"pictures/{'a' * 64}-1200.jpg"
    for drawn in ("products/brass-diya.svg", "pictures/x-640.webp", f"products/{'a' * 64}-640.webp", ""):
        assert (picture_names.sources(drawn), picture_names.card(drawn)) == ("", "")
