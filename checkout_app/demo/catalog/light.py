"""An oil lamp and a lamp of bamboo."""

from checkout_app.demo.catalog.product import DemoProduct

LIGHT: tuple[DemoProduct, ...] = (
    DemoProduct(
        slug="brass-diya",
        name="Brass diya",
        category="Light",
        amount=22_000,
        tax_rate=500,
        hsn="7419",
        on_hand=80,
        summary="A small lamp with a foot, a lip for the wick and a ring for your finger.",
        description=(
            "Sand-cast in Moradabad, turned on a lathe and polished with tamarind. The lip is long so that the "
            "flame stands well away from the oil, and the ring at the back stays cool enough to carry the lamp "
            "from room to room.\n\n"
            "A spoon of oil and one cotton wick burn for about three hours. Ghee burns slower and smells of every "
            "Diwali you remember.\n\n"
            "Two wicks come with it, rolled by hand."
        ),
        details=(
            ("Material", "Solid brass"),
            ("Size", "12 cm long, 7 cm tall"),
            ("Burns", "About 3 hours on 20 ml of oil"),
            ("Made in", "Moradabad, Uttar Pradesh"),
            ("Care", "Let it cool, wipe out the oil, tamarind for the shine"),
        ),
        image_alt=(
            "A footed brass oil lamp with a long lip, its wick burning with a bright flame, on a pale indigo ground."
        ),
    ),
    DemoProduct(
        slug="bamboo-table-lamp",
        name="Bamboo table lamp",
        category="Light",
        amount=499_000,
        tax_rate=500,
        hsn="9405",
        on_hand=1,
        summary="A shade of split bamboo that throws a quiet net of light.",
        description=(
            "In Agartala bamboo is split with a knife, by ear: a good strip sounds dry and even. It takes 29 "
            "uprights and seven rounds to weave this shade, and one long day. The stem is a single piece of culm "
            "with its node left on.\n\n"
            "The bamboo is smoked before weaving, which keeps the insects out and gives the strips their honey "
            "colour. The foot is reclaimed jackfruit wood, heavy enough that a cat cannot win.\n\n"
            "The weaver makes them in the dry months, four at a time."
        ),
        details=(
            ("Material", "Smoked bamboo, jackfruit wood, cotton-covered wire"),
            ("Size", "44 cm tall, shade 30 cm across"),
            ("Bulb", "E27, LED up to 9 W, one warm white included"),
            ("Made in", "Agartala, Tripura"),
            ("Care", "Dust with a dry brush, keep out of the rain"),
        ),
        image_alt=(
            "A table lamp with a woven bamboo shade glowing from within, standing in its own circle of light on a leaf "
            "green ground."
        ),
    ),
)
