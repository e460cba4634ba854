"""Twelve dals: what goes into the pot, what goes on top, and what to do when it goes wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """One dal, for four."""

    name: str
    hindi: str
    kitchen: str
    minutes: int
    pot: str
    tadka: str
    steps: tuple[str, ...]
    wrong: str


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "Toor with jaggery",
        "arhar dal",
        "Pune",
        40,
        "200 g split toor, 700 ml water, 3 g turmeric, 15 g jaggery, 4 pieces of kokum, 8 g salt",
        "30 g ghee, 3 g mustard seed, 2 g cumin, a pinch of asafoetida, 8 curry leaves, 2 green chillies",
        (
            "Rinse the dal until the water runs clear, and soak it for twenty minutes.",
            "Simmer it with the turmeric for half an hour, lid ajar. Whisk in jaggery, kokum and salt.",
            "Heat the ghee until a seed jumps. Mustard first, then the rest. Pour it over while it still talks.",
        ),
        "Too sour: take the kokum out and add a spoon of jaggery. Too thin: leave the lid off.",
    ),
    Recipe(
        "Chana with coconut",
        "chana dal",
        "Varanasi",
        55,
        "200 g split chickpeas, 800 ml water, 3 g turmeric, 1 bay leaf, 30 g coconut in slivers, 8 g salt",
        "25 g ghee, 2 g cumin, 2 dried red chillies, 1 stick of cinnamon, 10 g ginger, 5 g sugar",
        (
            "Soak the dal for an hour. It forgives nothing else.",
            "Cook it with turmeric and bay until a grain gives way between two fingers and still has a shape.",
            "Fry the coconut in the ghee until it is gold. Then spices, ginger and sugar. Stir all of it in.",
        ),
        "Still hard after an hour: the salt went in too early, or the dal is old. A pinch of soda helps once.",
    ),
    Recipe(
        "Black urad of the night",
        "sabut urad",
        "Amritsar",
        480,
        "200 g whole black urad, 40 g kidney beans, 1.5 l water, 10 g ginger, 10 g salt",
        "60 g butter, 150 g tomato, 10 g garlic, 3 g red chilli powder, 80 ml cream",
        (
            "Soak both overnight, then bring them to the boil and skim.",
            "Let them sit on the smallest fire there is for seven hours, with a stir whenever you pass.",
            "Cook garlic, tomato and chilli down in the butter. One more hour together, and cream at the table.",
        ),
        "It catches at the bottom: do not scrape. Pour what is above into another pot and go on.",
    ),
    Recipe(
        "Yellow moong, quick",
        "dhuli moong",
        "Ahmedabad",
        25,
        "200 g split yellow moong, 700 ml water, 2 g turmeric, 5 g ginger, 5 g sugar, 8 g salt",
        "20 g ghee, 3 g cumin, 1 g asafoetida, 1 green chilli, juice of half a lemon, coriander leaves",
        (
            "No soaking. Rinse, and boil with turmeric and ginger for twenty minutes.",
            "Beat it smooth with a spoon. Sugar and salt now.",
            "Cumin and asafoetida in the ghee, the chilli last. Lemon and leaves when it is off the fire.",
        ),
        "Too thick after it has stood: hot water, never cold, and taste the salt again.",
    ),
    Recipe(
        "Masoor with burnt garlic",
        "malka masoor",
        "Lucknow",
        30,
        "200 g split red masoor, 750 ml water, 2 g turmeric, 1 onion in rings, 8 g salt",
        "35 g ghee, 20 g garlic in slices, 2 dried red chillies, 2 g cumin, 1 g garam masala",
        (
            "Simmer the dal with turmeric and onion until it has no grain left, about twenty minutes.",
            "Fry the garlic slowly until its edges are brown, which is later than you think.",
            "Chillies and cumin in, everything over the dal, the lid on for two minutes.",
        ),
        "The garlic is black and not brown: begin the tadka again. The dal does not mind waiting.",
    ),
    Recipe(
        "Whole moong with greens",
        "sabut moong",
        "Jaipur",
        50,
        "200 g whole green moong, 900 ml water, 100 g spinach, 3 g turmeric, 9 g salt",
        "25 g mustard oil, 3 g cumin, 8 g ginger, 8 g garlic, 2 g coriander powder, 2 g dried mango",
        (
            "Soak for two hours, or boil for ten minutes longer.",
            "Cook until the skins split. Cut the spinach in and give it five minutes.",
            "Let the oil smoke once and cool a little. Cumin, ginger, garlic, then the powders for a breath.",
        ),
        "Bitter: the powders burnt. Mango and a spoon of yoghurt cover some of it.",
    ),
    Recipe(
        "Moong, roasted first",
        "bhaja moong",
        "Kolkata",
        35,
        "200 g split yellow moong, 800 ml water, 2 bay leaves, 100 g peas, 5 g sugar, 8 g salt",
        "20 g ghee, 2 g cumin, 2 cloves, 1 green cardamom, 6 g ginger, 1 dried red chilli",
        (
            "Roast the dry dal in the pot, stirring, until it is the colour of a biscuit and smells like one.",
            "Rinse it then, add water and bay, and simmer for twenty minutes. Peas for the last five.",
            "Ghee, whole spices, ginger. Sugar and salt at the end.",
        ),
        "Some grains are dark: pick them out before the water goes in, or all of it tastes of them.",
    ),
    Recipe(
        "Sambar for a weekday",
        "toor dal",
        "Chennai",
        45,
        "150 g split toor, 900 ml water, 200 g pumpkin and drumstick, 15 g tamarind, 10 g sambar powder, 9 g salt",
        "20 g sesame oil, 3 g mustard seed, 1 g fenugreek, 10 curry leaves, 10 small onions",
        (
            "Boil the dal soft and mash it. Soak the tamarind in hot water and press it through a sieve.",
            "Cook the vegetables in the tamarind water with powder and salt. When they are done, the dal goes in.",
            "Brown the onions in the oil, then mustard, fenugreek and leaves. It is better in the evening.",
        ),
        "Raw and sharp: the tamarind has not boiled for ten minutes yet.",
    ),
    Recipe(
        "Panchmel, five at once",
        "panchratna dal",
        "Jodhpur",
        50,
        "40 g each of toor, chana, moong, masoor and urad, 900 ml water, 3 g turmeric, 9 g salt",
        "40 g ghee, 3 g cumin, 3 cloves, 1 g asafoetida, 10 g ginger, 3 g red chilli powder, 150 g tomato",
        (
            "Soak all five for an hour; they agree after that.",
            "Simmer with turmeric for forty minutes, until chana is soft and masoor has gone.",
            "Spices in the ghee, ginger, then tomato until the ghee shows at the edge. Chilli last, off the fire.",
        ),
        "Chana is hard and the rest is done: take a cup of it out, boil that alone, and bring it back.",
    ),
    Recipe(
        "Matki, sprouted",
        "moth",
        "Kolhapur",
        40,
        "200 g moth beans, sprouted for two days, 400 ml water, 60 g dry coconut, 8 g salt",
        "30 g oil, 3 g mustard seed, 1 onion, 10 g garlic, 8 g Kolhapuri masala, 10 g jaggery",
        (
            "Soak for a night, tie into a cloth for another: the tails should be as long as the bean.",
            "Roast the coconut dark with the garlic, and grind both with a little water.",
            "Mustard, onion, masala, paste, then the sprouts with water for twenty minutes. Jaggery at the end.",
        ),
        "The sprouts smell: rinse them and cook today. If they are slimy, do not.",
    ),
    Recipe(
        "Horse gram from the hills",
        "gahat, kulthi",
        "Almora",
        70,
        "200 g horse gram, 1.2 l water, 3 g turmeric, 10 g ginger, 9 g salt",
        "25 g ghee, 2 g jakhiya or cumin, 4 cloves of garlic, 2 dried red chillies, 10 g rice flour",
        (
            "Soak overnight and keep the water: it is half of the taste.",
            "Boil in it for an hour. Mash a third, stir the rice flour into cold water and that into the pot.",
            "Jakhiya crackles faster than mustard. Garlic and chillies behind it, and over the dal.",
        ),
        "Floury: it needs ten minutes more on the fire, and a little water.",
    ),
    Recipe(
        "White urad, dry",
        "dhuli urad",
        "Delhi",
        35,
        "200 g split white urad, 450 ml water, 2 g turmeric, 8 g ginger, 8 g salt",
        "30 g ghee, 1 onion in fine rings, 2 g cumin, 2 green chillies, juice of a lemon",
        (
            "Soak for half an hour. Measure the water: what is over can't be poured off without the taste.",
            "Cook under a lid for twenty minutes, without a spoon. Each grain stays by itself.",
            "Fry the onion brown and crisp, cumin and chillies for a moment, and fold it in with a fork. Lemon.",
        ),
        "It has become a paste: call it a filling, and eat it with bread.",
    ),
)
