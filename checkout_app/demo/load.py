"""Put the demo shop in: its products on the shelves, its words and promises, its buyer among the accounts."""

from collections.abc import AsyncIterator

from sqlmodel import bindparam, col, exists, select

from checkout_app.catalog import files
from checkout_app.catalog import service as catalog
from checkout_app.catalog.models import Product, ProductFile, Variant
from checkout_app.core import database
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.delivery import zones
from checkout_app.demo.buyer import make_demo_buyer
from checkout_app.demo.catalog import DEMO_PRODUCTS
from checkout_app.demo.catalog.product import DemoProduct, DemoVariant
from checkout_app.demo.zones import DEMO_ZONES
from checkout_app.journal.actors import OPERATOR, SHOP
from checkout_app.pricing import service as pricing
from checkout_app.pricing.models import Coupon, CouponKind
from checkout_app.seller import presentation
from checkout_app.seller import service as seller

SHIPPING = "What fits into a parcel is sent within two working days. From ₹999 on delivery is free in most of India."
SENTENCE = "Things made by hand, to be used every day."
DESCRIPTION = "Cups, cloth, lamps and tea from small workshops across India. Few of each, and each a little different."
COUPON = "NAMASTE10"
RETURNS = "Send it back within 14 days if it is not for you; the money returns the way it came."

_WITHOUT_FILE = Statement[str](
    select(Product.id).where(
        Product.slug == bindparam("slug"),
        col(Product.digital),
        ~exists().where(col(ProductFile.product_id) == col(Product.id)),
    )
)


async def load_demo() -> tuple[int, bool]:
    """Make what is missing of the demo shop; returns how many products were new, and whether its buyer was.

    It says and promises something where the shelves were empty: elsewhere a shopkeeper may have spoken already.
    """
    async with database.write() as session:
        new = await load_products(session)
    await load_files()
    if new == len(DEMO_PRODUCTS):
        await seller.promise(shipping=SHIPPING, returns=RETURNS)
        await presentation.present(sentence=SENTENCE, description=DESCRIPTION)
        await pricing.create_coupon(_coupon(), OPERATOR)
        for zone in DEMO_ZONES:
            await zones.put(zone)
    return new, await make_demo_buyer()


def _coupon() -> Coupon:
    """Make 10 % off from ₹500 on, once for each person."""
    return Coupon(code=COUPON, kind=CouponKind.PERCENT, value=1000, minimum=50_000, once=True)


async def load_products(session: Session) -> int:
    """Put the demo catalogue on the shelves; leaves alone what is there already. Returns how many were new."""
    rows = [_rows(position, demo) for position, demo in enumerate(DEMO_PRODUCTS, start=1)]
    return sum([await catalog.add_product(session, product, *variants) for product, variants in rows])


async def load_files() -> None:
    """Give products of the demo their files; leaves alone what has one already."""
    for demo in DEMO_PRODUCTS:
        if demo.file is None:
            continue
        async with database.ask() as session:
            found = (await session.exec(_WITHOUT_FILE, slug=demo.slug)).first()
        if found:
            await files.put(found, demo.file.name, _whole(demo.file.content()), SHOP)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _rows(position: int, demo: DemoProduct) -> tuple[Product, list[Variant]]:
    product = Product(
        slug=demo.slug,
        position=position,
        name=demo.name,
        category=demo.category,
        summary=demo.summary,
        description=demo.description,
        details=[{"term": term, "text": text} for term, text in demo.details],
        image=f"products/{demo.slug}.svg",
        image_alt=demo.image_alt,
        digital=demo.digital,
        back_in=demo.back_in,
        options=list(demo.options),
    )
    first = Variant(
        product_id=product.id,
        sku=demo.slug,
        option_values=list(demo.values),
        amount=demo.amount,
        tax_rate=demo.tax_rate,
        hsn=demo.hsn,
        on_hand=demo.on_hand,
    )
    return product, [first, *(_other(first, each) for each in demo.others)]


def _other(first: Variant, demo: DemoVariant) -> Variant:
    """Make another variant, which differs from the first in what it costs and how many there are."""
    return Variant(
        product_id=first.product_id,
        sku=f"{first.sku}-{'-'.join(demo.values).lower()}",
        option_values=list(demo.values),
        amount=demo.amount,
        tax_rate=first.tax_rate,
        hsn=first.hsn,
        on_hand=demo.on_hand,
    )
