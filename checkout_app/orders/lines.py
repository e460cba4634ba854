"""The lines of an order, as they are frozen when it is made."""

from checkout_app.catalog.models import Product, Variant
from checkout_app.orders.models import Order, OrderLine
from checkout_app.pricing.derivation import Line


def line_of(order: Order, position: int, product: Product, variant: Variant, quantity: int, figures: Line) -> OrderLine:
    """Make a line of an order: so many units of a variant at its price, and what they come to."""
    return OrderLine(
        order_id=order.id,
        position=position,
        product_id=product.id,
        variant_id=variant.id,
        sku=variant.sku,
        slug=product.slug,
        name=product.called(variant),
        option_values=variant.option_values,
        image=product.image,
        quantity=quantity,
        unit_amount=variant.amount,
        amount=figures.amount,
        discount=figures.discount,
        delivery=figures.delivery,
        taxable=figures.taxable,
        tax_rate=figures.rate,
        cgst=figures.cgst,
        sgst=figures.sgst,
        igst=figures.igst,
        hsn=variant.hsn,
    )
