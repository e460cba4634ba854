"""Printed, woven and stitched: a tablecloth, a throw in two colours and two sizes, and a bag."""

from checkout_app.demo.catalog.product import DemoProduct, DemoVariant

CLOTH: tuple[DemoProduct, ...] = (
    DemoProduct(
        slug="indigo-block-print-tablecloth",
        name="Indigo block-print tablecloth",
        category="Cloth",
        amount=249_900,
        tax_rate=500,
        hsn="6302",
        on_hand=18,
        summary="White butis on deep indigo, printed with mud and dipped four times.",
        description=(
            "In Bagru the printers stamp the pattern with mud. Clay, lime and gum go on with a carved teak block, "
            "sawdust dries them, and the cloth goes into the indigo vat. Where the mud sat the cotton stays white. "
            "This is dabu, and it takes about three weeks.\n\n"
            "Four dips make this blue. The small four-petalled flower is an old Bagru block; the border of dots "
            "between two lines follows the hem all the way round, closed by eye.\n\n"
            "Indigo gives off a little colour in the first two washes. After that it only grows softer."
        ),
        details=(
            ("Material", "100% cotton cambric, natural indigo"),
            ("Size", "180 cm across, for a round table of four"),
            ("Made in", "Bagru, Rajasthan"),
            ("Care", "Wash cold and separately, dry in the shade, iron on the back"),
        ),
        image_alt=(
            "A round table under a deep blue cloth with small white flowers and a dotted border along its wavy hem, on "
            "a sand ground."
        ),
    ),
    DemoProduct(
        slug="handloom-cotton-throw",
        name="Handloom cotton throw",
        category="Cloth",
        amount=325_000,
        tax_rate=1_800,
        hsn="6304",
        on_hand=9,
        summary="Kala cotton from Kutch, woven on a pit loom, with stripes of madder and indigo.",
        description=(
            "Kala cotton grows in Kutch on rain alone, with no canal and no spray. The fibre is short, so it is "
            "spun by hand and makes a cloth with some body. In Bhujodi the Vankar families weave it on pit looms, "
            "about half a metre in a day.\n\n"
            "The stripes are madder, indigo and pomegranate rind. The fringe is twisted and knotted after the "
            "cloth leaves the loom, by the weaver's mother, who is faster than all of us.\n\n"
            "Heavy enough for a December night in Delhi, light enough for a sofa in Kochi."
        ),
        details=(
            ("Material", "100% kala cotton, plant dyes"),
            ("Size", "Single 140 by 200 cm, double 220 by 240 cm, with the fringe"),
            ("Weight", "About 900 g, double 1.7 kg"),
            ("Made in", "Bhujodi, Gujarat"),
            ("Care", "Cold wash by hand, dry flat in the shade"),
        ),
        image_alt=(
            "A folded cream throw with red, indigo and mustard stripes and a knotted fringe, lying on a slate grey "
            "ground."
        ),
        options=("Colour", "Size"),
        values=("Undyed", "Single"),
        others=(
            DemoVariant(("Undyed", "Double"), 489_000, 3),
            DemoVariant(("Indigo", "Single"), 345_000, 6),
            DemoVariant(("Indigo", "Double"), 520_000, 0),
        ),
    ),
    DemoProduct(
        slug="jute-market-tote",
        name="Jute market tote",
        category="Cloth",
        amount=34_950,
        tax_rate=500,
        hsn="42022230",
        on_hand=60,
        summary="Holds ten kilos of vegetables and stands up by itself.",
        description=(
            "Jute from the Murshidabad fields, woven close and left its own colour. The handles are jute rope, "
            "wrapped twice and stitched down with a cross, because that is where bags give up first.\n\n"
            "The leaf is stamped by hand with one block and one colour, so it sits a little differently on each "
            "bag. Inside there is a plain cotton lining that you can wipe.\n\n"
            "It carries the week's vegetables home and folds flat behind the door."
        ),
        details=(
            ("Material", "Jute, cotton lining"),
            ("Size", "38 by 36 by 16 cm, handles 24 cm"),
            ("Carries", "Up to 10 kg"),
            ("Made in", "Murshidabad, West Bengal"),
            ("Care", "Wipe with a damp cloth, dry in the sun"),
        ),
        image_alt=(
            "A jute bag with rope handles and a red printed leaf, green curry leaves looking out of it, on a rose "
            "ground."
        ),
    ),
)
