"""The demo catalogue: what Mitti, the shop of the demo, has for sale. Data only; the catalogue's service shelves it."""

from checkout_app.demo.catalog.care import CARE
from checkout_app.demo.catalog.cloth import CLOTH
from checkout_app.demo.catalog.digital import DIGITAL
from checkout_app.demo.catalog.home import HOME
from checkout_app.demo.catalog.light import LIGHT
from checkout_app.demo.catalog.pantry import PANTRY
from checkout_app.demo.catalog.product import DemoProduct
from checkout_app.demo.catalog.table import TABLE

__all__ = ["DEMO_PRODUCTS", "DemoProduct"]

DEMO_PRODUCTS: tuple[DemoProduct, ...] = (*TABLE, *CLOTH, *LIGHT, *PANTRY, *CARE, *HOME, *DIGITAL)
"""In the order of the shop window."""
