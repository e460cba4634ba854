"""What pages say to programs, in schema.org's words: the shop, a product with its offer, and the way to it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from checkout_app.catalog.service import Offer
from checkout_app.core.money import in_major_units
from checkout_app.core.settings import settings
from checkout_app.seller.presentation import Presentation
from checkout_app.shopfront.paths import product_path, variant_path
from checkout_app.shopfront.views import ProductView

Linked = Mapping[str, Any]


def organization(shop: Presentation) -> Linked:
    """Describe the shop."""
    url = settings().public_url
    return {
        "@type": "Organization",
        "@id": f"{url}/#shop",
        "name": shop.name,
        "url": f"{url}/",
        "logo": f"{url}{shop.logo}",
    }


def way_to(shop: Presentation, *steps: tuple[str, str]) -> Linked:
    """Describe where a page is in the shop: the names and the paths of the steps that lead to it."""
    url = settings().public_url
    places = [
        {"@type": "ListItem", "position": position, "name": name, "item": f"{url}{path}"}
        for position, (name, path) in enumerate(((shop.name, "/"), *steps), start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": places}


def product(offers: Sequence[Offer], view: ProductView, shop: Presentation) -> Sequence[Linked]:
    """Describe a product, what its variants cost, whether there is any, and the way to it."""
    url = settings().public_url
    page = f"{url}{product_path(view.slug)}"
    of_each = [_offer(offer, url) for offer in offers]
    described = {
        "@type": "Product",
        "@id": f"{page}#product",
        "name": view.name,
        "description": view.summary or view.name,
        "image": f"{url}{view.image}",
        "sku": offers[0].variant.sku,
        "category": view.category,
        "url": page,
        "offers": _together(offers, of_each) if view.options else of_each[0],
    }
    way = way_to(shop, (view.category, view.category_href), (view.name, product_path(view.slug)))
    return [described, way, organization(shop)]


def _offer(offer: Offer, url: str) -> Linked:
    """Describe what one variant costs and whether there is any."""
    product, variant = offer.product, offer.variant
    of_it = {"name": offer.name, "sku": variant.sku} if product.options else {}
    path = variant_path(product.slug, variant.id) if product.options else product_path(product.slug)
    return {
        "@type": "Offer",
        **of_it,
        "url": f"{url}{path}",
        "price": _price(variant.amount, variant.currency),
        "priceCurrency": variant.currency,
        "availability": f"https://schema.org/{'OutOfStock' if variant.available == 0 else 'InStock'}",
        "seller": {"@id": f"{url}/#shop"},
    }


def _together(offers: Sequence[Offer], of_each: Sequence[Linked]) -> Linked:
    """Describe from what to what several variants cost."""
    amounts, currency = [offer.variant.amount for offer in offers], offers[0].variant.currency
    return {
        "@type": "AggregateOffer",
        "lowPrice": _price(min(amounts), currency),
        "highPrice": _price(max(amounts), currency),
        "priceCurrency": currency,
        "offerCount": len(offers),
        "offers": of_each,
    }


def _price(amount: int, currency: str) -> str:
    return f"{in_major_units(amount, currency):f}"


def written(things: Sequence[Linked]) -> str:
    """Write descriptions down as they stand in a page; nothing in them can end the script they stand in."""
    return script_json({"@context": "https://schema.org", "@graph": things})


def script_json(value: object) -> str:
    """Write JSON that can stand between the tags of a script."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
