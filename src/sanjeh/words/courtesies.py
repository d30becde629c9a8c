"""How people say thanks, and nothing else, in English, Persian and Russian (Z4, 7.4).

Patterns for text in its spoken form: lower case, one form of each letter, half-spaces as spaces.
They are closed lists: a message is a mere thanks when every word of it stands here, so that one
word more («ولی», "but", «а когда») makes it a message to be answered. What answers a question
("yes", "no") or asks in the form of a thanks ("thanks in advance", «ممنون میشم») is left out on
purpose. To teach a way of saying thanks, add it here and a sentence to test_noise_rules.py.
"""

from __future__ import annotations

# What may stand between words: signs, emoji, spaces, invisible marks.
BETWEEN = r"[\p{P}\p{S}\p{Z}\p{C}\p{M}]"
# Marks of a question, of doubt or of displeasure: whatever the words say, somebody should look.
OBJECTION = "[?؟？❓❔⁉🤔👎😡😠🤬😤😞😟😢😭💔🙄😕😒☹🆘]"
PLEASED = "[🙏👍👌❤♥💙💚💛💜🧡🤍💖💕😊🙂😀😃😄😁😍🥰😘☺🌹🌷💐🌸🌺✅🤝👏🎉✨🌟💯🤗😉🙌🫶🤲]"

_EN_THING = (
    r"help|support|assistance|time|reply|replies|response|answer|answers|patience|updates?|info|"
    r"information|clarification|explanation|efforts?|service|kindness|understanding|attention|"
    r"cooperation|guidance|advice|message|e-?mail|hard work|quick turnaround|confirmation"
)
_EN_WHAT_FOR = (
    rf"( for (everything|all|it|this|that|(all )?(of )?(your|the|that|this|my)?( "
    r"(very|so|quick|prompt|fast|speedy|swift|kind|great|excellent|wonderful|amazing|detailed|"
    rf"helpful|continued|all))*( ({_EN_THING}))+( and( (your|the|quick|kind))*( ({_EN_THING})))?|"
    r"(the )?letting me know|(so |very )?(quickly )?getting back( to me)?( so quickly)?|"
    r"(clarifying|confirming|explaining|fixing|solving|sorting)( (it|this|that|out|me))*|"
    r"helping( me| us)?( out)?))?"
)
ENGLISH_THANKS = (
    r"(many |big |huge |lots of )?(thank+s+|thanx|thnx|thx|tnx|thks)"
    r"( (a (lot|bunch|million|ton)|so much|very much|again|heaps|guys|indeed))*"
    + _EN_WHAT_FOR
    + r"|thank+ ?(you|u|ya)( (so|very) much| indeed| again| kindly| all)*"
    + _EN_WHAT_FOR
    + r"|ty(sm|vm)?|cheers|much appreciated|appreciated|(i |we )?(really |do |truly |greatly |very "
    r"much )*appreciate (it|that|this|(all )?(your|the) (quick |prompt )?(help|support|time|"
    r"response|reply|assistance))|god bless( you)?|you('re| are|r)? (the best|great|awesome|"
    r"amazing|"
    r"a star|a life ?saver)|merci( beaucoup)?|mersi|mamno?[ou]n(am|im)?|kh?e[iy]li mamno?[ou]n|"
    r"sepas|spasibo( bolshoe)?|blagodaryu"
)
ENGLISH_COURTESY = (
    r"ok+(ay|ey)?|k+|alright|great( job)?|perfect|awesome|excellent|wonderful|fantastic|amazing|"
    r"brilliant|super|cool|nice( one)?|very (good|nice|helpful|kind( of you)?)|good|fine|lovely|"
    r"oh|ah|wow|yay|well done|got it|i got it|understood|noted|received|i see|makes sense|will do|"
    r"i('ll| will) (try|do|check)( it| that| this)?|all (good|set|done|clear|fine|sorted)|done|"
    r"that (works|worked|did it|helps|helped|solved it|fixed it)|"
    r"(it|everything|all) (works|worked)( (now|fine|again|great|perfectly|well))*|"
    r"((it|that|everything|all)('s| is) )?(working|works|fixed|solved|resolved|sorted)"
    r"( (now|again|fine|perfectly|out|well))*|(the |my )?(problem|issue)('s| is| has been)? "
    r"(now )?(solved|fixed|resolved|gone|sorted)( now)?|it (has )?arrived( today| now)?|"
    r"(i('ve| have)? )?(received|got) (it|the (parcel|package|order|refund|money))( now| today)?|"
    r"that('s| is|s|'ll be| will be)? (all|it|great|perfect|good|fine|(very |really )?helpful|"
    r"clear|"
    r"(exactly |just )?what i needed)|(i have )?no (more|further|other) questions|nothing else|"
    r"have a (very )?(nice|good|great|lovely|wonderful|blessed) (day|one|evening|weekend|week|"
    r"night)"
    r"( ahead)?|(and )?you too|same to you|take care|(good)?bye( bye)?|all the best|"
    r"(best|kind|warm|kindest|warmest)( regards| wishes)?|regards|sincerely|yours|again|"
    r"(to )?(you|everyone|everybody|all|team|guys|folks|support( team)?|sir|madam|mate|friend|dear|"
    r"buddy|man|bro)( all)?|so much|very much|a lot|indeed|and"
)
ENGLISH_HELLO = (
    r"hi+( there)?|hello( there)?|hey( there)?|good (morning|afternoon|evening|night|day)"
)

_FA_YOU = r"( ?(شما|تون|تان|ت|م|یتون|یتان|یت|ی|ها|های|هاتون|هاتان|ات|اتون|اتتون))*"
_FA_WHAT_FOR = (
    r"( (از|بابت|برای|به خاطر|بخاطر|واسه)( (این|همه|تمام))*"
    r" ?(شما|همگی|همه چیز|همه|تیم( خوب| پشتیبانی)*|"
    r"(لطف|محبت|زحمت|زحمات|کمک|راهنما[یئ]ی|پاسخ|پاسخ ?گو[یئ]ی|جواب|جواب ?گو[یئ]ی|پی ?گیری|"
    r"پشتیبانی|همکاری|همراهی|وقت|حوصله|صبر|توضیح|توضیحات|اطلاع ?رسانی|سرعت|برخورد|خدمات|تلاش|"
    r"توجه|رسیدگی|اطلاع|اطلاعات|لطف و محبت|صبر و حوصله)"
    + _FA_YOU
    + r"( (خوب|عالی|سریع|به ?موقع|کامل|دقیق|فوری|بی ?نظیر|دوستانه|محترمانه)"
    + _FA_YOU
    + r")*))?"
)
PERSIAN_THANKS = (
    r"(م+م*نو+ن+ ?(م|یم|تم|تونم|ت)?|مم?نونم|مرس+ی+|متشکر ?(م|یم)?|مچکر ?(م|یم)?|"
    r"سپاس( ?(گزار|گذار) ?(م|یم)?)?|تشکر( (می ?کنم|می ?کنیم|دارم))?|قدردان ?(م|یم)?|"
    r"تنکس|تنک ?یو|ثنک ?یو)( (فراوان|بسیار|ویژه|هستم|هستیم|واقعا))*"
    + _FA_WHAT_FOR
    + r"|دست( ?(ت|تون|تان|شما|شون))? درد نکن(ه|د)|(خیلی )?(لطف|محبت) (کرد|دار)(ی|ید|ین)|"
    r"(خیلی )?زحمت کشید(ی|ید|ین)|دم( ?(ت|تون|تان|شما))? گرم|قرب(ا|و)ن( ?(ت|تون|تان|شما))|"
    r"فدا( ?(ت|تون|ی شما))|خدا (خیر( ?(ت|تون|تان))?|عمر( ?(ت|تون|تان))?)( بده| دهد| بدهد)"
)
PERSIAN_COURTESY = (
    r"باش+ه+|باش|اوکی+(ه)?|اوک|حله|چشم|عالی+(ه| بود| هستید| هستین)?|خوبه|(خیلی|بسیار) (خوب|عالی)"
    r"(ه| بود)?|فوق ?العاده( بود| هستید)?|متوجه شدم|فهمیدم|گرفتم|دریافت (شد|کردم)|"
    r"(به )?(دستم )?رسید( دستم)?|((مشکل|مشکلم|موضوع) )?(حل|برطرف|رفع|درست|انجام|اوکی) شد|"
    r"راه افتاد|(الان |حالا )?(درست )?کار (می ?کن(ه|د)|کرد)|خسته نباش(ید|ین|ی)|"
    r"((موفق|سلامت|پاینده|زنده|سربلند|سرافراز|شاد|خوش|پیروز|سالم)( و )?)+ باش(ید|ین|ی)|خدا ?حافظ|"
    r"خدا ?نگهدار|بدرود|یا علی|ان ?شا ?الله|(دیگه |دیگر )?(سوال(ی)?|مشکلی|کاری|عرضی)"
    r"( (دیگه|دیگری|دیگه ای))? (ندارم|نیست|نبود)|همین( بود)?|کافی(ه| است)|شما هم|هم ?چنین|"
    r"شما( هم)?|خیلی|بسیار|واقعا|حقیقتا|(یک|یه) دنیا|بی ?نهایت|فراوان|باز ?هم|بازم|دوباره|و|که|پس|"
    r"خب|خوب|[آا]ها+|[آا]هان|ایول|احسنت|[آا]فرین|با|از شما|"
    r"(کار ?(ت|تون|تان) )?(درسته|عالیه)|"
    r"عزیز(م| دل)?|جان|جون|دوست( عزیز| من)?|همکار( گرامی| عزیز)?|بزرگوار|گرامی|ارجمند|محترم|"
    r"مهندس|رفیق|داداش|(تیم )?پشتیبان(ی)?( محترم| عزیز)?|[آا]قا|سرکار|"
    r"(جناب( [آا]قای)?|[آا]قای|(سرکار )?خانوم|(سرکار )?خانم) \p{L}+|خانوم|خانم|جناب|"
    r"روز(گار)?( ?(تون|شما|تان|ت))? (خوش|خوبی داشته باشید)|شب( ?(تون|شما|تان|ت))? خوش"
)
PERSIAN_HELLO = (
    r"سلام( علیکم)?|درود( بر شما)?|(روز|شب|وقت|عصر|صبح|ظهر)( ?(تون|شما|تان|ت))? (بخیر|به خیر)"
)

_RU_WHAT_FOR = (
    r"( (вам|вас|тебе|вам всем|всем|ребята|большое|огромное|преогромное|еще раз))*"
    r"( за( (вашу|ваш|ваше|ваши|такую|такой|такое|быстр(ый|ую|ое)|оперативн(ый|ую|ое)|скор(ый|ую)|"
    r"подробн(ый|ую|ое)|отличн(ый|ую|ое)|хорош(ий|ую|ее)|качественн(ый|ую|ое)|развернутый|всю))*"
    r" (помощь|ответ|ответы|оперативность|скорость|поддержку|информацию|консультацию|разъяснения?|"
    r"внимание|работу|отзывчивость|терпение|понимание|обратную связь|содействие|подсказку|совет|"
    r"реакцию|решение|заботу|сервис|обслуживание|труд|участие|все)"
    r"( и( (ваше|вашу|за|быстрый))* (помощь|ответ|оперативность|поддержку|внимание|терпение|"
    r"понимание|отзывчивость|заботу))?)?"
)
RUSSIAN_THANKS = (
    r"((большое|огромное|преогромное|очень|еще раз) )*(спасиб+о+|спасиб|пасиб(о|ки)?|спасибк?и|спс|"
    r"благодарю|благодарим|благодар(ен|на|ны)|признател(ен|ьна|ьны)|мерси|сенкс|сенк ?ю|пасибо)"
    + _RU_WHAT_FOR
    + r"|от души|(вы )?(очень )?(меня )?выручили|(вы )?(очень |мне |нам )*помогли|"
    r"вы (лучшие|супер|молодцы)"
)
RUSSIAN_COURTESY = (
    r"ок+(ей)?|оки+|окей|хорошо|отлично|супер|класс(но)?|здорово|прекрасно|замечательно|круто|"
    r"чудесно|идеально|ура|(все |теперь |мне )*(ясно|понятно)|(все )?понял(а|и)?( вас)?|принято|"
    r"принял(а|и)?|(все )?получил(а|и|ось)?|(все |уже |теперь |снова |опять )*(пришло|дошло|"
    r"заработал(о|а)?|работает|помогло|решено|решилось|исправлено|в порядке)|"
    r"((мой|моя|наш|наша) )?(проблема|вопрос|задача) (решен(а)?|закрыт(а)?|снят(а)?|исчерпан)|"
    r"(я )?разобрал(ся|ась|ись)|(больше )?(вопросов|проблем)( больше)? нет|это все|все|"
    r"всего (доброго|хорошего|наилучшего)|хорош(его|их)( вам)? (дня|вечера|настроения|выходных)|"
    r"удачи|до (свидания|встречи)|пока|с уважением|и вам|взаимно|вам|вам того же|тоже|очень|"
    r"большое|огромное|еще раз|буду знать|молодцы|уважаемые|друзья|ребята|девушки|коллеги|и|"
    r"вы|так (и )?сделаю|попробую|доброй ночи"
)
RUSSIAN_HELLO = r"здравствуйте|привет(ствую)?|добр(ый|ого) (день|вечер|дня|вечера)|доброе утро"

GRATITUDE = f"{ENGLISH_THANKS}|{PERSIAN_THANKS}|{RUSSIAN_THANKS}"
COURTESY = f"{ENGLISH_COURTESY}|{PERSIAN_COURTESY}|{RUSSIAN_COURTESY}"
HELLO = f"{ENGLISH_HELLO}|{PERSIAN_HELLO}|{RUSSIAN_HELLO}"
# What every thanks has in it somewhere; quick to look for in millions of messages.
HINT = (
    r"than[kx]|thn?x|tnx|thks|\bty(sm|vm)?\b|cheers|appreciate|bless|re (the best|great|a)|"
    r"mer[cs]i|mamno?[ou]n|sepas|spasib|blagodar|م+نو+ن|مرس+ی|متشکر|مچکر|سپاس|تشکر|قدردان|تنک|ثنک|"
    r"درد نکن|لطف (کرد|دار)|محبت|زحمت|دم.{0,6}گرم|قرب(ا|و)ن|فدا|خدا |спасиб|пасиб|спс|благодар|"
    r"признател|мерси|сенк|"
    r"от души|выручили|помогли|вы (лучшие|супер|молодцы)"
)


def only(words: str) -> str:
    """A pattern for a text of nothing but these words and what may stand between them."""
    return rf"^{BETWEEN}*(({words})({BETWEEN}+|$))*$"
