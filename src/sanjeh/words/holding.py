"""Replies that only ask for patience, in English, Persian and Russian (AMB-3, 7.4).

Closed lists again: "One moment, I am checking" holds; "One moment, your parcel left today" and
"I am checking, what is your order number?" do not.
"""

from __future__ import annotations

from sanjeh.words.courtesies import COURTESY, HELLO

_SOON = (
    r"( (shortly|soon|asap|as soon as (possible|i can|we can|i know more|we know more|"
    r"i have (an update|news)|we have (an update|news))|in a (moment|minute|few minutes)|later|"
    r"today))*"
)
_CASE = (
    r"( (it|this|that|(your|the|this) (request|case|issue|question|problem|order|ticket|matter|"
    r"inquiry|enquiry|message|query|account|details)))?"
)
ENGLISH = (
    r"(please )?(just )?(give me |give us )?(one|a|1|a few|couple of) (moment|minute|second|sec|"
    r"min)s?"
    r"( please)?|(please |kindly )*(wait|hold on|hang on|hold|stand by|stay with (me|us)|bear with "
    r"(me|us)|be patient)( (for )?(just )?(one|a|a few|1) (moment|minute|second|sec|min)s?)?"
    r"( please| while i check| while we check)*|"
    r"((i|we)('ll|'m|'re| will| am| are)?|let me|let us|allow me to|(our|the)( technical| "
    r"support)? "
    r"(team|colleagues|specialists) (is|are)|(my|our) colleagues are|currently)( (just|now|"
    r"currently|"
    r"still|quickly|already|going to|here))* (look(ing)? into|check(ing)?( on)?|investigat(e|ing)|"
    r"working on|work on|review(ing)?|verify(ing)?|find(ing)? out|look(ing)?( at)?)"
    + _CASE
    + r"( (for you|right now|right away|now|at the moment|with (the|our|my) (team|colleagues)))*|"
    r"(((i|we)('ll| will)|will) )?(get|come|be|write) (right )?back to you"
    + _SOON
    + r"|(i|we)('ll| will) (be (right )?(back|with you)|let you know|update you|keep you "
    r"(posted|updated|informed)|reply( to you)?|answer( you)?)"
    + _SOON
    + r"|(thank you|thanks) (very much )?for (your patience|waiting|bearing with (me|us)|"
    r"(contacting|writing to) us|your message)|(your (request|case|issue|question|ticket)|it) "
    r"(is|has "
    r"been) ((currently )?(being (looked into|reviewed|processed|checked|investigated)|under "
    r"(review|investigation)|in progress|in the queue)|received|registered)|"
    r"(we|i)( have|'ve)? (received|got) your (message|request|question|e-?mail)|"
    r"(sorry|apologies|we apologi[sz]e|i apologi[sz]e) for the (wait|delay|inconvenience)"
)
_FA_TELL = (
    r"(خبر می ?(دم|دهم|دیم|دهیم)|اطلاع می ?(دم|دهم|دیم|دهیم)|عرض می ?کن(م|یم)|اعلام می ?کن(م|یم)|"
    r"اطلاع ?رسانی می ?(کن(م|یم)|شود|شه)|پاسخ می ?(دم|دهم|دیم|دهیم)|پاسخ خواه(م|یم) داد|"
    r"خبر خواه(م|یم) داد|جواب می ?(دم|دهم|دیم|دهیم))"
)
PERSIAN = (
    r"(چند|یک|یه) (لحظه|دقیقه|ثانیه)( ای)?|(صبر|تامل|صبوری|شکیبایی)( (کنید|کنین|بفرمایید|بفرمایین|"
    r"داشته باشید))|(منتظر|شکیبا|صبور) (بمانید|باشید|بمونید|بمونین|باشین)|"
    r"(((این )?(موضوع|مشکل|مورد|درخواست|پیام|سفارش|سوال|تیکت)( ?(شما|تون|تان))?|همکارانم|همکاران"
    r"( ما| فنی)?|تیم فنی|کارشناسان( ما)?) )?(در ?حال|در دست) (بررسی|پی ?گیری|چک کردن|رسیدگی)"
    r"( (این )?(موضوع|مشکل|مورد|درخواست)( ?(شما|تون|تان))?)?"
    r"( (هستیم|هستم|هستن|هستند|است|هست|می ?باشیم|می ?باشم|می ?باشد|می ?باشند))?|"
    r"(((این )?(موضوع|مشکل|مورد|درخواست|پیام|سوال)( ?(شما|تون|تان))? )?((رو|را) )?)?"
    r"((الان|همین الان|دارم|داریم) )*(بررسی|چک|پی ?گیری) (می ?کن(م|یم)|خواه(م|یم) کرد)|"
    r"(و )?((نتیجه|جواب) (رو|را) )?((بهتون|به شما|خدمتتون|خدمت ?تون|خدمت شما|خدمتتان|براتون|"
    r"به ?زودی|به اطلاعتون) )*"
    + _FA_TELL
    + r"|(از )?صبر( و (شکیبایی|حوصله))?( ?(شما|تون|تان))? (ممنونم|ممنونیم|ممنون|متشکرم|متشکریم|"
    r"سپاسگزارم|سپاسگزاریم)|(ممنون|متشکر|سپاس|با تشکر|سپاسگزار)(م|یم)? از (صبر|شکیبایی|پیام)"
    r"( و (شکیبایی|حوصله))?( ?(شما|تون|تان|ی))*|پیام( ?(شما|تون|تان))? (رسید|دریافت شد)|"
    r"(بابت|از) (تاخیر|معطلی)( پیش [آا]مده)? (عذرخواهی|پوزش|معذرت)( (می ?خوا(م|هم|یم|هیم)|"
    r"می ?کن(م|یم)))?|به ?زودی"
)
_RU_THING = (
    r"( (информацию|вопрос|это|этот|данные|детали|проблему|ситуацию|заказ|для вас|у коллег|по|вашу|"
    r"у специалистов|в чем дело|ваш|ваше|запрос|обращение|заявку|вашему|вопросу|этому|этот "
    r"момент))*"
)
RUSSIAN = (
    r"((одну|1|буквально|еще|на|дайте|мне) )*(минут(к)?у|минуточку|секунд(очк)?у|секунду|"
    r"момент(ик)?|"
    r"пару минут|несколько минут)|(подождите|ожидайте|обождите)( (немного|чуть-чуть|ответа|минуту|"
    r"минутку|пару минут|несколько минут))*|оставайтесь на (связи|линии)|"
    r"((я|мы|сейчас|уже|еще|пока|все) )*(уточн(яю|яем|ю|им)|проверя(ю|ем)|провер(ю|им)|"
    r"посмотр(ю|им)|смотр(ю|им)|разбира(юсь|емся)|разбер(усь|емся)|выясн(яю|яем|ю|им)|узна(ю|ем)|"
    r"изуча(ю|ем)|работаем над)"
    + _RU_THING
    + r"|(ваш |ваше |ваша )?(вопрос|запрос|обращение|заявка|сообщение) (уже )?(в работе|на "
    r"рассмотрении|рассматривается|обрабатывается|проверяется|принят(о|а)?( в работу)?|получено)|"
    r"((я|мы|уже) )*передал(а|и)? (ваш(е)? )?(вопрос|обращение|запрос|информацию) (специалист(ам|"
    r"у)|"
    r"коллегам|в (технический |профильный |нужный )?отдел)|((и|я|мы|вам|обязательно) )*(сообщ(у|"
    r"им)|"
    r"напиш(у|ем)|отвечу|ответим|вернусь|вернемся|дам знать|дадим знать|отпишусь)"
    r"( (вам|к вам|с ответом|как можно скорее|как можно быстрее|как только (сможем|что-то узнаю|"
    r"узнаю|"
    r"будет (информация|ответ)|появится информация)|в ближайшее время|чуть позже|позже|скоро|"
    r"сегодня))*|(спасибо|благодар(ю|им)) (вас )?за (ожидание|терпение|обращение|понимание)|"
    r"(мы )?получили ваше (письмо|сообщение|обращение)|"
    r"(извините|простите|приносим извинения|прошу прощения) за (ожидание|задержку)"
)
HOLDING = f"{ENGLISH}|{PERSIAN}|{RUSSIAN}"
ALLOWED = (
    rf"{HOLDING}|{COURTESY}|{HELLO}|please|sure|of course|certainly|yes|so|i see|لطفا|بله|حتما|سپس|"
    r"пожалуйста|да|конечно|сейчас"
)
