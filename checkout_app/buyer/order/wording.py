"""Sentences about an order and its buyer, said to whoever reads them."""

from collections.abc import Mapping

from checkout_app.orders.timeline import Reader

_CALLED: Mapping[Reader, Mapping[str, str]] = {
    Reader.BUYER: {"you": "you", "your": "your"},
    Reader.OTHER: {"you": "the buyer", "your": "the buyer's"},
}


def to(reader: Reader, sentence: str) -> str:
    """Say a sentence to its reader; `{you}` and `{your}` in it are the buyer and what is the buyer's."""
    said = sentence.format(**_CALLED[reader])
    return said[:1].upper() + said[1:]
