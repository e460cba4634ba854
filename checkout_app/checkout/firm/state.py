"""The server action of checkout that is about the firm that is bought for."""

from typing import Any, Final

import reflex as rx

from checkout_app.auth.callers import Caller
from checkout_app.checkout.delivery.views import StateChoice
from checkout_app.core.errors import InvalidInput
from checkout_app.orders import firms
from checkout_app.orders.firms import Firm
from checkout_app.seller import gstin as numbers
from checkout_app.seller.states import STATES
from checkout_app.ui.visitor import Visitor, open_to, text_of

NAME, GSTIN, PREFIX = "firm", "gstin", "firm-"
"""The names of the fields, and how their ids begin."""
LONGEST_TYPED: Final = 40
"""Characters of a GSTIN as people type it, with spaces in it."""
_FIELDS: Final = {"name": NAME, "gstin": GSTIN}
"""The fields of a firm, by what a refusal calls them."""
_NOWHERE: Final = StateChoice("", "")


class FirmSection(Visitor, mixin=True):
    """The firm that a purchase is for; a part of the checkout's state. What is typed there is the browser's."""

    firm: str = ""
    """What stands in the field of the name, as far as it is known here."""
    gstin: str = ""
    """What stands in that of the number."""
    gstin_state: StateChoice = _NOWHERE
    """The State of the number that was typed; nothing while there is none."""
    firm_open: bool = False
    """Whether the section is open by itself, since something was typed there."""
    firm_wrong: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """What can't be used, by the field's name."""

    @rx.event
    @open_to(Caller.SIGNED_IN)
    async def look_up_gstin(self, gstin: str) -> None:
        """Say of the number that was typed of which State it is, or what is wrong with it."""
        self.gstin = text_of({GSTIN: gstin}, GSTIN, LONGEST_TYPED)
        self._look_up(self.gstin)

    def _look_up(self, number: str) -> None:
        self.gstin_state = _NOWHERE
        self.firm_wrong = {name: said for name, said in self.firm_wrong.items() if name != GSTIN}
        if not number.strip():
            return
        self.firm_open = True
        try:
            code = numbers.state(numbers.read(number))
        except numbers.NoGstin as unfit:
            self.firm_wrong = {**self.firm_wrong, GSTIN: str(unfit)}
        else:
            self.gstin_state = StateChoice(code, STATES[code])

    def _show_firm(self, firm: Firm | None) -> None:
        """Let the fields begin with a firm that is known, or with nothing."""
        self.firm, self.gstin = (firm.name, firm.gstin) if firm else ("", "")
        self.firm_open, self.firm_wrong = False, {}
        self._look_up(self.gstin)

    def _firm_in(self, form: Any) -> Firm | None:
        """Return the firm that was typed; None when nothing was, or it can't be one, which is said at its fields."""
        self.firm, self.gstin, self.firm_wrong = text_of(form, NAME), text_of(form, GSTIN, LONGEST_TYPED), {}
        self._look_up(self.gstin)
        if not (self.firm.strip() or self.gstin.strip()):
            return None
        self.firm_open = True
        try:
            return firms.read(self.firm, self.gstin)
        except InvalidInput as unfit:
            self.firm_wrong = {_FIELDS[name]: sentence for name, sentence in unfit.fields.items()}
            return None

    def _first_wrong_of_firm(self) -> str:
        """Return the id of the first of these fields that can't be used."""
        return f"{PREFIX}{GSTIN if GSTIN in self.firm_wrong else NAME}"
