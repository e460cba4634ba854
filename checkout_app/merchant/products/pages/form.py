"""A product: the few things that make one, the rest folded away, and what can be done about one that is there."""

from typing import Any, Final

import reflex as rx

from checkout_app.catalog import drafts
from checkout_app.catalog.corrections import Why
from checkout_app.catalog.files import KINDS
from checkout_app.catalog.picture_names import FOLDER
from checkout_app.merchant.products.pages.variants import variants
from checkout_app.merchant.products.views import NEW, PRODUCTS, FormView, RateView
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, field, form_notice, pill
from checkout_app.ui.native import ApiForm, FileField, NativeLink, PictureField
from checkout_app.ui.office import back, happened, office, office_page, part, sheet, tick

VIEW: Final[Any] = page_data.view(FormView)
_WHY: Final = {
    Why.COUNTED: "I counted",
    Why.CAME_IN: "More came in",
    Why.FOUND: "Some were found",
    Why.RETURNED: "Some came back",
    Why.BROKEN: "Some broke",
    Why.LOST: "Some were lost",
    Why.GIVEN_AWAY: "Some were given away",
}
_MADE_UP: Final = "Your own name for it; made of its name when you leave it empty."
_DETAILS: Final = "Country of origin: India\nMade by: Meera Iyer, Channapatna\nNet quantity: 6 pieces"


@office_page(NEW)
def new_product() -> rx.Component:
    """Build the form of a new product."""
    return office(
        PRODUCTS,
        VIEW.desk,
        sheet("office-products"),
        back("Products", PRODUCTS),
        rx.el.h1("A new product"),
        rx.el.div(_form("POST", f"{PRODUCTS}/{{id}}"), class_name="card office-part office-narrow"),
    )


@office_page(f"{PRODUCTS}/[product_id]")
def product() -> rx.Component:
    """Build the page of a product."""
    return office(
        PRODUCTS,
        VIEW.desk,
        sheet("office-products"),
        back("Products", PRODUCTS),
        rx.el.div(
            rx.el.h1(VIEW.name),
            rx.el.p(
                pill(VIEW.status, VIEW.tone),
                rx.el.span(VIEW.price_label, class_name="amount"),
                rx.el.span(VIEW.stock_label, class_name="muted"),
                class_name="office-pills",
            ),
            class_name="stack",
        ),
        rx.el.div(
            rx.cond(VIEW.can_change, part("What it is", _form("PATCH", "")), _told()),
            rx.el.div(
                rx.cond(VIEW.can_change | (VIEW.href != ""), _shown()),
                rx.cond(VIEW.digital & VIEW.can_change, _file()),
                rx.cond(VIEW.can_count, _stock()),
                rx.cond(VIEW.past.length() > 0, _past()),
                class_name="office-column",
            ),
            class_name="office-two",
        ),
        variants(),
    )


def _form(method: str, following: str) -> rx.Component:
    is_new = method == "POST"
    return ApiForm.create(
        PictureField.create(
            name="pictures",
            action="/api/merchant/products/pictures",
            folder=f"/{FOLDER.name}",
            pictures=VIEW.pictures,
            most=drafts.MOST_PICTURES,
        ),
        _text("name", "Name", drafts.LONGEST_NAME, default_value=VIEW.name, required=True),
        _price() if is_new else rx.cond(VIEW.variants.rows.length() > 0, rx.fragment(), _price()),
        _text("stock", "How many there are", 7, hint="Empty for what never runs out.", input_mode="numeric")
        if is_new
        else rx.fragment(),
        _category(),
        _more(is_new=is_new),
        form_notice("product-", {}),
        button("Put it on sale" if is_new else "Save", type="submit", wide=True),
        label="Product",
        action=VIEW.path,
        method=method,
        next=following,
    )


def _price() -> rx.Component:
    return _text(
        "amount",
        "Price, with tax",
        20,
        default_value=VIEW.price,
        input_mode="decimal",
        placeholder="₹",
        required=True,
        custom_attrs={"data-minor": ""},
    )


def _category() -> rx.Component:
    chip = {"data-fill": "category"}
    return rx.el.div(
        _text("category", "Category", drafts.LONGEST_CATEGORY, default_value=VIEW.category, required=True),
        rx.el.div(
            rx.foreach(
                VIEW.categories,
                lambda name: rx.el.button(name, type="button", class_name="office-chip", custom_attrs=chip, key=name),
            ),
            class_name="office-chips",
        ),
        class_name="stack",
    )


def _more(*, is_new: bool) -> rx.Component:
    rates = rx.foreach(VIEW.rates, _rate)
    return rx.el.details(
        rx.el.summary("More about it", class_name="link"),
        rx.el.div(
            _text("summary", "In a sentence", drafts.LONGEST_SUMMARY, default_value=VIEW.summary),
            _text("description", "Description", drafts.LONGEST_DESCRIPTION, default_value=VIEW.description, rows="5"),
            _text(
                "details",
                "Details, one a line",
                drafts.MOST_DETAILS * (drafts.LONGEST_TERM + drafts.LONGEST_DETAIL),
                default_value=VIEW.details,
                placeholder=_DETAILS,
                rows="4",
                custom_attrs={"data-pairs": ""},
            ),
            field("tax_rate", "GST, in the price", rates, wrong="", prefix="product-", default_value=VIEW.tax_rate),
            _text("hsn", "HSN or SAC code", 11, default_value=VIEW.hsn, input_mode="numeric"),
            _text("weight", "Weight, packed, in grams", 7, default_value=VIEW.weight, input_mode="numeric"),
            _sku(_MADE_UP) if is_new else rx.cond(VIEW.variants.rows.length() > 0, rx.fragment(), _sku("")),
            _text(
                "back_in",
                "Back in",
                drafts.LONGEST_BACK_IN,
                default_value=VIEW.back_in,
                hint="Said where it is sold out, such as March.",
            ),
            *((tick("digital", "It is a file to download"), _shown_at_once()) if is_new else ()),
            class_name="office-fields",
        ),
        class_name="office-more",
    )


def _sku(hint: str) -> rx.Component:
    return _text("sku", "SKU", drafts.LONGEST_SKU, default_value=VIEW.sku, hint=hint)


def _rate(rate: rx.Var[RateView]) -> rx.Component:
    return rx.el.option(rate.label, value=rate.value, key=rate.value)


def _shown_at_once() -> rx.Component:
    return tick("on_sale", "Buyers see it at once", default_checked=True)


def _shown() -> rx.Component:
    """Lead to where buyers see it, hide it or put it on sale, and copy it."""
    hides = _act("Take it off sale", VIEW.path, "PATCH", {"on_sale": False})
    shows = _act("Put it on sale", VIEW.path, "PATCH", {"on_sale": True})
    copies = _act("Duplicate", VIEW.path + "/duplicate", "POST", {}, following=f"{PRODUCTS}/{{id}}")
    return part(
        "In the shop",
        rx.el.div(
            rx.cond(VIEW.href, _as_buyer()),
            rx.cond(VIEW.can_change, rx.fragment(rx.cond(VIEW.on_sale, hides, shows), copies)),
            class_name="row office-acts",
        ),
    )


def _as_buyer() -> rx.Component:
    return NativeLink.create(rx.icon("eye", size=18), "See as buyer", href=VIEW.href, class_name="button button-quiet")


def _act(words: str, action: rx.Var[str], method: str, fixed: dict[str, bool], *, following: str = "") -> rx.Component:
    return ApiForm.create(
        form_notice("act-", {}),
        button(words, type="submit", quiet=True),
        label=words,
        action=action,
        method=method,
        fixed=fixed,
        next=following,
    )


def _file() -> rx.Component:
    """Let what buyers download be another file."""
    return part(
        "File to download",
        rx.cond(
            VIEW.file,
            rx.el.p(VIEW.file),
            rx.el.p("Its buyers have nothing to download yet.", class_name="muted"),
        ),
        FileField.create(words="Choose a file", action=VIEW.path + "/file", accept=",".join(KINDS)),
    )


def _stock() -> rx.Component:
    """Let how many there are be corrected, with the reason."""
    return part(
        "Stock",
        rx.cond(VIEW.held, rx.el.p(VIEW.held, " that are not paid yet, among them.", class_name="muted")),
        ApiForm.create(
            _text(
                "stock",
                "How many there are",
                7,
                default_value=VIEW.stock,
                input_mode="numeric",
                hint="Empty for what never runs out.",
                custom_attrs={"data-was": "seen"},
            ),
            field(
                "why",
                "Why",
                *(rx.el.option(words, value=why.value) for why, words in _WHY.items()),
                wrong="",
                prefix="product-",
            ),
            form_notice("stock-", {}),
            button("Correct it", type="submit", wide=True, quiet=True),
            label="Stock",
            action=VIEW.path + "/stock",
            method="PUT",
        ),
    )


def _past() -> rx.Component:
    return part("What happened", rx.el.ol(rx.foreach(VIEW.past, happened), class_name="office-lines"))


def _told() -> rx.Component:
    """Tell who may not change it what it is."""
    return part(
        "What it is",
        rx.el.p(VIEW.category, class_name="muted"),
        rx.el.p(VIEW.summary),
        rx.el.p(VIEW.description, class_name="office-lined"),
        rx.el.p(VIEW.details, class_name="office-lined"),
    )


def _text(name: str, label: str, longest: int, *, hint: str = "", **props: Any) -> rx.Component:
    return field(name, label, wrong="", hint=hint, prefix="product-", max_length=longest, auto_complete="off", **props)
