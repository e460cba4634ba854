"""What stands on the table: cups, a bowl, a bottle and a plate."""

from checkout_app.demo.catalog.product import DemoProduct

TABLE: tuple[DemoProduct, ...] = (
    DemoProduct(
        slug="kulhad-cups-set-of-six",
        name="Kulhad cups, set of six",
        category="Table",
        amount=48_000,
        tax_rate=0,
        hsn="69120040",
        on_hand=40,
        summary="Six wheel-thrown clay cups that give tea the smell of first rain.",
        description=(
            "Chunar, on the Ganga south of Varanasi, sits on good red clay. The Prajapati family digs it after the "
            "monsoon, lets it rest through the winter and throws each cup in under a minute. You can feel the "
            "potter's fingers in the ridges below the rim.\n\n"
            "The cups are fired once and left without a glaze, so the clay stays a little thirsty. It takes the "
            "edge off strong tea and leaves the smell of wet earth. No two are quite alike; we match six that "
            "stack.\n\n"
            "Soak them in water for an hour before the first tea. Rinse without soap and let them dry in the sun."
        ),
        details=(
            ("Material", "Unglazed red clay, food safe"),
            ("Size", "9 cm tall, holds 150 ml"),
            ("In the box", "Six cups, packed in straw"),
            ("Made in", "Chunar, Uttar Pradesh"),
            ("Care", "Rinse by hand without soap, dry in the sun"),
        ),
        image_alt=(
            "Six red clay cups stacked in a pyramid, three below, two above them and one on top, against a leaf green "
            "ground."
        ),
    ),
    DemoProduct(
        slug="bell-metal-bowl",
        name="Bell-metal bowl",
        category="Table",
        amount=185_000,
        tax_rate=500,
        hsn="7418",
        on_hand=12,
        summary="A bowl of copper and tin that rings for eight seconds when you tap it.",
        description=(
            "Sarthebari in Assam has beaten bell metal for longer than anybody has written it down. Four parts "
            "copper and one part tin are melted, cast as a disc and hammered hot by five men in turn. One person "
            "alone cannot make this bowl.\n\n"
            "The inside is scraped to a soft shine, the band of small triangles is cut by hand. It keeps rice "
            "warm, keeps curd cool and does not mind lime or tamarind for the length of a meal.\n\n"
            "The colour deepens with use. Ash or a cut lemon brings the gold back whenever you miss it."
        ),
        details=(
            ("Material", "Bell metal: 78% copper, 22% tin"),
            ("Size", "18 cm across, 9 cm tall, holds 900 ml"),
            ("Weight", "About 780 g"),
            ("Made in", "Sarthebari, Assam"),
            ("Care", "Wash by hand, dry at once, not for the microwave"),
        ),
        image_alt=(
            "A wide golden bell-metal bowl on a small foot, with a band of engraved triangles below the rim, on a rose "
            "ground."
        ),
    ),
    DemoProduct(
        slug="hammered-copper-bottle",
        name="Hammered copper bottle",
        category="Table",
        amount=129_900,
        tax_rate=500,
        hsn="7418",
        on_hand=24,
        summary="A litre of water, cool by morning, in copper hammered by hand.",
        description=(
            "In Tambat Ali, the coppersmiths' lane of old Pune, the day still sounds of hammers. Each bottle is "
            "raised from one sheet and struck some two thousand times. The marks are not decoration alone: they "
            "harden the metal, so the walls can stay thin.\n\n"
            "There is no lacquer and no lining. Fill it at night and drink in the morning. Use it for water only; "
            "sour drinks and milk belong in steel or glass.\n\n"
            "Copper darkens. Half a lime with a pinch of salt, a rinse and a dry cloth make it bright again."
        ),
        details=(
            ("Material", "Pure copper, unlined"),
            ("Size", "26 cm tall, 8 cm across, holds 1 litre"),
            ("Weight", "About 320 g"),
            ("Made in", "Pune, Maharashtra"),
            ("Care", "Lime and salt once a week, no dishwasher, water only"),
        ),
        image_alt=(
            "A tall copper bottle with rows of round hammer marks and a screw cap, its shadow falling to the right on "
            "a pale indigo ground."
        ),
    ),
    DemoProduct(
        slug="blue-pottery-plate",
        name="Blue pottery plate",
        category="Table",
        amount=215_000,
        tax_rate=500,
        hsn="6912",
        on_hand=0,
        back_in="March",
        summary="Tulips in cobalt and turquoise, painted with a squirrel-hair brush.",
        description=(
            "Jaipur's blue pottery holds no clay at all. Ground quartz, powdered glass, fuller's earth and gum are "
            "kneaded to a dough, pressed into a mould and dried for three days. Nothing else takes the blue so "
            "clear.\n\n"
            "Cobalt oxide gives the dark blue and copper oxide the turquoise. Eight tulips stand round a flower in "
            "the well, eleven buds run along the rim. One painter does a whole plate, so the lines agree with each "
            "other.\n\n"
            "The kiln is lit when it is full, about once in three months. The next firing comes out in March."
        ),
        details=(
            ("Material", "Quartz and glass body, lead-free glaze"),
            ("Size", "27 cm across"),
            ("Made in", "Jaipur, Rajasthan"),
            ("Good for", "Dry food, fruit, or a wall; the stand is not included"),
            ("Care", "Wash by hand in lukewarm water, no oven"),
        ),
        image_alt=(
            "A round white plate painted with cobalt tulips and turquoise leaves, upright on a small wooden stand, on "
            "a clay ground."
        ),
    ),
)
