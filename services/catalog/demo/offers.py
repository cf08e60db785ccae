"""What the example programme offers, in words. The ids of activities come from their names, which never change."""

from services.catalog.demo.rows import Offer
from services.catalog.demo.themes import EVERYDAY, YOUTH
from services.catalog.domain import Meeting, TermsChange

_VOLUNTEERS_AND_STAFF = {
    "sv": "Volontärer och bibliotekets personal",
    "en": "Volunteers and library staff",
}
_STAFF = {"sv": "Bibliotekets personal", "en": "Library staff"}
_STUDENTS = {"sv": "Studenter och andra volontärer", "en": "Students and other volunteers"}
_PARTNERS = {
    "sv": "Volontärer från ett företag. De säljer ingenting.",
    "en": "Volunteers from a company. They sell nothing.",
}
_FROM_16 = {"sv": "Från 16 år", "en": "From age 16"}
_ADULTS = {"sv": "Vuxna", "en": "Adults"}
_EVERYONE = {"sv": "Alla åldrar", "en": "All ages"}
_SMALL_CHILDREN = {"sv": "Barn 3 till 6 år med en vuxen", "en": "Children aged 3 to 6 with an adult"}
_SCHOOL = {"sv": "Årskurs 4 till 9", "en": "School years 4 to 9"}

CAFE_BEGINNERS = Offer(
    name="language-cafe-beginners",
    kind="language_cafe",
    titles={"sv": "Språkcafé för dig som är nybörjare", "en": "Language café for beginners"},
    summaries={
        "sv": "Vi fikar och pratar enkel svenska tillsammans. Du behöver inte kunna mycket. Det är gratis.",
        "en": "We have coffee and talk easy Swedish together. You do not need to know much. It is free.",
    },
    level="A1",
    audiences=_FROM_16,
    led_by=_VOLUNTEERS_AND_STAFF,
    terms=TermsChange(seats=15, queue=8),
    themes=EVERYDAY,
)
CAFE_MORE = Offer(
    name="language-cafe-more",
    kind="language_cafe",
    titles={"sv": "Språkcafé: prata mer svenska", "en": "Language café: talk more Swedish"},
    summaries={
        "sv": "För dig som kan lite svenska och vill prata mer. Varje gång har ett nytt ämne.",
        "en": "For you who know some Swedish and want to talk more. A new topic every time.",
    },
    level="A2-B1",
    audiences=_FROM_16,
    led_by=_VOLUNTEERS_AND_STAFF,
    terms=TermsChange(seats=15, queue=8),
    themes=EVERYDAY,
)
CAFE_ONLINE = Offer(
    name="language-cafe-online",
    kind="language_cafe",
    titles={"sv": "Språkcafé online för nybörjare", "en": "Language café online for beginners"},
    summaries={
        "sv": "Prata enkel svenska hemifrån, med mobil eller dator. Vi visar bilder och hjälper varandra.",
        "en": "Talk easy Swedish from home, by phone or computer. We show pictures and help each other.",
    },
    minutes=60,
    level="A1",
    place="online",
    meeting=Meeting(link="https://meet.example.org/sprakcafe-nyborjare", number="812 340 018"),
    audiences=_FROM_16,
    bring={
        "sv": "Du behöver en mobil eller dator med kamera och mikrofon.",
        "en": "You need a phone or computer with a camera and a microphone.",
    },
    led_by=_VOLUNTEERS_AND_STAFF,
    terms=TermsChange(seats=10, queue=10, children=False),
    themes=EVERYDAY,
)
CAFE_YOUTH = Offer(
    name="language-cafe-youth",
    kind="language_cafe",
    titles={
        "sv": "Språkcafé för unga: jobb, framtid, kärlek",
        "en": "Language café for young people: work, future, love",
    },
    summaries={
        "sv": "För dig som är 16 till 20 år. Vi pratar om det som är viktigt för dig.",
        "en": "For you who are 16 to 20. We talk about what matters to you.",
    },
    audiences={"sv": "16 till 20 år", "en": "Ages 16 to 20"},
    led_by={"sv": "Unga volontärer och bibliotekets personal", "en": "Young volunteers and library staff"},
    terms=TermsChange(seats=12, queue=6, children=False),
    themes=YOUTH,
)
CAFE_ALL_LEVELS = Offer(
    name="language-cafe-all-levels",
    kind="language_cafe",
    titles={"sv": "Språkcafé för alla", "en": "Language café for everyone"},
    summaries={
        "sv": "Du kan boka en plats eller bara komma. Borden är för olika nivåer.",
        "en": "Book a place or just come. There are tables for different levels.",
    },
    level="A1-C1",
    audiences=_EVERYONE,
    led_by=_VOLUNTEERS_AND_STAFF,
    terms=TermsChange(mode="mixed", seats=24, walk_in=8, queue=12),
    themes=EVERYDAY,
)
CAFE_MANY_LANGUAGES = Offer(
    name="language-cafe-drop-in",
    kind="language_cafe",
    titles={"sv": "Språkcafé: kom som du är", "en": "Language café: come as you are"},
    summaries={
        "sv": "Du behöver inte boka. Värdarna talar somaliska, arabiska och tigrinja också.",
        "en": "No booking needed. The hosts also speak Somali, Arabic and Tigrinya.",
    },
    languages=("sv", "so", "ar", "ti"),
    audiences=_EVERYONE,
    led_by=_VOLUNTEERS_AND_STAFF,
    terms=TermsChange(mode="drop_in", seats=20),
    themes=EVERYDAY,
)
CAFE = Offer(
    name="language-cafe-weekly",
    kind="language_cafe",
    titles={"sv": "Språkcafé", "en": "Language café"},
    summaries={
        "sv": "Vi fikar och pratar svenska om veckans ämne. Alla nivåer är välkomna. Det är gratis.",
        "en": "We have coffee and talk Swedish about the topic of the week. All levels are welcome. It is free.",
    },
    audiences=_EVERYONE,
    led_by=_VOLUNTEERS_AND_STAFF,
    terms=TermsChange(seats=12, queue=6),
    themes=EVERYDAY,
)
CAFE_OPEN = Offer(
    name="language-cafe-open",
    kind="language_cafe",
    titles={"sv": "Öppet språkcafé", "en": "Open language café"},
    summaries={
        "sv": "Kom och prata svenska en stund. Du behöver inte boka, och du kan gå när du vill.",
        "en": "Come and talk Swedish for a while. No booking needed, and you may leave when you like.",
    },
    audiences=_EVERYONE,
    led_by=_VOLUNTEERS_AND_STAFF,
    terms=TermsChange(mode="drop_in", seats=15),
    themes=EVERYDAY,
)

HOMEWORK_SCHOOL = Offer(
    name="homework-help-school",
    kind="homework_help",
    titles={"sv": "Läxhjälp för årskurs 4 till 9", "en": "Homework help, school years 4 to 9"},
    summaries={
        "sv": "Ta med din läxa. Du gör den själv och vi hjälper dig. Vi talar flera språk.",
        "en": "Bring your homework. You do it yourself and we help you. We speak several languages.",
    },
    languages=("sv", "ar", "so", "prs", "ti"),
    audiences=_SCHOOL,
    led_by=_STUDENTS,
    terms=TermsChange(seats=20, queue=10),
)
HOMEWORK_ADULTS = Offer(
    name="homework-help-adults",
    kind="homework_help",
    titles={
        "sv": "Läxhjälp för gymnasiet och vuxna",
        "en": "Homework help for upper secondary school and adults",
    },
    summaries={
        "sv": "För gymnasiet, komvux och sfi. Boka en plats eller bara kom.",
        "en": "For upper secondary school, adult education and SFI. Book a place or just come.",
    },
    audiences=_FROM_16,
    led_by=_STUDENTS,
    terms=TermsChange(mode="mixed", seats=24, walk_in=8, queue=8, register_note=False),
)
MATHS = Offer(
    name="maths-workshop",
    kind="homework_help",
    titles={"sv": "Räknestuga", "en": "Maths workshop"},
    sms_titles={"sv": "Räknestuga", "en": "Maths workshop"},
    summaries={
        "sv": "Få hjälp med matte i alla årskurser. Du behöver inte boka.",
        "en": "Get help with maths at every level. No booking needed.",
    },
    audiences={"sv": "Från årskurs 4 till vuxen", "en": "From school year 4 to adults"},
    led_by={"sv": "Volontärer från en matteförening", "en": "Volunteers from a maths association"},
    terms=TermsChange(mode="drop_in", seats=30),
)
HOMEWORK_ONLINE = Offer(
    name="homework-online",
    kind="homework_help",
    titles={"sv": "Läxhjälp online", "en": "Homework help online"},
    summaries={
        "sv": "Få hjälp med läxan hemifrån. Du behöver en dator eller mobil.",
        "en": "Get help with your homework from home. You need a computer or a phone.",
    },
    minutes=90,
    languages=("sv", "ar", "so", "prs", "ti"),
    place="online",
    meeting=Meeting(link="https://meet.example.org/laxhjalp", number="812 340 117"),
    audiences={"sv": "Från årskurs 4 till vuxen", "en": "From school year 4 to adults"},
    bring={
        "sv": "Ha läxan och dina böcker nära dig. Du behöver en dator eller mobil.",
        "en": "Have the homework and your books at hand. You need a computer or a phone.",
    },
    led_by=_STUDENTS,
    terms=TermsChange(seats=12, queue=6, party_max=1, children=False),
)
HOMEWORK_SMALL = Offer(
    name="homework-help-small",
    kind="homework_help",
    titles={"sv": "Läxhjälp i liten grupp", "en": "Homework help in a small group"},
    summaries={
        "sv": "En student hjälper två personer i taget. Det finns bara två platser. "
        "Är de tagna kan du ställa dig i kö.",
        "en": "A student helps two people at a time. There are only two places. "
        "If they are taken you can join the waiting list.",
    },
    minutes=60,
    audiences=_SCHOOL,
    led_by={"sv": "En student", "en": "A student"},
    terms=TermsChange(seats=2, queue=3, party_max=2, helpers_needed=1),
)
HOMEWORK_OPEN = Offer(
    name="homework-help-open",
    kind="homework_help",
    titles={"sv": "Läxhjälp: kom när du vill", "en": "Homework help: come when you like"},
    summaries={
        "sv": "Du gör läxan själv och vi hjälper dig. Du behöver inte boka.",
        "en": "You do the homework yourself and we help you. No booking needed.",
    },
    audiences=_SCHOOL,
    led_by=_STUDENTS,
    terms=TermsChange(mode="drop_in", seats=15),
)

COACHING_BANKID = Offer(
    name="digital-coaching-bankid",
    kind="digital_coaching",
    titles={
        "sv": "Digital coachning: BankID, Swish, e-post",
        "en": "Digital coaching: BankID, Swish, e-mail",
    },
    summaries={
        "sv": "Du får 40 minuter med en egen coach. Coachen visar och du gör stegen själv.",
        "en": "You get 40 minutes with a coach of your own. The coach shows you and you do the steps.",
    },
    languages=("sv", "en", "ar"),
    audiences=_ADULTS,
    led_by=_PARTNERS,
    terms=TermsChange(seats=3),
)
COACHING = Offer(
    name="digital-coaching",
    kind="digital_coaching",
    titles={"sv": "Digital coachning", "en": "Digital coaching"},
    summaries={
        "sv": "Du får 40 minuter med en egen coach. Berätta vad du vill lära dig.",
        "en": "You get 40 minutes with a coach of your own. Say what you want to learn.",
    },
    audiences=_ADULTS,
    led_by=_PARTNERS,
    terms=TermsChange(seats=2, helpers_needed=2),
)
DIGITAL_HELP = Offer(
    name="digital-help",
    kind="digital_coaching",
    titles={"sv": "Digital hjälp av personalen", "en": "Digital help from the staff"},
    summaries={
        "sv": "Du får 40 minuter med en person ur personalen. Vi går igenom ett steg i taget.",
        "en": "You get 40 minutes with a member of staff. We go through it one step at a time.",
    },
    languages=("sv", "en"),
    audiences=_ADULTS,
    led_by=_STAFF,
    terms=TermsChange(seats=1, helpers_needed=0),
)
IT_HOST_KISTA = Offer(
    name="it-host",
    kind="it_host",
    titles={"sv": "IT-värd: kom som du är", "en": "IT host: come as you are"},
    summaries={
        "sv": "Få hjälp med mobil, e-post och utskrifter. Du behöver inte boka.",
        "en": "Get help with your phone, e-mail and printing. No booking needed.",
    },
    languages=("sv", "ar", "so", "fa"),
    audiences=_EVERYONE,
    led_by={"sv": "Bibliotekets IT-värdar", "en": "The library's IT hosts"},
)
IT_HOST = Offer(
    name="it-host-weekly",
    kind="it_host",
    titles={"sv": "IT-värd", "en": "IT host"},
    summaries={
        "sv": "Få hjälp med mobil, e-post och utskrifter. Ta en nummerlapp när du kommer.",
        "en": "Get help with your phone, e-mail and printing. Take a numbered ticket when you come.",
    },
    languages=("sv", "en"),
    audiences=_EVERYONE,
    led_by={"sv": "Bibliotekets IT-värdar", "en": "The library's IT hosts"},
)

STORY = Offer(
    name="story-time",
    kind="story_time",
    titles={"sv": "Sagostund för barn 3 till 6 år", "en": "Story time for children aged 3 to 6"},
    summaries={
        "sv": "Vi läser och sjunger tillsammans. Barn kommer med en vuxen.",
        "en": "We read and sing together. Children come with an adult.",
    },
    audiences=_SMALL_CHILDREN,
    led_by=_STAFF,
    terms=TermsChange(seats=15),
)
BABIES = Offer(
    name="baby-rhymes",
    kind="story_time",
    titles={"sv": "Babyrim", "en": "Baby rhymes"},
    sms_titles={"sv": "Babyrim", "en": "Baby rhymes"},
    summaries={
        "sv": "Rim och sånger för de allra minsta. Du behöver inte boka.",
        "en": "Rhymes and songs for the very smallest. No booking needed.",
    },
    audiences={"sv": "Barn 0 till 1 år med en vuxen", "en": "Children aged 0 to 1 with an adult"},
    bring={"sv": "Ta gärna med en filt att ligga på.", "en": "Do bring a blanket to lie on."},
    led_by=_STAFF,
    terms=TermsChange(mode="drop_in", seats=15),
)
STORY_ARABIC = Offer(
    name="story-time-arabic",
    kind="story_time",
    titles={"sv": "Sagostund på arabiska", "en": "Story time in Arabic"},
    summaries={
        "sv": "Sagor på arabiska för små barn och deras vuxna. Du behöver inte boka.",
        "en": "Stories in Arabic for small children and their adults. No booking needed.",
    },
    languages=("ar",),
    audiences=_SMALL_CHILDREN,
    led_by={"sv": "En berättare som har arabiska som modersmål", "en": "A storyteller whose first language is Arabic"},
    terms=TermsChange(mode="drop_in", seats=20),
)
STORY_SOMALI = Offer(
    name="story-time-somali",
    kind="story_time",
    titles={"sv": "Sagostund på somaliska", "en": "Story time in Somali"},
    summaries={
        "sv": "Sagor på somaliska för små barn och deras vuxna. Du behöver inte boka.",
        "en": "Stories in Somali for small children and their adults. No booking needed.",
    },
    languages=("so",),
    audiences=_SMALL_CHILDREN,
    led_by={"sv": "En berättare som har somaliska som modersmål", "en": "A storyteller whose first language is Somali"},
    terms=TermsChange(mode="drop_in", seats=15),
)
STORY_TIGRINYA = Offer(
    name="story-time-tigrinya",
    kind="story_time",
    titles={"sv": "Sagostund på tigrinja", "en": "Story time in Tigrinya"},
    summaries={
        "sv": "Sagor på tigrinja för små barn och deras vuxna. Du behöver inte boka.",
        "en": "Stories in Tigrinya for small children and their adults. No booking needed.",
    },
    languages=("ti",),
    audiences=_SMALL_CHILDREN,
    led_by={
        "sv": "En berättare som har tigrinja som modersmål",
        "en": "A storyteller whose first language is Tigrinya",
    },
    terms=TermsChange(mode="drop_in", seats=15),
)

CLASS_YEAR_2 = Offer(
    name="class-visit-year-2",
    kind="class_visit",
    titles={
        "sv": "Klassbesök årskurs 2: Lär känna biblioteket",
        "en": "Class visit, school year 2: Get to know the library",
    },
    summaries={
        "sv": "Eleverna lär sig hitta på biblioteket, lånar en bok och får ett lånekort. En klass i taget, "
        "högst 30 elever och 2 vuxna.",
        "en": "Pupils learn to find their way, borrow a book and get a library card. One class at a time, "
        "at most 30 pupils and 2 adults.",
    },
    audiences={"sv": "Lärare för årskurs 2", "en": "Teachers of school year 2"},
    bring={
        "sv": "Ta med matsäck om klassen vill äta här. Det finns plats att hänga ytterkläder.",
        "en": "Bring packed lunches if the class wants to eat here. There is room to hang coats.",
    },
    led_by={"sv": "En barnbibliotekarie", "en": "A children's librarian"},
    terms=TermsChange(party_max=32),
)
CLASS_YEAR_9 = Offer(
    name="class-visit-year-9",
    kind="class_visit",
    titles={
        "sv": "Klassbesök årskurs 9: Läsa och skriva",
        "en": "Class visit, school year 9: Reading and writing",
    },
    summaries={
        "sv": "Eleverna får boktips och skriver en egen text. En klass i taget, högst 32 elever och 2 vuxna.",
        "en": "Pupils hear about books and write a text of their own. One class at a time, "
        "at most 32 pupils and 2 adults.",
    },
    audiences={"sv": "Lärare för årskurs 9", "en": "Teachers of school year 9"},
    bring={"sv": "Ta med papper och penna eller dator.", "en": "Bring pen and paper or a computer."},
    led_by={"sv": "En bibliotekarie", "en": "A librarian"},
    terms=TermsChange(party_max=34),
)
LIBRARY_FRIEND = Offer(
    name="library-friend",
    kind="library_friend",
    titles={"sv": "Biblioteksvän", "en": "Library friend"},
    summaries={
        "sv": "Två volontärer är på plats när biblioteket är öppet utan personal. De hjälper besökare och håller ett "
        "öga på lokalen.",
        "en": "Two volunteers are there when the library is open without staff. They help visitors and keep an eye on "
        "the rooms.",
    },
    audiences={"sv": "Volontärer med avtal", "en": "Volunteers with an agreement"},
    led_by=_STAFF,
    staffed=False,
)
STAFF_TRAINING = Offer(
    name="staff-training-meeting",
    kind="staff_training",
    titles={"sv": "Bemötande som skapar trygghet", "en": "Meeting people so that they feel safe"},
    summaries={
        "sv": "Kurs i bemötande för dig som möter människor som har flytt. För personal från flera kommuner.",
        "en": "A course for those who meet people who have fled. For staff of several municipalities.",
    },
    audiences={"sv": "Bibliotekspersonal", "en": "Library staff"},
    bring={"sv": "Du behöver inte ta med något.", "en": "You do not need to bring anything."},
    led_by={"sv": "En utbildare", "en": "A trainer"},
)
