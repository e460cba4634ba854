"""Read and change what the shopkeeper says of themselves."""

from sqlmodel import func, select

from checkout_app.core import database
from checkout_app.seller.models import ONLY, Seller, TaxScheme

TAX_SCHEME = func.coalesce(
    select(Seller.tax_scheme).where(Seller.id == ONLY).scalar_subquery(), TaxScheme.REGULAR.value
).label("tax_scheme")
"""The scheme a sale is taxed by now, for a question that is about more; a shop that has said nothing is regular."""


async def choose_tax_scheme(scheme: TaxScheme) -> None:
    """Let sales from now on be taxed by a scheme; orders that exist keep theirs."""
    async with database.write() as session:
        await database.insert_new(session, Seller())
        [seller] = await database.lock(session, Seller, [ONLY])
        seller.tax_scheme = scheme
