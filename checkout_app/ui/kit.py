"""Buttons, links, fields, notices and the other small parts, each with its meaning for assistive technology."""

from collections.abc import Mapping
from typing import Any, Literal

import reflex as rx

from checkout_app.core.assets import versioned

Tone = Literal["neutral", "success", "warning", "danger", "info"]
"""What a colour says; an icon or a label always says it too."""

Text = str | rx.Var[str]


def button(*content: rx.Component | Text, quiet: bool = False, wide: bool = False, **props: Any) -> rx.Component:
    """Make a button that does something on this page; `quiet` for what is not the one main step."""
    props.setdefault("type", "button")
    return rx.el.button(*content, class_name=_button_class(quiet=quiet, wide=wide), **props)


def button_link(
    *content: rx.Component | Text, href: Text, quiet: bool = False, wide: bool = False, **props: Any
) -> rx.Component:
    """Make a link that looks like a button, for a step that leads to another page."""
    return rx.el.a(*content, href=href, class_name=_button_class(quiet=quiet, wide=wide), **props)


def link(label: Text, href: Text, **props: Any) -> rx.Component:
    """Make a link inside text or beside other links."""
    return rx.el.a(label, href=href, class_name="link", **props)


def field(
    name: str,
    label: str,
    *options: rx.Component,
    wrong: Text,
    hint: str = "",
    prefix: str = "",
    beside: rx.Component | None = None,
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """Make a labelled field of a form, or with `options` a choice, or with `rows` one for several lines.

    `prefix` keeps ids apart on a page of forms.

    `wrong` is said of it: what a state says, as long as it says something; a sentence once the form was posted, where
    no script runs when the address that the server then leads to ends with `#…-wrong`.
    """
    field_id, of_state = f"{prefix}{name}", isinstance(wrong, rx.Var)
    control = (rx.el.select if options else rx.el.textarea if "rows" in props else rx.el.input)(
        *options,
        id=field_id,
        name=name,
        class_name="field-input",
        aria_invalid=rx.cond(wrong, "true", "false") if of_state else "false",
        aria_describedby=f"{field_id}-error" + (f" {field_id}-hint" if hint else ""),
        **props,
    )
    said = rx.cond(wrong, _field_error(wrong)) if of_state else _field_error("", "said", hidden=True)
    return rx.el.div(
        rx.el.label(label, html_for=field_id, class_name="field-label"),
        rx.el.div(control, beside, class_name="field-row") if beside else control,
        rx.el.p(hint, id=f"{field_id}-hint", class_name="field-hint") if hint else rx.fragment(),
        rx.el.div(said, id=f"{field_id}-error", role="alert"),
        rx.fragment() if of_state else _field_error(wrong, "when-target", id=f"{field_id}-wrong", tab_index=-1),
        class_name=f"field {class_name}".rstrip(),
    )


def _field_error(words: Text, when: str = "", **props: Any) -> rx.Component:
    class_name = f"field-error {when}".rstrip()
    return rx.el.div(rx.icon("circle-alert", size=14), rx.el.p(words), class_name=class_name, **props)


def form_notice(prefix: str, wrong: Mapping[str, str]) -> rx.Component:
    """Make the place where a form says what is wrong with none of its fields.

    `wrong` are the sentences that are said where no script runs, under the ends of the addresses that lead to them.
    """
    return rx.el.div(
        rx.el.div(_form_error("", hidden=True, tab_index=-1), role="alert"),
        *(_form_error(words, id=f"{prefix}{code}", tab_index=-1) for code, words in wrong.items()),
        class_name="form-notice",
    )


def _form_error(words: str, **props: Any) -> rx.Component:
    kind = "said" if props.get("hidden") else "when-target"
    return rx.el.div(
        rx.icon("circle-alert", size=18),
        rx.el.p(words, class_name="notice-text"),
        class_name=f"notice tone-danger {kind}",
        **props,
    )


def notice(
    text: rx.Var[str], tone: Tone = "warning", icon: str = "info", role: Literal["alert", "status"] = "alert"
) -> rx.Component:
    """Show a sentence, or nothing while it is empty; read out when it appears.

    An alert is about what just happened and interrupts, a status is good to know and waits its turn.
    """
    return rx.el.div(
        rx.cond(
            text,
            rx.el.div(
                rx.icon(icon, size=18), rx.el.p(text, class_name="notice-text"), class_name=f"notice tone-{tone}"
            ),
        ),
        role=role,
    )


def pill(label: Text, tone: rx.Var[str]) -> rx.Component:
    """Show a status: its label, with the icon and the colour of its tone."""
    icon = rx.match(
        tone,
        ("success", rx.icon("check", size=14)),
        ("warning", rx.icon("clock", size=14)),
        ("danger", rx.icon("circle-alert", size=14)),
        ("info", rx.icon("refresh-cw", size=14)),
        rx.icon("minus", size=14),
    )
    return rx.el.span(icon, label, class_name=f"pill tone-{tone}")


def picture(
    src: Text, alt: Text, width: int, height: int, *, sources: Text = "", sizes: str = "", **props: Any
) -> rx.Component:
    """Show a picture; its size in pixels tells the browser the place to keep free, the stylesheet the place it gets.

    `sources` are its other widths, where there are any, and `sizes` how wide it is shown.
    """
    if sizes:
        several = {"src_set": sources, "sizes": sizes}
        props |= {name: rx.cond(sources, value, rx.Var("undefined")) for name, value in several.items()}
    size = {"width": width, "height": height}
    at = versioned(src) if isinstance(src, str) else src
    return rx.el.img(src=at, alt=alt, custom_attrs={**size, **props.pop("custom_attrs", {})}, **props)


def skeleton(width: str, height: str, **style: str) -> rx.Component:
    """Hold the place of something that is still on its way, in its final size."""
    return rx.el.div(class_name="skeleton", style={"width": width, "height": height, **style}, aria_hidden="true")


def skeleton_text(width: str, **style: str) -> rx.Component:
    """Hold the place of a line of text in the size of the text around it."""
    return rx.el.div(class_name="skeleton skeleton-text", style={"width": width, **style}, aria_hidden="true")


def spinner() -> rx.Component:
    """Show that a button's work is under way."""
    return rx.el.span(class_name="working", aria_hidden="true")


def message(icon: str, title: Text, text: Text, *ways_on: rx.Component) -> rx.Component:
    """Say one thing on an otherwise empty page, and offer ways on."""
    return rx.el.section(
        rx.el.div(rx.icon(icon, size=40, stroke_width=1.25), class_name="message-picture"),
        rx.el.h1(title),
        rx.el.p(text, class_name="muted"),
        rx.el.div(*ways_on, class_name="row"),
        class_name="message",
    )


def _button_class(*, quiet: bool, wide: bool) -> str:
    return f"button {'button-quiet' if quiet else 'button-primary'}{' button-wide' if wide else ''}"
