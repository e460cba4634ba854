"""The link of an invitation, as it is passed on."""

from checkout_app.accounts import proofs
from checkout_app.accounts.models import Proof
from checkout_app.core.settings import settings


def link_of(proof: Proof) -> str:
    """Return where an invitation is accepted."""
    return f"{settings().public_url}/accept?link={proofs.link_of(proof)}"
