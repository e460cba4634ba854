"""Elements with the browser's own behaviour, where Reflex's would be in the way."""

from typing import Any

import reflex as rx
from reflex_components_core.el.element import Element

rx.asset("form_words.js", shared=True)  # which the scripts of forms import
rx.asset("send_file.js", shared=True)
rx.asset("api_fields.js", shared=True)
rx.asset("way_in.js", shared=True)


class NativeForm(Element):
    """A form that the browser sends itself, for posts that set or clear a cookie; `rx.el.form` swallows the submit."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]


class NativeLink(Element):
    """A link within the page; `rx.el.a` would make it a step of the router."""

    tag = "a"
    href: rx.Var[str]


class PostForm(rx.Component):
    """A form that is posted to the page's own address, by the browser itself as long as no scripts run.

    The page says where its forms go: `ui.page`. A form of another page names that in `action`. With scripts the answer
    is JSON: `next`, or else `fields`, which are said at the inputs of those names, and `detail`, which is said in the
    form's notice where there are none.
    """

    library = rx.asset("post_form.jsx", shared=True).importable_path
    tag = "PostForm"
    label: rx.Var[str]
    action: rx.Var[str]


class GetForm(rx.Component):
    """A form that leads to the page `action` with its fields in the address, which works before scripts run.

    A button of it with a `form_action` and the `form_method` post sends them there instead.
    """

    library = rx.asset("get_form.jsx", shared=True).importable_path
    tag = "GetForm"
    action: rx.Var[str]


class StyleSheet(Element):
    """A style sheet that comes with the pages that need it: React puts it into the head, and waits for it."""

    tag = "link"
    href: rx.Var[str]
    rel: rx.Var[str]
    precedence: rx.Var[str]


class ApiForm(rx.Component):
    """A form whose fields are sent to `action` in the API, together with what is `fixed`.

    The page is then loaded anew, or `next` is opened; a form of one field that `stays` says in its output that it is
    done. What it sends and what it writes while it is filled in says its script. What was refused is said at the fields
    of those names, or else in the form's notice.
    """

    library = rx.asset("api_form.jsx", shared=True).importable_path
    tag = "ApiForm"
    label: rx.Var[str]
    action: rx.Var[str]
    method: rx.Var[str]
    next: rx.Var[str]
    currency: rx.Var[str]
    fixed: rx.Var[dict[str, Any]]
    stays: rx.Var[bool]


class FileField(rx.Component):
    """A button that sends a file, once it is chosen, to `action` under its name; the page is then loaded anew."""

    library = rx.asset("file_field.jsx", shared=True).importable_path
    tag = "FileField"
    words: rx.Var[str]
    action: rx.Var[str]
    accept: rx.Var[str]


class PictureField(rx.Component):
    """The field `name` of a form of the API: `pictures`, each an `id` and an `alt`, taken or chosen, at most so many.

    They are sent to `action` at once, and shown as they are in `folder`.
    """

    library = rx.asset("picture_field.jsx", shared=True).importable_path
    tag = "PictureField"
    name: rx.Var[str]
    action: rx.Var[str]
    folder: rx.Var[str]
    pictures: rx.Var[list[dict[str, str]]]
    most: rx.Var[int]


class ChooseAll(rx.Component):
    """A box that ticks all boxes of the form that have a `name`, or none of them."""

    library = rx.asset("choose_all.jsx", shared=True).importable_path
    tag = "ChooseAll"
    name: rx.Var[str]
    label: rx.Var[str]


class PrintButton(rx.Component):
    """A button that prints the page, and says so in what is in it."""

    library = rx.asset("print_button.jsx", shared=True).importable_path
    tag = "PrintButton"


class NewOrders(rx.Component):
    """Says how many orders have come to a list since it was loaded: `asks` is where, `known` the ids of those shown."""

    library = rx.asset("new_orders.jsx", shared=True).importable_path
    tag = "NewOrders"
    asks: rx.Var[str]
    known: rx.Var[str]


class TableForm(rx.Component):
    """A table that is chosen and sent to `action`, which says what it changes and what is wrong with it first.

    What it is about is on the page `list`.
    """

    library = rx.asset("table_form.jsx", shared=True).importable_path
    tag = "TableForm"
    action: rx.Var[str]
    list: rx.Var[str]
