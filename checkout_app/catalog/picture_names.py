"""What pictures are called: by what they were made of. Photographs are there in several widths and once for links.

A row has the path of one width; the others follow from it. An address is of one content for good.
"""

import re
from typing import Final

from checkout_app.catalog.folders import DIGEST, Folder

WIDTHS: Final = (320, 640, 1280)
CARD: Final = 1200
"""The width of the one that is shown beside a link to its product, where WebP is not read everywhere."""
SIGN: Final = 256
"""How wide and high the sign of the shop is."""
FOLDER: Final = Folder(
    "pictures", re.compile(rf"{DIGEST.pattern}-(?:(?:{'|'.join(map(str, (SIGN, *WIDTHS)))})\.webp|{CARD}\.jpg)")
)
"""Where they are kept. Anybody may have what is in it, so it is none of the files that are sold."""
_ROW: Final = WIDTHS[1]


def name_of(picture_id: str, width: int) -> str:
    """Return what a picture is called in a width."""
    return f"{picture_id}-{width}.{'jpg' if width == CARD else 'webp'}"


def image_of(picture_id: str) -> str:
    """Return the path below the web root that rows have of a picture."""
    return f"{FOLDER.name}/{name_of(picture_id, _ROW)}"


def sign_of(picture_id: str) -> str:
    """Return the path of what a picture is as the sign of the shop."""
    return f"/{FOLDER.name}/{name_of(picture_id, SIGN)}"


def sources(image: str) -> str:
    """Return all widths of the picture that a row has, as `srcset` wants them; nothing of what has but one."""
    picture_id = _id_in(image)
    if not picture_id:
        return ""
    return ", ".join(f"/{FOLDER.name}/{name_of(picture_id, width)} {width}w" for width in WIDTHS)


def card(image: str) -> str:
    """Return the path of the picture that a row has for links to it; nothing of one that was drawn."""
    picture_id = _id_in(image)
    return f"{FOLDER.name}/{name_of(picture_id, CARD)}" if picture_id else ""


def _id_in(image: str) -> str:
    folder, _, name = image.rpartition("/")
    return name.partition("-")[0] if folder == FOLDER.name and FOLDER.names.fullmatch(name) else ""
