"""A comb and a soap."""

from checkout_app.demo.catalog.product import DemoProduct

CARE: tuple[DemoProduct, ...] = (
    DemoProduct(
        slug="neem-comb",
        name="Neem comb",
        category="Care",
        amount=14_900,
        tax_rate=500,
        hsn="9615",
        on_hand=120,
        summary="A wide comb, sawn tooth by tooth from neem that had to be pruned.",
        description=(
            "Neem trees along the roads of Saharanpur are cut back each winter. The thicker branches dry for a "
            "year and go to Imran's workshop, where a comb is sawn, one tooth after another, and smoothed with "
            "shell until it no longer catches on silk.\n\n"
            "Wood does not charge the hair the way plastic does, and it carries the oil from the roots to the "
            "ends. The seven leaves are carved with two cuts each.\n\n"
            "Give it a drop of coconut oil now and then."
        ),
        details=(
            ("Material", "Neem wood, rubbed with mustard oil"),
            ("Size", "12 by 11 cm, 1 cm thick"),
            ("Made in", "Saharanpur, Uttar Pradesh"),
            ("Care", "Do not soak; oil once a month"),
        ),
        image_alt=(
            "A half-round wooden comb with seven carved leaves and fine teeth, standing on its teeth on a rose ground."
        ),
    ),
    DemoProduct(
        slug="sandalwood-soap",
        name="Sandalwood soap",
        category="Care",
        amount=19_500,
        tax_rate=500,
        hsn="3401",
        on_hand=96,
        summary="A slow, plain soap with real sandalwood oil and a scent that stays close.",
        description=(
            "Coconut oil, castor oil and lye are stirred cold in Mysuru, and sandalwood oil goes in last so that "
            "the heat cannot drive it off. Then each bar waits six weeks on a shelf. Waiting is what makes a soap "
            "mild and hard.\n\n"
            "The colour is the oil's own. The lotus is pressed in with a wooden stamp while the bar is still soft.\n\n"
            "Keep it on slats, out of the water, and it lasts about two months."
        ),
        details=(
            ("Ingredients", "Coconut oil, castor oil, water, lye, sandalwood oil"),
            ("Net weight", "125 g"),
            ("Made in", "Mysuru, Karnataka"),
            ("Skin", "For face and body, not tested on animals"),
            ("Care", "Let it dry between washes; the dish is not included"),
        ),
        image_alt=(
            "A cream bar of soap with a pressed lotus on a slatted wooden dish, a few bubbles at its side, on a pale "
            "indigo ground."
        ),
    ),
)
