"""The page that the back office begins with: how the shop does today."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.today.views import TODAY, BarView, DayView, FigureView, LowView, TodayView, WayView
from checkout_app.ui import page_data
from checkout_app.ui.native import NativeLink
from checkout_app.ui.office import office, office_page, part, sheet

VIEW: Final[Any] = page_data.view(TodayView)
_CHART: Final[Any] = VIEW.chart
_STRETCHED: Final = {"view_box": "0 0 100 100", "preserve_aspect_ratio": "none", "aria_hidden": "true"}


@office_page(TODAY)
def today() -> rx.Component:
    """Build the page."""
    return office(
        TODAY,
        VIEW.desk,
        sheet("office-today"),
        rx.el.div(
            rx.el.p(VIEW.date, class_name="muted"),
            rx.el.h1(
                rx.cond(VIEW.sold.words, rx.fragment(_way(VIEW.sold), " today, "), "Nothing sold yet today, "),
                rx.cond(VIEW.to_ship.words, _way(VIEW.to_ship), "nothing to ship"),
            ),
            _books(),
            class_name="stack",
        ),
        rx.el.ul(rx.foreach(VIEW.figures, _figure), class_name="today-figures"),
        rx.cond(VIEW.others, rx.el.p(VIEW.others, class_name="muted small")),
        rx.el.div(
            rx.el.div(_sales(), class_name="office-column"),
            rx.el.div(_waits(), _low(), class_name="office-column"),
            class_name="office-two",
        ),
    )


def _way(way: Any) -> rx.Component:
    return NativeLink.create(way.words, href=way.href, class_name="today-way")


def _books() -> rx.Component:
    sign = rx.match(
        VIEW.tone,
        ("success", rx.icon("circle-check", size=18)),
        ("info", rx.icon("clock", size=18)),
        rx.icon("circle-alert", size=18),
    )
    return rx.el.p(sign, rx.el.span(VIEW.books), class_name="today-books tone-" + VIEW.tone)


def _figure(figure: rx.Var[FigureView]) -> rx.Component:
    return rx.el.li(
        rx.el.h2(figure.name),
        NativeLink.create(figure.value, href=figure.href, class_name="office-open today-value"),
        rx.el.p(figure.before, class_name="small muted"),
        rx.el.svg(rx.el.path(d=figure.line), class_name="today-line", **_STRETCHED),
        class_name="card today-figure",
        key=figure.name,
    )


def _sales() -> rx.Component:
    return part(
        "Sales by day",
        rx.cond(
            _CHART.total,
            rx.fragment(rx.el.p(_CHART.total, " in 30 days", class_name="muted"), _chart()),
            rx.el.p("Nothing was sold in the last 30 days.", class_name="muted"),
        ),
        rx.el.details(
            rx.el.summary("Day by day", class_name="link"),
            rx.el.table(
                rx.el.thead(rx.el.tr(*(rx.el.th(name, scope="col") for name in ("Day", "Orders", "Sales", "Refunds")))),
                rx.el.tbody(rx.foreach(VIEW.days, _day)),
                class_name="today-days",
            ),
            class_name="office-more",
        ),
    )


def _chart() -> rx.Component:
    """Draw the sales; who can't see it, or uses keys, has the table below."""
    return rx.el.div(
        rx.el.p(
            _CHART.most,
            class_name=rx.cond(_CHART.most_at > 50, "today-most today-most-left", "today-most"),  # noqa: PLR2004 - half
            style={"--at": _CHART.most_at.to_string() + "%"},
        ),
        rx.el.svg(rx.foreach(_CHART.bars, _bar), class_name="today-bars", **_STRETCHED),
        rx.el.p(rx.el.span(_CHART.first), rx.el.span(_CHART.last), class_name="today-ends small muted"),
        class_name="today-chart",
        aria_hidden="true",
    )


def _bar(bar: rx.Var[BarView]) -> rx.Component:
    whole = {"y": "0", "height": "100", "class_name": "today-place"}
    return NativeLink.create(
        rx.el.title(bar.words),
        rx.el.rect(x=bar.left.to_string(), width=bar.width.to_string(), **whole),
        rx.el.rect(
            x=bar.left.to_string(),
            y=bar.top.to_string(),
            width=bar.width.to_string(),
            height=bar.height.to_string(),
            class_name=rx.cond(bar.today, "today-bar today-now", "today-bar"),
        ),
        href=bar.href,
        custom_attrs={"tabIndex": -1},
        key=bar.href,
    )


def _day(day: rx.Var[DayView]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(NativeLink.create(day.day, href=day.href, class_name="link"), scope="row"),
        rx.el.td(day.orders),
        rx.el.td(day.sales),
        rx.el.td(day.refunds),
        key=day.href,
    )


def _waits() -> rx.Component:
    return part(
        "Waits for you",
        rx.cond(
            VIEW.waits.length() > 0,
            rx.el.ul(rx.foreach(VIEW.waits, _waiting), class_name="today-list"),
            rx.el.p("Nothing.", class_name="muted"),
        ),
    )


def _waiting(way: rx.Var[WayView]) -> rx.Component:
    return rx.el.li(NativeLink.create(way.words, href=way.href, class_name="link"), key=way.words)


def _low() -> rx.Component:
    return part(
        "Running low",
        rx.cond(
            VIEW.low.length() > 0,
            rx.el.ul(rx.foreach(VIEW.low, _low_line), class_name="office-lines"),
            rx.el.p("Nothing. Of everything on sale there are more than five.", class_name="muted"),
        ),
        rx.cond(VIEW.more_low, rx.el.p("There is more that runs low.", class_name="small muted")),
    )


def _low_line(low: rx.Var[LowView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            NativeLink.create(low.name, href=low.href, class_name="link"),
            rx.el.p(low.sku, class_name="small muted"),
        ),
        rx.el.p(low.left, class_name="small"),
        key=low.sku,
    )
