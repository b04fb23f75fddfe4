"""Names of the made-up district: people, places, courses.

No such person exists, and no address can receive mail.
"""

from __future__ import annotations

DISTRICT = "Maple Hollow Unified"
ADULTS = "maplehollow.k12.example"
STUDENTS = "students.maplehollow.k12.example"
FAMILIES = "familypost.example"

# Only letters of Windows-1252, so that the sample can also be written in that encoding.
FIRST = tuple(
    """Freya Orla Kenji Amara Zuri Mateo Anaïs Søren Noé Zoë Iñaki Björn Chloé D'Mara Mary-Kit
    Tomasz
    Ottoline Barnaby Clementine Thaddeus Juniper Wilhelmina Leopold Saffron Ignatius Marigold
    Percival Tallulah Bartholomew Primrose Ezekiel Calliope Montgomery Persephone Cornelius
    Hyacinth Ambrose Dahlia Fitzgerald Lavender Osgood Peony Rufus Tansy Ulysses Violet Wendell
    Ximena Yusuf Zahra Adaeze Bao Chidi Dilara Emre Farida Gustavo Hana Imani Jamila Kofi
    Leilani Manuela Nikhil Ofelia Priya Quang Rashida Santiago Thandiwe Umar Valentina Wambui
    Xiadani Yara Zainab Aiko Bodhi Ciaran Desta Eluned Fionnuala Goran Habiba Ismail Jovana
    Kwame Lucía Mireille Nadia Oluwaseun Paloma Renée Šimon Tadeo Ulrika Vikram Winta Yoshiko
    Željka""".split()
)
LAST = (
    *"""Copperpot Quillfeather Thistlewick Bumblecroft Marmalade Puddlewick Fernsby-Moss Gingerwold
    Hazelnook Inkwhistle Jellybrook Kettlewright Lanternhill Mossgrove Nettlebright O'Button
    D'Acorn Peñasol Blümchen Crèmefield Øreflower Quackenbottle Raspberrow Snickerby
    Tumbleweather Underleaf Velvetcap Waffleton Xylobrook Yarrowmint Zephyrling Applecrank
    Bramblethorpe Cobblepond Dandelyon Elderspoon Fiddlebank Gooseberrow Huckleby Icicleford
    Jigglestone Kitewhistle Lollybridge Muffinworth Noodlemire Oatwhistle Pepperquill
    Quiltmaker-Finch Ripplebeck Sugarloft Teacosy Umbrellaby Vinegarde Wobblethorn Yodelmann
    Zigzagoon Acornelli Biscotti-Plum Cloudberro Dumplinghaus Eiderdown Fizzlewhip Gumdropoulos
    Honeycomber Inglenooke Jamboreeda Kumquatson Lavenderova Mangostein Nougatier Okrawala
    Papayasundaram Quincesson Rambutanez Starfruiter Tamarindo-Lux Uglifruiti Vanillabonsu
    Wasabinski Yuzumoto Zucchinelli Appledore-Pip Buttercupski Cinnamonde Doughnutter
    Éclairmont Figgypudd Gravyboatswain Hummingsworth Jampotts Kerfuffleton Lemoncurdy
    Macaroonian Nutmegson Opaloma Pumpernick Quaverly Radishenko Scribblewood Toffeemaker
    Ünderhaus Vellumby Whiskerfield Yamwright Zestwell""".split(),
    "de la Nube",
    "van der Spoon",
)

LEVELS = ((0, 5, "Elementary"), (6, 8, "Middle School"), (9, 12, "High School"))
"""Low grade, high grade (Kindergarten is 0), kind of school."""
PLACES = tuple(
    """Thistledown Bramblewood Lanternfield Cloverleaf Foxglove Honeybrook Willowmere Pinecone
    Sunpatch Duckpond Heronsway Applecart Goldfinch Mossybank Hedgehog Larkspur Marshmallow
    Otterburn Puddlestone Quailrun""".split()
)
AFTER_PLACES = (
    "",
    " Creek",
    " Ridge",
    " Meadow",
    " Crossing",
    " Grove",
    " Bend",
    " Landing",
    " Hill",
    " Glen",
)

ELA, MATH, SCIENCE, SOCIAL, LANGUAGE = (
    "English/language arts",
    "Math",
    "Science",
    "Social studies",
    "Language",
)
ELEMENTARY = (("Language Arts", ELA, "LA"), ("Math", MATH, "MA"))
SECONDARY: dict[int, tuple[tuple[str, str], ...]] = {
    6: (
        ("English Language Arts 6", ELA),
        ("Math 6", MATH),
        ("Earth Science", SCIENCE),
        ("Ancient Civilizations", SOCIAL),
        ("Spanish A", LANGUAGE),
    ),
    7: (
        ("English Language Arts 7", ELA),
        ("Math 7", MATH),
        ("Life Science", SCIENCE),
        ("World Geography", SOCIAL),
        ("Spanish B", LANGUAGE),
    ),
    8: (
        ("English Language Arts 8", ELA),
        ("Pre-Algebra", MATH),
        ("Physical Science", SCIENCE),
        ("American History", SOCIAL),
        ("Spanish C", LANGUAGE),
    ),
    9: (
        ("English 9", ELA),
        ("Algebra I", MATH),
        ("Biology", SCIENCE),
        ("World History", SOCIAL),
        ("Spanish I", LANGUAGE),
        ("Composition", ELA),
    ),
    10: (
        ("English 10", ELA),
        ("Geometry", MATH),
        ("Chemistry", SCIENCE),
        ("Modern World History", SOCIAL),
        ("Spanish II", LANGUAGE),
        ("World Literature", ELA),
    ),
    11: (
        ("English 11", ELA),
        ("Algebra II", MATH),
        ("Physics", SCIENCE),
        ("United States History", SOCIAL),
        ("Spanish III", LANGUAGE),
        ("American Literature", ELA),
    ),
    12: (
        ("English 12", ELA),
        ("Precalculus", MATH),
        ("Environmental Science", SCIENCE),
        ("Government and Civics", SOCIAL),
        ("Spanish IV", LANGUAGE),
        ("Technical Writing", ELA),
    ),
}
"""Grade -> course and subject of each department; a department has the same column everywhere."""

ELECTIVES = (
    ("P.E.", "PE and health"),
    ("Art", "Arts and music"),
    ("Chorus", "Arts and music"),
    ("Band", "Arts and music"),
    ("Homeroom", "Homeroom/advisory"),
    ("Study Hall", "Homeroom/advisory"),
)
ONLY_ELECTIVES = (("Physical Education", "PE and health"), ("Orchestra", "Arts and music"))

DISTRICT_OFFICE = (
    "Superintendent",
    "Director of Curriculum",
    "Director of Technology",
    "SIS Administrator",
    "Registrar",
)
