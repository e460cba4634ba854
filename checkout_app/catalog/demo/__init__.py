"""The demo catalogue: what Mitti, the shop of the demo, has for sale. Data only; the catalogue's service shelves it."""

from checkout_app.catalog.demo.care import CARE
from checkout_app.catalog.demo.cloth import CLOTH
from checkout_app.catalog.demo.digital import DIGITAL
from checkout_app.catalog.demo.home import HOME
from checkout_app.catalog.demo.light import LIGHT
from checkout_app.catalog.demo.pantry import PANTRY
from checkout_app.catalog.demo.product import DemoProduct
from checkout_app.catalog.demo.table import TABLE

__all__ = ["DEMO_PRODUCTS", "DemoProduct"]

DEMO_PRODUCTS: tuple[DemoProduct, ...] = (*TABLE, *CLOTH, *LIGHT, *PANTRY, *CARE, *HOME, *DIGITAL)
"""In the order of the shop window."""
