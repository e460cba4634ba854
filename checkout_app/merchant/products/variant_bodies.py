"""What the API is told of the variants of a product by the people of the shop, and what it tells them."""

from collections.abc import Sequence
from typing import Annotated, Any, Self, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.options import MOST_OPTIONS, MOST_VARIANTS, Option
from checkout_app.catalog.variants import Wanted
from checkout_app.core import ids
from checkout_app.merchant.products.bodies import Whole, price

_Text = Annotated[str, Field(max_length=200)]


def _listed(said: Any) -> Any:
    """Take what a form sends of a list: its items, with commas between them."""
    return [item.strip() for item in said.split(",") if item.strip()] if isinstance(said, str) else said


class OptionBody(BaseModel):
    """In what variants differ, such as Colour, and what each may be: a list, or a text with commas."""

    model_config = ConfigDict(extra="forbid")

    name: _Text
    values: Annotated[list[_Text], Field(max_length=MOST_VARIANTS), BeforeValidator(_listed)]


class WantedVariantBody(BaseModel):
    """What is said of the combination that has these `values`, one for each option; what is not said stays.

    `id` lets that variant be the combination from now on, as when a value is called something else.
    """

    model_config = ConfigDict(extra="forbid")

    values: Annotated[list[_Text], Field(max_length=MOST_OPTIONS)]
    id: Annotated[str, Field(max_length=ids.ID_LENGTH)] = ""
    amount: Annotated[int, BeforeValidator(price)] = 0
    stock: Whole = None
    sku: _Text = ""
    on_sale: bool = True


class VariantsRequest(BaseModel):
    """The options of a product, and what is said of some of their combinations."""

    model_config = ConfigDict(extra="forbid")

    options: Annotated[list[OptionBody], Field(max_length=2 * MOST_OPTIONS)]
    variants: Annotated[list[WantedVariantBody], Field(max_length=MOST_VARIANTS)] = []

    def said(self) -> tuple[Sequence[Option], Sequence[Wanted]]:
        """Return what is said, and nothing of the rest."""
        options = [Option(option.name, option.values) for option in self.options]
        return options, [cast("Wanted", one.model_dump(exclude_unset=True)) for one in self.variants]


class OwnVariantBody(BaseModel):
    """A variant as the people of the shop see it; `stock` with the `held` units, null for what never runs out."""

    id: str
    values: list[str]
    on_sale: bool
    sku: str
    amount: int
    currency: str
    stock: int | None
    held: int

    @classmethod
    def of(cls, variant: Variant) -> Self:
        """Describe one."""
        same = variant.model_dump(include={"id", "on_sale", "sku", "amount", "currency", "held"})
        return cls(**same, values=variant.option_values, stock=variant.on_hand)


class VariantsBody(BaseModel):
    """In what variants a product comes, those that are hidden as well, last."""

    options: list[str]
    variants: list[OwnVariantBody]

    @classmethod
    def of(cls, product: Product, variants: Sequence[Variant]) -> Self:
        """Describe them."""
        return cls(options=product.options, variants=[OwnVariantBody.of(variant) for variant in variants])
