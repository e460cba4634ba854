"""What is downloaded and needs no address."""

from checkout_app.demo.catalog.product import DemoProduct

DIGITAL: tuple[DemoProduct, ...] = (
    DemoProduct(
        slug="recipe-book-twelve-dals-pdf",
        name="Recipe book: Twelve Dals (PDF)",
        category="Digital",
        amount=29_900,
        tax_rate=1_800,
        hsn="998431",
        on_hand=None,
        digital=True,
        summary="Twelve lentils, twelve kitchens, forty-eight pages to cook from.",
        description=(
            "Toor from Pune, chana from Varanasi, black urad that sits on the fire all night. We asked twelve "
            "people who made the things in this shop what they cook when nobody is visiting, and wrote it down as "
            "they said it.\n\n"
            "Each dal has a page for the pot and a page for the tadka, with weights in grams, times that were "
            "measured, and what to do when it goes wrong. Most need one pot and forty minutes.\n\n"
            "We send the file to the e-mail address on your receipt. No other address needed."
        ),
        details=(
            ("Format", "PDF, 48 pages, 6 MB"),
            ("Language", "English, with the Hindi names"),
            ("Delivery", "By e-mail, within two days of your payment"),
            ("Printing", "A4 or A5, for your own kitchen"),
        ),
        image_alt=(
            "A blue cookbook standing upright, the words Twelve Dals above twelve small brass bowls in different "
            "colours, on a slate grey ground."
        ),
    ),
)
