"""What is on the page of the people of the shop."""

from dataclasses import asdict

from checkout_app.accounts import staff
from checkout_app.accounts.own import service as own
from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import NotPermitted
from checkout_app.auth.tokens import Identity
from checkout_app.merchant.desk import Asked
from checkout_app.merchant.people.views import PEOPLE, people_view
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.service import Content, own_page


async def people(path: str, asked: Asked, person: Identity) -> Content | None:  # noqa: ARG001 - as every room
    """Return the page of the people; None for the path of anything else. Raises NotPermitted for who is no owner."""
    if path != PEOPLE:
        return None
    if not Caller.OWNER.admits(person.role):
        raise NotPermitted
    shown = people_view(person, await staff.team(), await staff.invited(), await own.sign_ins(person))
    return own_page(PEOPLE, "People", asdict(shown), await presentation())
