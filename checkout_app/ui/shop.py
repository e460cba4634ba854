"""How the shop presents itself around every page: told with the page, so that no build knows it."""

from typing import Any, Final

import reflex as rx

from checkout_app.seller.presentation import FooterLink

_LIBRARY: Final = rx.asset("page_data.jsx", shared=True).importable_path
_HOOK: Final = rx.vars.VarData(
    hooks={"const shop = useShop()": None}, imports={_LIBRARY: [rx.ImportVar(tag="useShop", install=False)]}
)

NAME: Final[Any] = rx.Var("shop.name", _var_type=str, _var_data=_HOOK).to(str)
"""What it is called; empty for a moment where nobody wrote it into the page."""
AGREED: Final[Any] = rx.Var("shop.agreed", _var_type=list[FooterLink], _var_data=_HOOK).to(list[FooterLink])
"""The policies that somebody agrees to by paying."""
LINKS: Final[Any] = rx.Var("shop.links", _var_type=list[FooterLink], _var_data=_HOOK).to(list[FooterLink])
"""What is below every page."""


class Brand(rx.Component):
    """Its sign and its name, which lead to what it has."""

    library = _LIBRARY
    tag = "Brand"
