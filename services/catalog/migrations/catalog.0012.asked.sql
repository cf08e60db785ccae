-- Nobody could choose what a booking is asked for of the activities there are, so these get what a new one of their kind
-- starts from; their new sessions follow. Sessions on offer keep to what they were booked on. Who books a course for
-- staff could be chosen: that stays.

UPDATE activity SET certificate = true WHERE kind = 'staff_training';
UPDATE activity SET capacity_from = 'staffing' WHERE kind = 'digital_coaching';

UPDATE activity SET ask = '[
    {"id": "stage", "type": "choice", "labels": {"sv": "Var går du i skolan?", "en": "Where do you go to school?"}, "hints": {}, "required": true, "most": null, "counted": true, "options": [
        {"id": "mellanstadiet", "labels": {"sv": "Mellanstadiet (årskurs 4 till 6)", "en": "Grades 4 to 6"}},
        {"id": "hogstadiet", "labels": {"sv": "Högstadiet (årskurs 7 till 9)", "en": "Grades 7 to 9"}},
        {"id": "gymnasiet", "labels": {"sv": "Gymnasiet", "en": "Upper secondary school"}},
        {"id": "komvux", "labels": {"sv": "Komvux", "en": "Adult education (komvux)"}},
        {"id": "sfi", "labels": {"sv": "Sfi", "en": "Swedish for immigrants (sfi)"}},
        {"id": "vuxen", "labels": {"sv": "Vuxen, annan utbildning", "en": "Adult, other studies"}}
    ]},
    {"id": "subjects", "type": "choices", "labels": {"sv": "Vilka ämnen vill du ha hjälp med?", "en": "Which subjects do you want help with?"}, "hints": {"sv": "Du kan välja flera.", "en": "You can choose several."}, "required": false, "most": null, "counted": true, "options": [
        {"id": "maths", "labels": {"sv": "Matematik", "en": "Maths"}},
        {"id": "swedish", "labels": {"sv": "Svenska", "en": "Swedish"}},
        {"id": "swedish_second", "labels": {"sv": "Svenska som andraspråk", "en": "Swedish as a second language"}},
        {"id": "english", "labels": {"sv": "Engelska", "en": "English"}},
        {"id": "languages", "labels": {"sv": "Andra språk", "en": "Other languages"}},
        {"id": "science", "labels": {"sv": "Biologi, fysik, kemi och teknik", "en": "Biology, physics, chemistry and technology"}},
        {"id": "social", "labels": {"sv": "Geografi, historia, religion och samhälle", "en": "Geography, history, religion and society"}},
        {"id": "programming", "labels": {"sv": "Programmering", "en": "Programming"}},
        {"id": "other", "labels": {"sv": "Något annat", "en": "Something else"}}
    ]}
]' WHERE kind = 'homework_help';

UPDATE activity SET ask = '[
    {"id": "topic", "type": "choice", "labels": {"sv": "Vad vill du ha hjälp med?", "en": "What do you want help with?"}, "hints": {}, "required": true, "most": null, "counted": true, "options": [
        {"id": "bankid", "labels": {"sv": "Komma i gång med BankID", "en": "Getting started with BankID"}},
        {"id": "swish", "labels": {"sv": "Komma i gång med Swish", "en": "Getting started with Swish"}},
        {"id": "email", "labels": {"sv": "E-post", "en": "E-mail"}},
        {"id": "phone", "labels": {"sv": "Mobilens inställningar", "en": "Phone settings"}},
        {"id": "printing", "labels": {"sv": "Skriva ut och skanna", "en": "Printing and scanning"}},
        {"id": "1177", "labels": {"sv": "Logga in på 1177", "en": "Logging in to 1177, the health service"}},
        {"id": "other", "labels": {"sv": "Något annat", "en": "Something else"}}
    ]},
    {"id": "help_language", "type": "choice", "labels": {"sv": "Vilket språk vill du ha hjälp på?", "en": "Which language do you want help in?"}, "hints": {"sv": "Vi försöker. Om ingen talar språket får du hjälp på lätt svenska.", "en": "We try. If nobody speaks the language, you get help in easy Swedish."}, "required": false, "most": null, "counted": true, "options": [
        {"id": "sv", "labels": {"sv": "Svenska", "en": "Swedish"}},
        {"id": "en", "labels": {"en": "English", "sv": "Engelska"}},
        {"id": "ar", "labels": {"ar": "العربية", "sv": "Arabiska", "en": "Arabic"}},
        {"id": "so", "labels": {"so": "Soomaali", "sv": "Somaliska", "en": "Somali"}},
        {"id": "ti", "labels": {"ti": "ትግርኛ", "sv": "Tigrinja", "en": "Tigrinya"}},
        {"id": "fa", "labels": {"fa": "فارسی", "sv": "Persiska", "en": "Persian"}},
        {"id": "prs", "labels": {"prs": "دری", "sv": "Dari", "en": "Dari"}},
        {"id": "ku", "labels": {"ku": "Kurmancî", "sv": "Kurmanji", "en": "Kurmanji"}},
        {"id": "ckb", "labels": {"ckb": "سۆرانی", "sv": "Sorani", "en": "Sorani"}},
        {"id": "tr", "labels": {"tr": "Türkçe", "sv": "Turkiska", "en": "Turkish"}},
        {"id": "pl", "labels": {"pl": "Polski", "sv": "Polska", "en": "Polish"}},
        {"id": "ru", "labels": {"ru": "Русский", "sv": "Ryska", "en": "Russian"}},
        {"id": "uk", "labels": {"uk": "Українська", "sv": "Ukrainska", "en": "Ukrainian"}},
        {"id": "es", "labels": {"es": "Español", "sv": "Spanska", "en": "Spanish"}},
        {"id": "fr", "labels": {"fr": "Français", "sv": "Franska", "en": "French"}},
        {"id": "fi", "labels": {"fi": "Suomi", "sv": "Finska", "en": "Finnish"}},
        {"id": "bs", "labels": {"bs": "Bosanski", "sv": "Bosniska", "en": "Bosnian"}},
        {"id": "sq", "labels": {"sq": "Shqip", "sv": "Albanska", "en": "Albanian"}},
        {"id": "ro", "labels": {"ro": "Română", "sv": "Rumänska", "en": "Romanian"}},
        {"id": "am", "labels": {"am": "አማርኛ", "sv": "Amhariska", "en": "Amharic"}},
        {"id": "ur", "labels": {"ur": "اردو", "sv": "Urdu", "en": "Urdu"}},
        {"id": "th", "labels": {"th": "ไทย", "sv": "Thailändska", "en": "Thai"}},
        {"id": "zh", "labels": {"zh": "中文", "sv": "Kinesiska", "en": "Chinese"}},
        {"id": "vi", "labels": {"vi": "Tiếng Việt", "sv": "Vietnamesiska", "en": "Vietnamese"}}
    ]}
]' WHERE kind = 'digital_coaching';

UPDATE activity SET ask = '[
    {"id": "school", "type": "name", "labels": {"sv": "Skola", "en": "School"}, "hints": {"sv": "Vad skolan heter.", "en": "What the school is called."}, "required": true, "most": null, "counted": false, "options": []},
    {"id": "class", "type": "name", "labels": {"sv": "Klass", "en": "Class"}, "hints": {"sv": "Till exempel 4B. Skriv inga namn på elever.", "en": "For example 4B. Do not write pupils'' names."}, "required": true, "most": null, "counted": false, "options": []},
    {"id": "grade", "type": "choice", "labels": {"sv": "Årskurs", "en": "Grade"}, "hints": {}, "required": true, "most": null, "counted": true, "options": [
        {"id": "preschool", "labels": {"sv": "Förskola", "en": "Preschool"}},
        {"id": "f", "labels": {"sv": "Förskoleklass", "en": "Preschool class"}},
        {"id": "1", "labels": {"sv": "Årskurs 1", "en": "Grade 1"}},
        {"id": "2", "labels": {"sv": "Årskurs 2", "en": "Grade 2"}},
        {"id": "3", "labels": {"sv": "Årskurs 3", "en": "Grade 3"}},
        {"id": "4", "labels": {"sv": "Årskurs 4", "en": "Grade 4"}},
        {"id": "5", "labels": {"sv": "Årskurs 5", "en": "Grade 5"}},
        {"id": "6", "labels": {"sv": "Årskurs 6", "en": "Grade 6"}},
        {"id": "7", "labels": {"sv": "Årskurs 7", "en": "Grade 7"}},
        {"id": "8", "labels": {"sv": "Årskurs 8", "en": "Grade 8"}},
        {"id": "9", "labels": {"sv": "Årskurs 9", "en": "Grade 9"}},
        {"id": "upper_secondary", "labels": {"sv": "Gymnasiet", "en": "Upper secondary school"}},
        {"id": "adapted", "labels": {"sv": "Anpassad skola", "en": "Adapted school"}},
        {"id": "mixed", "labels": {"sv": "Flera årskurser", "en": "Several grades"}}
    ]},
    {"id": "needs", "type": "choices", "labels": {"sv": "Vad behöver klassen?", "en": "What does the class need?"}, "hints": {"sv": "Kryssa i det som gäller er.", "en": "Tick what applies to you."}, "required": false, "most": null, "counted": true, "options": [
        {"id": "step_free", "labels": {"sv": "Komma in utan trappor", "en": "Step-free access"}},
        {"id": "packed_lunch", "labels": {"sv": "Plats att äta matsäck", "en": "A place to eat packed lunch"}},
        {"id": "hearing_loop", "labels": {"sv": "Hörslinga", "en": "Hearing loop"}},
        {"id": "interpreter", "labels": {"sv": "Plats för tolk", "en": "Room for an interpreter"}},
        {"id": "toilet_near", "labels": {"sv": "Toalett i närheten", "en": "A toilet nearby"}}
    ]}
]' WHERE kind = 'class_visit';

UPDATE activity SET ask = '[
    {"id": "municipality", "type": "choice", "labels": {"sv": "Vilken kommun arbetar du i?", "en": "Which municipality do you work in?"}, "hints": {}, "required": true, "most": null, "counted": true, "options": [
        {"id": "0127", "labels": {"sv": "Botkyrka", "en": "Botkyrka"}},
        {"id": "0162", "labels": {"sv": "Danderyd", "en": "Danderyd"}},
        {"id": "0125", "labels": {"sv": "Ekerö", "en": "Ekerö"}},
        {"id": "0136", "labels": {"sv": "Haninge", "en": "Haninge"}},
        {"id": "0126", "labels": {"sv": "Huddinge", "en": "Huddinge"}},
        {"id": "0123", "labels": {"sv": "Järfälla", "en": "Järfälla"}},
        {"id": "0186", "labels": {"sv": "Lidingö", "en": "Lidingö"}},
        {"id": "0182", "labels": {"sv": "Nacka", "en": "Nacka"}},
        {"id": "0188", "labels": {"sv": "Norrtälje", "en": "Norrtälje"}},
        {"id": "0140", "labels": {"sv": "Nykvarn", "en": "Nykvarn"}},
        {"id": "0192", "labels": {"sv": "Nynäshamn", "en": "Nynäshamn"}},
        {"id": "0128", "labels": {"sv": "Salem", "en": "Salem"}},
        {"id": "0191", "labels": {"sv": "Sigtuna", "en": "Sigtuna"}},
        {"id": "0163", "labels": {"sv": "Sollentuna", "en": "Sollentuna"}},
        {"id": "0184", "labels": {"sv": "Solna", "en": "Solna"}},
        {"id": "0180", "labels": {"sv": "Stockholm", "en": "Stockholm"}},
        {"id": "0183", "labels": {"sv": "Sundbyberg", "en": "Sundbyberg"}},
        {"id": "0181", "labels": {"sv": "Södertälje", "en": "Södertälje"}},
        {"id": "0138", "labels": {"sv": "Tyresö", "en": "Tyresö"}},
        {"id": "0160", "labels": {"sv": "Täby", "en": "Täby"}},
        {"id": "0139", "labels": {"sv": "Upplands-Bro", "en": "Upplands-Bro"}},
        {"id": "0114", "labels": {"sv": "Upplands Väsby", "en": "Upplands Väsby"}},
        {"id": "0115", "labels": {"sv": "Vallentuna", "en": "Vallentuna"}},
        {"id": "0187", "labels": {"sv": "Vaxholm", "en": "Vaxholm"}},
        {"id": "0120", "labels": {"sv": "Värmdö", "en": "Värmdö"}},
        {"id": "0117", "labels": {"sv": "Österåker", "en": "Österåker"}},
        {"id": "other", "labels": {"sv": "En annan kommun", "en": "Another municipality"}}
    ]}
]' WHERE kind = 'staff_training';
