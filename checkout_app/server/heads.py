"""What a public page says of itself before any script runs: to people who are shown a link, and to search engines."""

from html import escape

from checkout_app.core.settings import settings
from checkout_app.shopfront.service import Head

_FIRST = "data-first"
"""Marks what is about the first page of a tab: its script takes it away with that."""


def of_page(head: Head) -> str:
    """Write what pages don't say by their own scripts: their address, what links to them look like, linked data."""
    if not head.path:
        return f'<meta {_FIRST} name="robots" content="noindex"/>'
    url = escape(f"{settings().public_url}{head.path}")
    said = {"og:type": head.kind, "og:url": url, "og:title": escape(head.title)}
    said |= {"og:description": escape(head.description), "og:site_name": escape(head.shop)}
    metas = "".join(f'<meta {_FIRST} property="{name}" content="{value}"/>' for name, value in said.items())
    card = f'<meta {_FIRST} name="twitter:card" content="summary_large_image"/>'
    linked = f'<script {_FIRST} type="application/ld+json">{head.linked}</script>'
    return f'<link {_FIRST} rel="canonical" href="{url}"/>{metas}{card}{linked}'


def of_shell(head: Head) -> str:
    """Write all of it, for a page whose script has yet to say its part."""
    image = escape(f"{settings().public_url}{head.image}")
    return (
        f"<title {_FIRST}>{escape(head.title)}</title>"
        f'<meta {_FIRST} name="description" content="{escape(head.description)}"/>'
        f'<meta {_FIRST} property="og:image" content="{image}"/>{of_page(head)}'
    )
