"""What pages say to programs, in schema.org's words: the shop, a product with its offer, and the way to it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from checkout_app.catalog.service import Offer
from checkout_app.core.money import in_major_units
from checkout_app.core.settings import settings
from checkout_app.seller.presentation import Presentation
from checkout_app.shopfront.views import ProductView, product_path

Linked = Mapping[str, Any]

_LOGO: Final = "/brand/apple-touch-icon.png"


def organization(shop: Presentation) -> Linked:
    """Describe the shop."""
    url = settings().public_url
    return {
        "@type": "Organization",
        "@id": f"{url}/#shop",
        "name": shop.name,
        "url": f"{url}/",
        "logo": f"{url}{_LOGO}",
    }


def way_to(shop: Presentation, *steps: tuple[str, str]) -> Linked:
    """Describe where a page is in the shop: the names and the paths of the steps that lead to it."""
    url = settings().public_url
    places = [
        {"@type": "ListItem", "position": position, "name": name, "item": f"{url}{path}"}
        for position, (name, path) in enumerate(((shop.name, "/"), *steps), start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": places}


def product(offer: Offer, view: ProductView, shop: Presentation) -> Sequence[Linked]:
    """Describe a product, what it costs, whether there is any, and the way to it."""
    url = settings().public_url
    page = f"{url}{product_path(view.slug)}"
    variant = offer.variant
    described = {
        "@type": "Product",
        "@id": f"{page}#product",
        "name": view.name,
        "description": view.summary,
        "image": f"{url}{view.image}",
        "sku": variant.sku,
        "category": view.category,
        "url": page,
        "offers": {
            "@type": "Offer",
            "url": page,
            "price": f"{in_major_units(variant.amount, variant.currency):f}",
            "priceCurrency": variant.currency,
            "availability": f"https://schema.org/{'InStock' if view.most else 'OutOfStock'}",
            "seller": {"@id": f"{url}/#shop"},
        },
    }
    way = way_to(shop, (view.category, view.category_href), (view.name, product_path(view.slug)))
    return [described, way, organization(shop)]


def written(things: Sequence[Linked]) -> str:
    """Write descriptions down as they stand in a page; nothing in them can end the script they stand in."""
    return script_json({"@context": "https://schema.org", "@graph": things})


def script_json(value: object) -> str:
    """Write JSON that can stand between the tags of a script."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
