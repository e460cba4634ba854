"""What is downloaded and needs no address."""

from checkout_app.demo.book.pdf import recipe_book
from checkout_app.demo.catalog.product import DemoFile, DemoProduct

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
        summary="Twelve lentils, twelve kitchens, a page to cook from for each.",
        description=(
            "Toor from Pune, chana from Varanasi, black urad that sits on the fire all night. We asked twelve "
            "people who made the things in this shop what they cook when nobody is visiting, and wrote it down as "
            "they said it.\n\n"
            "Each dal has a page: what goes into the pot and what into the tadka, with weights in grams, times that "
            "were measured, and what to do when it goes wrong. Most need one pot and forty minutes.\n\n"
            "The file waits on the page of your order as soon as it is paid. No address needed."
        ),
        details=(
            ("Format", "PDF, 14 pages"),
            ("Language", "English, with the Hindi names"),
            ("Delivery", "On the page of your order, as soon as it is paid"),
            ("Printing", "A5, for your own kitchen"),
        ),
        image_alt=(
            "A blue cookbook standing upright, the words Twelve Dals above twelve small brass bowls in different "
            "colours, on a slate grey ground."
        ),
        file=DemoFile("Twelve Dals.pdf", recipe_book),
    ),
)
