"""What the parts of the checkout's state share: which purchase they are about, and that it is priced again."""

from checkout_app.checkout.attempt import Attempt
from checkout_app.ui.visitor import Visitor


class Purchase(Visitor, mixin=True):
    """A purchase, as each part of the checkout's state knows it; `CheckoutState` is made of those parts."""

    _attempt: Attempt | None = None

    async def _price_again(self) -> None:
        """Price what is bought with what has been said since; how, the checkout knows."""
        raise NotImplementedError
