"""The words in which people say yes and no to a library, by what they do in an answer, in all languages of Plats.

Written as people would, with accents and case left to :mod:`services.notify.domain.understanding`. What stands in no
list makes an answer one that is not understood, so a word is here only where it can hardly mean anything else. Lists
for languages that no native reader has seen yet hold the plainest words.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

Part: TypeAlias = Literal[
    "yes",
    "fine",
    "no",
    "undo",
    "come",
    "able",
    "unable",
    "infinitive",
    "not",
    "time",
    "reason",
    "thanks",
    "who",
    "you",
    "stop",
    "start",
    "about reminders",
    "greeting",
    "regards",
    "question",
    "break",
    "filler",
]
"""What a word does. ``fine`` is a yes where nothing says no; ``undo`` asks to cancel; ``come`` says that one comes,
``able`` that one can or wants to, an ``infinitive`` what one can; ``not`` turns these round, and ``time``, which one
may not have; a ``reason`` excuses; ``who`` are those one speaks of and ``you`` the library; a ``break`` stands between
two things that are said, and ``filler`` changes nothing."""

WORDS: Mapping[Part, str] = {
    "yes": """
        1 👍 ✅ ✔ ☑ 💯
        j ja jo japp jepp jupp jadå jodå jajamän javisst visst självklart absolut gärna bekräftar bekräfta jatack
        y yes yep yeah yup sure certainly absolutely definitely confirm confirmed accept
        joo juu kyllä kylla toki
        haa
        tak oczywiście
        evet olur
        sí claro
        так да
        بەڵێ بەلێ ئەرێ
        نعم ايوه أيوه أيوة ايوة أجل موافق na3am aywa
        بله بلی آره bale baleh bali
        እወ አዎ
    """,
    "fine": "👌 🆗 ok okej okey okay oki jes vale dobrze tamam تمام اوكي باشه باشە добре ኦኬ",
    "no": """
        2 👎 ❌ ✖ ❎ 🚫 ⛔
        n nej ne nä nää näe nope nepp nix nejdå nejtack
        no nah
        nei
        ei
        maya
        nie
        hayır yok
        ні нет
        نەخێر نا nexêr
        لا كلا laa
        نه نخیر خیر نی
        ኣይፋል ኣይፋልን ኣይኮነን ኣይ አይ አይደለም
    """,
    "undo": """
        avboka avbokar avbokas avbokning avbeställ avbeställa återbud lämna lämnar
        cancel unbook decline leave remove
        avbestill avbestille avbestiller
        peru perun perua peruutan peruuta
        anuluj anuluję odwołuję rezygnuję
        iptal
        cancelar cancela
        скасувати скасуйте
        إلغاء الغاء
        لغو کنسل
    """,
    "come": """
        kommer kjem coming attending tulen tullaan pääsen przyjdę będę geliyorum geleceğim voy iré iremos
        прийду буду سأحضر ساحضر سآتي ساتي میام میایم دێم እመጽእ ክመጽእ
    """,
    "able": """
        kan vill hinner orkar can want will would able voin haluan puedo quiero mogę chcę можу хочу
        أستطيع أقدر أريد میتوانم میتونم میتانم
    """,
    "unable": """
        cannot cant couldnt unable wont
        gelemem gelemiyorum gelemeyeceğim ناتوانم نایەم نمیتوانم نمیتونم نمیتانم نمیام نمیایم ኣይመጽእን ኣይክእልን
    """,
    "infinitive": "komma delta närvara stanna come attend join tulla päästä przyjść прийти ir venir الحضور",
    "not": "inte ej icke not dont doesnt ikke ikkje",
    "time": "tid tiden möjlighet time",
    "reason": """
        tyvärr ledsen förlåt ursäkta beklagar sjuk sjukt sjuka förkyld feber förhinder hinder annan nästa
        jobb jobba jobbar jobbet arbetar skola skolan barn barnet barnen läkare tandläkare
        sorry unfortunately sick busy working work another next beklager syk niestety
    """,
    "thanks": """
        🙏 ❤ ♥ 💙 💛 💚 😊 🙂 😀 😃 😄 😁 ☺ 😍 🥰 🌸 🌹 🌷 💐
        tack tackar tacksam bra fint kul super toppen jättebra thanks thank thx ty good great nice perfect
        takk kiitos dziękuję dzięki teşekkürler sağol gracias дякую спасибі شكرا شکرا ممنون تشکر مرسی سپاس سوپاس
        mahadsanid የቐንየለይ
    """,
    "who": "jag vi han hon man we he she jeg eg minä",
    "you": "du ni you",
    "stop": "stop stopp stoppa",
    "start": "start starta",
    "about reminders": "påminnelse påminnelser påminnelserna reminder reminders sms skicka alla all mer mera",
    "greeting": "hej hejsan hallå goddag hello hi hei",
    "regards": "mvh hälsningar hälsning hälsar vänligen regards hilsen terveisin",
    "break": ",",
    "filler": """
        min mitt mina mig oss det den detta denna dit där är har ha få får blir då så nu till på en ett och att för
        tusen mycket verkligen alls dag idag imorgon morgon ikväll kväll gång gången från längre i kod
        koden bibliotek biblioteket bokning bokningen plats platsen platser platserna kön kö svar svaret
        fortfarande snälla
        ill im id am is are be being there the a my our me us it to of on in and please very much so this today do
        tomorrow make dear library booking place seat queue from still for code
        er der meg
    """,
}

PHRASES: Mapping[str, Part] = {
    "of course": "yes",
    "por supuesto": "yes",
    "be there": "come",
    "tyvärr inte": "unable",
    "sorry no": "no",
    "no puedo": "unable",
    "no voy": "unable",
    "no iré": "unable",
    "no quiero": "unable",
    "nie mogę": "unable",
    "nie przyjdę": "unable",
    "nie będę": "unable",
    "nie chcę": "unable",
    "не можу": "unable",
    "не прийду": "unable",
    "не буду": "unable",
    "не хочу": "unable",
    "en tule": "unable",
    "en pääse": "unable",
    "en voi": "unable",
    "emme tule": "unable",
    "emme pääse": "unable",
    "ma imaan karo": "unable",
    "ma iman karo": "unable",
    "ma imaanayo": "unable",
    "waan imanayaa": "come",
    "waan imaanayaa": "come",
    "لا أستطيع": "unable",
    "لا أقدر": "unable",
    "لا أريد": "unable",
    "لن أحضر": "unable",
    "لن أستطيع": "unable",
    "ما أقدر": "unable",
    "نمی توانم": "unable",
    "نمی آیم": "unable",
    "می آیم": "come",
    "می توانم": "able",
    "ta bort": "undo",
    "inga påminnelser": "stop",
    "inga fler påminnelser": "stop",
    "no reminders": "stop",
    "no more reminders": "stop",
    "inte jag": "question",
    "inte nej": "question",
    "not me": "question",
    "can i": "question",
    "could i": "question",
    "may i": "question",
}
"""Words that mean together what they do not mean apart."""
