"""Read and change what the shopkeeper says of themselves."""

from checkout_app.core import database
from checkout_app.core.session import Session
from checkout_app.seller.models import ONLY, Seller, TaxScheme


async def tax_scheme(session: Session) -> TaxScheme:
    """Return the scheme a sale is taxed by now; a shop that has said nothing is a regular one."""
    seller = await session.get(Seller, ONLY)
    return TaxScheme(seller.tax_scheme) if seller else TaxScheme.REGULAR


async def choose_tax_scheme(scheme: TaxScheme) -> None:
    """Let sales from now on be taxed by a scheme; orders that exist keep theirs."""
    async with database.write() as session:
        await database.insert_new(session, Seller())
        [seller] = await database.lock(session, Seller, [ONLY])
        seller.tax_scheme = scheme
