"""What kinds ask for when somebody books: closed lists, so that nobody writes about anybody. A list grows by one line.

Ids are for good: bookings and figures keep them.
"""

from services.catalog.domain import Option, Question


def _options(*rows: tuple[str, str, str]) -> tuple[Option, ...]:
    """Options from an id, its Swedish and its English label each."""
    return tuple(Option(id=id_, labels={"sv": swedish, "en": english}) for id_, swedish, english in rows)


SCHOOL = Question(
    id="school",
    type="name",
    labels={"sv": "Skola", "en": "School"},
    hints={"sv": "Vad skolan heter.", "en": "What the school is called."},
    counted=False,
)

SCHOOL_CLASS = Question(
    id="class",
    type="name",
    labels={"sv": "Klass", "en": "Class"},
    hints={"sv": "Till exempel 4B. Skriv inga namn på elever.", "en": "For example 4B. Do not write pupils' names."},
    counted=False,
)

GRADE = Question(
    id="grade",
    type="choice",
    labels={"sv": "Årskurs", "en": "Grade"},
    options=_options(
        ("preschool", "Förskola", "Preschool"),
        ("f", "Förskoleklass", "Preschool class"),
        *((str(year), f"Årskurs {year}", f"Grade {year}") for year in range(1, 10)),
        ("upper_secondary", "Gymnasiet", "Upper secondary school"),
        ("adapted", "Anpassad skola", "Adapted school"),
        ("mixed", "Flera årskurser", "Several grades"),
    ),
)

CLASS_NEEDS = Question(
    id="needs",
    type="choices",
    labels={"sv": "Vad behöver klassen?", "en": "What does the class need?"},
    hints={"sv": "Kryssa i det som gäller er.", "en": "Tick what applies to you."},
    required=False,
    options=_options(
        ("step_free", "Komma in utan trappor", "Step-free access"),
        ("packed_lunch", "Plats att äta matsäck", "A place to eat packed lunch"),
        ("hearing_loop", "Hörslinga", "Hearing loop"),
        ("interpreter", "Plats för tolk", "Room for an interpreter"),
        ("toilet_near", "Toalett i närheten", "A toilet nearby"),
    ),
)

STAGE = Question(
    id="stage",
    type="choice",
    labels={"sv": "Var går du i skolan?", "en": "Where do you go to school?"},
    options=_options(
        ("mellanstadiet", "Mellanstadiet (årskurs 4 till 6)", "Grades 4 to 6"),
        ("hogstadiet", "Högstadiet (årskurs 7 till 9)", "Grades 7 to 9"),
        ("gymnasiet", "Gymnasiet", "Upper secondary school"),
        ("komvux", "Komvux", "Adult education (komvux)"),
        ("sfi", "Sfi", "Swedish for immigrants (sfi)"),
        ("vuxen", "Vuxen, annan utbildning", "Adult, other studies"),
    ),
)

SUBJECTS = Question(
    id="subjects",
    type="choices",
    labels={"sv": "Vilka ämnen vill du ha hjälp med?", "en": "Which subjects do you want help with?"},
    hints={"sv": "Du kan välja flera.", "en": "You can choose several."},
    required=False,
    options=_options(
        ("maths", "Matematik", "Maths"),
        ("swedish", "Svenska", "Swedish"),
        ("swedish_second", "Svenska som andraspråk", "Swedish as a second language"),
        ("english", "Engelska", "English"),
        ("languages", "Andra språk", "Other languages"),
        ("science", "Biologi, fysik, kemi och teknik", "Biology, physics, chemistry and technology"),
        ("social", "Geografi, historia, religion och samhälle", "Geography, history, religion and society"),
        ("programming", "Programmering", "Programming"),
        ("other", "Något annat", "Something else"),
    ),
)

TOPIC = Question(
    id="topic",
    type="choice",
    labels={"sv": "Vad vill du ha hjälp med?", "en": "What do you want help with?"},
    options=_options(
        ("bankid", "Komma i gång med BankID", "Getting started with BankID"),
        ("swish", "Komma i gång med Swish", "Getting started with Swish"),
        ("email", "E-post", "E-mail"),
        ("phone", "Mobilens inställningar", "Phone settings"),
        ("printing", "Skriva ut och skanna", "Printing and scanning"),
        ("1177", "Logga in på 1177", "Logging in to 1177, the health service"),
        ("other", "Något annat", "Something else"),
    ),
)


def _languages(*rows: tuple[str, str, str, str]) -> tuple[Option, ...]:
    """Languages from a tag, its Swedish and English name and what it calls itself: who looks for theirs finds it."""
    return tuple(Option(id=tag, labels={tag: own, "sv": swedish, "en": english}) for tag, swedish, english, own in rows)


HELP_LANGUAGE = Question(
    id="help_language",
    type="choice",
    labels={"sv": "Vilket språk vill du ha hjälp på?", "en": "Which language do you want help in?"},
    hints={
        "sv": "Vi försöker. Om ingen talar språket får du hjälp på lätt svenska.",
        "en": "We try. If nobody speaks the language, you get help in easy Swedish.",
    },
    required=False,
    options=_languages(
        ("sv", "Svenska", "Swedish", "Svenska"),
        ("en", "Engelska", "English", "English"),
        ("ar", "Arabiska", "Arabic", "العربية"),
        ("so", "Somaliska", "Somali", "Soomaali"),
        ("ti", "Tigrinja", "Tigrinya", "ትግርኛ"),
        ("fa", "Persiska", "Persian", "فارسی"),
        ("prs", "Dari", "Dari", "دری"),
        ("ku", "Kurmanji", "Kurmanji", "Kurmancî"),
        ("ckb", "Sorani", "Sorani", "سۆرانی"),
        ("tr", "Turkiska", "Turkish", "Türkçe"),
        ("pl", "Polska", "Polish", "Polski"),
        ("ru", "Ryska", "Russian", "Русский"),
        ("uk", "Ukrainska", "Ukrainian", "Українська"),
        ("es", "Spanska", "Spanish", "Español"),
        ("fr", "Franska", "French", "Français"),
        ("fi", "Finska", "Finnish", "Suomi"),
        ("bs", "Bosniska", "Bosnian", "Bosanski"),
        ("sq", "Albanska", "Albanian", "Shqip"),
        ("ro", "Rumänska", "Romanian", "Română"),
        ("am", "Amhariska", "Amharic", "አማርኛ"),
        ("ur", "Urdu", "Urdu", "اردو"),
        ("th", "Thailändska", "Thai", "ไทย"),
        ("zh", "Kinesiska", "Chinese", "中文"),
        ("vi", "Vietnamesiska", "Vietnamese", "Tiếng Việt"),
    ),
)

_STOCKHOLM_COUNTY = (
    ("0127", "Botkyrka"),
    ("0162", "Danderyd"),
    ("0125", "Ekerö"),
    ("0136", "Haninge"),
    ("0126", "Huddinge"),
    ("0123", "Järfälla"),
    ("0186", "Lidingö"),
    ("0182", "Nacka"),
    ("0188", "Norrtälje"),
    ("0140", "Nykvarn"),
    ("0192", "Nynäshamn"),
    ("0128", "Salem"),
    ("0191", "Sigtuna"),
    ("0163", "Sollentuna"),
    ("0184", "Solna"),
    ("0180", "Stockholm"),
    ("0183", "Sundbyberg"),
    ("0181", "Södertälje"),
    ("0138", "Tyresö"),
    ("0160", "Täby"),
    ("0139", "Upplands-Bro"),
    ("0114", "Upplands Väsby"),
    ("0115", "Vallentuna"),
    ("0187", "Vaxholm"),
    ("0120", "Värmdö"),
    ("0117", "Österåker"),
)
"""Municipalities by the codes of Statistics Sweden, which the national statistics go by, in Swedish order."""

MUNICIPALITY = Question(
    id="municipality",
    type="choice",
    labels={"sv": "Vilken kommun arbetar du i?", "en": "Which municipality do you work in?"},
    options=_options(
        *((code, name, name) for code, name in _STOCKHOLM_COUNTY),
        ("other", "En annan kommun", "Another municipality"),
    ),
)
