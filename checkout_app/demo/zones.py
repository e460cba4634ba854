"""Where the demo shop sends, and what it charges: from Bengaluru, at home, elsewhere, and far away."""

from checkout_app.delivery.rules import Measure, Rate, Zone

_FREE_FROM = 99_900
DEMO_ZONES = (
    Zone("home", "Karnataka", states=("29",), days_from=2, days_to=4, free_from=_FREE_FROM, rates=(Rate(None, 6_000),)),
    Zone("india", "Rest of India", days_from=3, days_to=7, free_from=_FREE_FROM, rates=(Rate(None, 9_000),)),
    Zone(
        "far",
        "Islands and Ladakh",
        states=("31", "35", "38"),
        days_from=8,
        days_to=15,
        by=Measure.VALUE,
        rates=(Rate(500_000, 25_000), Rate(None, 45_000)),
    ),
    Zone("nicobar", "Nicobar", pins=("744301", "744302", "744303", "744304"), served=False),
)
