"""Commands about what a sale comes to: how the seller stands to GST beyond their scheme."""

import asyncio
from typing import Any

from checkout_app.commands.words import WRONG_USAGE, add, tell

_HANDICRAFT = {"yes": True, "no": False}


def add_to(commands: Any) -> None:
    """Add these commands to those of the program."""
    text = "Say where the seller is and by which GSTIN, or without options how they stand to GST now."
    registering = add(
        commands, "gst", text, lambda given: register(given.state, given.gstin, given.handicraft), on_a_shop=True
    )
    registering.add_argument("--state", help='its name, or its two digits with GST; "" takes it back')
    registering.add_argument("--gstin", metavar="NUMBER", help="which says the State as well; likewise")
    handicraft = "whether what is made are handicrafts, which may go to other States without registration"
    registering.add_argument("--handicraft", choices=_HANDICRAFT, help=handicraft)


def register(state: str | None, gstin: str | None, handicraft: str | None) -> int:
    """Say how the seller stands to GST, and from now on as is given."""
    from checkout_app.core.errors import InvalidInput
    from checkout_app.seller import registration
    from checkout_app.seller.states import STATES

    made_by_hand = _HANDICRAFT[handicraft] if handicraft else None
    try:
        now = asyncio.run(registration.register(state=state, gstin=gstin, handicraft=made_by_hand))
    except InvalidInput as unfit:
        tell(unfit.detail)
        return WRONG_USAGE
    tell(f"Scheme: {now.scheme}")
    tell(f"State: {STATES.get(now.state, 'not said, so no sale leaves it')}")
    tell(f"GSTIN: {now.gstin or 'none'}")
    tell(f"Handicrafts: {'yes' if now.handicraft else 'no'}")
    return 0
