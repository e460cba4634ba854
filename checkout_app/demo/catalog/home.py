"""The dearest and the cheapest thing in the shop."""

from checkout_app.demo.catalog.product import DemoProduct

HOME: tuple[DemoProduct, ...] = (
    DemoProduct(
        slug="carved-rosewood-jhoola",
        name="Carved rosewood jhoola",
        category="Home",
        amount=14_999_900,
        tax_rate=1_800,
        hsn="9403",
        on_hand=3,
        summary="A swing for two, or for one with a book, carved over eleven weeks.",
        description=(
            "A jhoola is the best seat in a Gujarati house: it stands where the breeze comes through, and the "
            "whole family has an opinion on who sits there. This one is made in Ahmedabad by two brothers and "
            "their uncle, who carves the lotus crest and will not be hurried.\n\n"
            "The rosewood comes from government depots with its papers. Posts and rails are joined with pegs, "
            "without a nail. The chains are solid brass and are tested with 400 kg before they leave.\n\n"
            "Two of us bring it, put it together and level it, anywhere in India. Write to us before you order if "
            "there are stairs."
        ),
        details=(
            ("Material", "Indian rosewood, solid brass chains, cotton cushion"),
            ("Size", "210 cm wide, 215 cm tall, 95 cm deep; seat 150 by 60 cm"),
            ("Carries", "Up to 250 kg"),
            ("Delivery", "Brought and put together by us within 21 days"),
            ("Made in", "Ahmedabad, Gujarat"),
            ("Care", "Dry cloth; beeswax twice a year; keep out of direct sun"),
        ),
        image_alt=(
            "A swing seat with a mustard cushion hanging on brass chains from a carved, dark red rosewood frame, on a "
            "sand ground."
        ),
    ),
    DemoProduct(
        slug="makers-sticker",
        name="Maker's sticker",
        category="Home",
        amount=100,
        tax_rate=1_800,
        hsn="4911",
        on_hand=500,
        summary="Our pot, round, for a laptop, a tiffin or a letter.",
        description=(
            "We had these printed for parcels, and people asked for them. So they are for sale, for the smallest "
            "price we can take.\n\n"
            "Uncoated paper, one colour, a scalloped edge. It peels off clean from glass and metal, and rather "
            "less clean from a wall, as one of our children found out."
        ),
        details=(
            ("Material", "Uncoated paper, plant-based glue"),
            ("Size", "6 cm across"),
            ("Made in", "Bengaluru, Karnataka"),
        ),
        image_alt=(
            "A round clay-red sticker with a white pot, one edge peeling from its square backing card, on a leaf green "
            "ground."
        ),
    ),
)
