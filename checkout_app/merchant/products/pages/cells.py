"""A field in a table, which is saved as somebody leaves it."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from checkout_app.ui.kit import form_notice
from checkout_app.ui.native import ApiForm


def cell(
    said: rx.Var[str],
    name: str,
    value: rx.Var[str],
    action: rx.Var[str],
    method: str,
    *,
    fixed: Mapping[str, Any] | None = None,
    data: dict[str, str] | None = None,
    **props: Any,
) -> rx.Component:
    """Make the field `name`, of which it is `said` what it is; `fixed` goes with it, `data` says how it is sent."""
    return ApiForm.create(
        rx.el.input(
            name=name,
            default_value=value,
            aria_label=said,
            auto_complete="off",
            class_name="field-input amount",
            custom_attrs=data or {},
            **props,
        ),
        rx.el.output(class_name="small"),
        form_notice("cell-", {}),
        label=said,
        action=action,
        method=method,
        fixed=fixed or {},
        stays=True,
    )


def price_cell(said: rx.Var[str], value: rx.Var[str], action: rx.Var[str], **more: Any) -> rx.Component:
    """Make the field of a price, which is the product's at `action`."""
    return cell(said, "amount", value, action, "PATCH", input_mode="decimal", data={"data-minor": ""}, **more)


def stock_cell(said: rx.Var[str], value: rx.Var[str], action: rx.Var[str], **more: Any) -> rx.Component:
    """Make the field of how many there are of the product at `action`; what was there before goes with it."""
    as_seen = {"data-was": "seen"}
    return cell(
        said, "stock", value, action + "/stock", "PUT", input_mode="numeric", placeholder="No end", data=as_seen, **more
    )
