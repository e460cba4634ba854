"""Tea and pepper, taxed as food."""

from checkout_app.demo.catalog.product import DemoProduct

PANTRY: tuple[DemoProduct, ...] = (
    DemoProduct(
        slug="assam-second-flush-tea-250-g",
        name="Assam second-flush tea, 250 g",
        category="Pantry",
        amount=52_500,
        tax_rate=500,
        hsn="0902",
        on_hand=48,
        summary="Malty, golden-tipped leaf from the first weeks of June.",
        description=(
            "The second flush is the picking between the end of May and the heavy rains, when the leaf has body "
            "and the tips turn gold. This one comes from a small garden near Jorhat that rolls its own leaf "
            "instead of selling it green.\n\n"
            "Orthodox, whole leaf, from one garden and one season. The cup is deep copper and tastes of malt, a "
            "little honey and toasted bread. It is strong enough for milk and good enough without.\n\n"
            "The tin closes tight and outlives the tea."
        ),
        details=(
            ("Tea", "Black, orthodox, second flush, whole leaf"),
            ("Net weight", "250 g, about 100 cups"),
            ("Brew", "2.5 g for 200 ml, 95 °C, four minutes"),
            ("Grown in", "Jorhat, Assam"),
            ("Best before", "24 months from packing, kept dry and dark"),
        ),
        image_alt=(
            "A dark green tea tin with gold lines and a label of two leaves and a bud, some loose tea beside it, on a "
            "clay ground."
        ),
    ),
    DemoProduct(
        slug="tellicherry-pepper-100-g",
        name="Tellicherry pepper, 100 g",
        category="Pantry",
        amount=31_000,
        tax_rate=500,
        hsn="0904",
        on_hand=72,
        summary="The largest berries of the vine, ripened longer and dried in the sun.",
        description=(
            "Tellicherry is a size before it is a place: only berries wider than 4.25 mm may carry the name. They "
            "hang longest on the vine, so they have time for the scent of orange peel and pine beneath the heat.\n\n"
            "Ours grow up the silver oaks of a family farm in Wayanad, are picked in February and dried for five "
            "days on mats. Roughly one berry in ten is large enough.\n\n"
            "Grind it at the last minute. The cloth bag is for the kitchen shelf; a jar keeps the scent longer."
        ),
        details=(
            ("Pepper", "Whole black peppercorns, above 4.25 mm"),
            ("Net weight", "100 g"),
            ("Grown in", "Wayanad, Kerala"),
            ("Harvest", "February 2026"),
            ("Best before", "36 months from packing, kept dry and closed"),
        ),
        image_alt=(
            "An open cotton sack heaped with black peppercorns, a pepper sprig printed on it, a few corns lying "
            "around, on a slate grey ground."
        ),
    ),
)
