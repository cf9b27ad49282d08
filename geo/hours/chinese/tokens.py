"""The words of opening hours: one table of what stands for what, tried in order at each place."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from geo.hours.chinese.letters import spell
from geo.hours.chinese.numbers import NUMBER

_WEEK: Final = "(?:周|星期|礼拜)"
_DAY: Final = (
    "(?:[一二三四五六](?! ?(?:[点月号分个次楼层刻十天年级期线路]|时(?![间段])))"
    "|[日天](?![常天期间程志]))"
)
_FIRST_DAY: Final = f"{_WEEK} ?(?:{_DAY}|[1-7](?![0-9:.点天月次号]|时(?![间段])))"
_TO: Final = "(?:-+|至|到|一(?= ?(?:周|星期|礼拜)))"
_WEEKDAYS: Final = (
    f"{_FIRST_DAY}(?: ?{_TO} ?(?:{_FIRST_DAY}|{_DAY}|(?<=[1-7][-至到])[1-7](?![0-9:.点时]))"
    f"| ?[,/和及与&]+ ?{_DAY}|{_DAY})*"
)
_PUBLIC: Final = "(?:国家|国定|法定|全国|公众)"
_FESTIVAL: Final = (
    "元旦节?|春节|(?:大年|正月)初[一二三四五六七]"
    "|清明节?|五一(?:国际)?(?:劳动节)?|劳动节|端午节?|中秋节?|十一(?= ?(?:假|黄金|长假|国庆|期间))"
    "|国庆节?|初[一二三四五六七](?![0-9点时])|小长假|黄金周|长假"
)
_OPEN: Final = "(?:开放|营业|服务|开馆|开门|办公|上班|接待|运营|使用|供应)"
_PEOPLE: Final = (
    "(?:面?向|对)(?:广大|全体|所有)?"
    "(?:社会|公众|市民|读者|户外劳动者|环卫工人|快递小哥|外卖小哥|骑手|司机|职工|群众|劳动者|居民|[和及/]){1,9}"
)
_LATE_VERB: Final = (
    "(?:停止|谢绝|禁止|截止|不再)(?:读者|观众|游客|市民)?"
    "(?:入馆|入场|入园|入内|进馆|进场|进园|进入|检票|售票|取号|受理|办理|办证|验票|发号|接待)"
    "|止(?:入|票)|清场|清馆|清园"
)
_NOTICE: Final = (
    f"{_OPEN}?(?:时间|安排)?(?:另行|会另行|将另行)(?:通知|公告|通告|安排|公布|公示)"
    f"|{_OPEN}?(?:时间|安排)?(?:以|按|见|详见|请关注|关注)[^,;()0-9]{{0,12}}"
    "(?:通知|公告|通告|公示|安排|公布|为准|公众号)(?:为准)?"
    f"|(?:需|须|请|可)?(?:提前|电话)?预约(?:{_OPEN})?|视情况(?:而定)?(?:{_OPEN})?|不定期(?:{_OPEN})?|值班"
    f"|{_OPEN}?(?:时间|安排)?(?:不详|不确定|说不准|待定|未定|不定|不固定)"
)
_SPECIAL: Final = (
    "寒暑假|暑假|暑期|寒假|汛期|供暖季|采暖[季期]|高温(?:天气|季节|时段)?|三?伏天|雨季|学期|节日"
)
_ENTRY: Final = (
    "(?:可|需|请|须)?(?:(?:凭|持|出示|携带|刷)(?:本人|有效|工会|会员)*"
    "(?:身份证件?|读者证|借书证|会员证|会员卡|证件|卡|证|脸|码)(?:入馆|进入|进馆|入内|入场)?"
    "|(?:扫码|人脸识别)(?:入馆|进入|进馆|入内))"
)
_NOTE: Final = (
    "(?:暂时?|目前)?(?:无法|不能|不可|停止)(?:借还|借阅|外借|借书|还书|办证)(?:图书|书籍|服务)?"
    f"|{_ENTRY}|(?:(?:配|设)?有)?"
    "(?:无障碍|空调|热水|饮水机?|饮用水|微波炉|wi-?fi|充电|雨伞|药箱|座椅|冰箱|图书|报刊|茶水|开水|冷气|暖气)(?:[,和及]?(?:提供|免费))*|欢迎光临|欢迎|提供"
    "|谢谢|(?:24 ?小时)?(?:联系|咨询|服务|预约|值班|监督|客服)*(?:电话|热线) ?:? ?"
    "(?:[0-9]{3,4} ?-+ ?)?[0-9]{5,11}"
)
_EVERY_DAY: Final = "(?:全年)?(?:365|三百六十五) ?天,? ?(?:每天|全年)?,? ?"
_ROUND_THE_CLOCK: Final = "(?:24|二十四) ?(?:个?小时|h)"
_BARE_DAY: Final = (  # 10月1 without 日
    f"(?= ?(?:-+|至|到) ?(?:次年|翌年)? ?{NUMBER} ?[月日号])|(?! ?[0-9:.点时月至到-]| ?个?小)"
)
_MINUTES: Final = (
    f"半|[一三13] ?刻|{NUMBER} ?分|[0-9]{{2}}(?! ?[0-9点时:月分日号])"
    "|[一二三四五]?十[一二三四五]?(?![点时月])"
)
_COLON_MINUTES: Final = (  # 9:00, 9：:00, 9:00:00, 9;00
    ":(?: ?:)* ?[0-9]{2}(?:: ?00(?![0-9:]))?|; ?[0-9]{2}(?! ?[0-9:点时])"
)
_FOUR_DIGITS: Final = "(?:[01][0-9]|2[0-4])[0-5][05]"
_NO_BREAK: Final = f"不休息?|无休|不闭馆|不打烊|不关门|连续?{_OPEN}|照常{_OPEN}?|不间断"
_CLOSING: Final = "(?:闭馆|休馆|休息|公休|闭园|店休)"
_OTHERS: Final = "(?:其[他它余]|剩余)的?"
_SHUT: Final = f"(?:{_CLOSING}|关闭|关门|不{_OPEN})"
_REST_TIME: Final = "休息时间(?= ?:? ?[0-9])"
_ALL_YEAR: Final = "(?:全年)?365天(?:,? ?每[天日])?|每周(?:七|7)天|一周七天"
_OFF: Final = (
    "闭馆(?:整理|维护|整修|休整|盘点)?|休馆(?:整理)?"
    f"|(?:公休|轮休|休息|店休)(?![室区间点处场厅角椅座时吧日])|不(?:对外)?{_OPEN}|不对外"
    f"|关闭|关门|双休(?!日)|闭园|闭店|休业|放假|休(?![息闲馆])|停止(?:对外)?{_OPEN}"
)
_SPAN_BEFORE: Final = f"(?:{NUMBER}) ?分钟?|半个?小时|一个?小时|1个?小时|一刻钟"
_WEEK_AHEAD: Final = "(?= ?(?:周|星期|礼拜))"
_SOME: Final = f"每个?月的?(?:第[一二三四1-4]个?|最后一?个?|首个|末){_WEEK_AHEAD}"
_USUAL: Final = "对外|日常|正常|具体|本馆|站点|驿站|门诊|作息|工作"
_ALWAYS: Final = (
    f"7 ?x ?24 ?(?:个?小时|h)?|24/7"
    f"|(?:{_EVERY_DAY})?{_ROUND_THE_CLOCK}(?:ours|rs|r| ?x ?7 ?天?)?(?![a-z])"
)
_GAP_WORDS: Final = "(?:中午|午间|午休时间|中途)"

_TABLE: Final[tuple[tuple[str, str], ...]] = (
    ("space", " +"),
    ("note", _NOTE),
    ("night_note", f"(?:夜间|夜晚|晚上|晚间|夜里){_ENTRY}"),
    ("filler", "北京时间|营业中(?![心午转断])"),
    ("rest_off", f"{_OTHERS}(?:时间段?|时段)?(?:均|都|一律)?为?{_SHUT}(?= ?(?:[,;)]|$))"),
    (
        "always",
        _ALWAYS,
    ),
    ("throughout", "(?:全天候?|整天|全日)(?! ?(?:例行|都|均)?(?:闭|休|关|不|停|无))"),
    ("early_late", f"早{NUMBER}晚{NUMBER}(?![0-9:点时])"),
    ("compact", f"(?<![0-9:.-]){_FOUR_DIGITS} ?- *{_FOUR_DIGITS}(?![0-9:.-])"),
    ("iso_date", "20[0-9]{2}(?P<mark>[-./])[0-9]{1,2}(?P=mark)[0-9]{1,2}日?(?![0-9])"),
    ("date", f"(?:20[0-9]{{2}} ?年 ?)?{NUMBER} ?月 ?{NUMBER} ?(?:[日号]|{_BARE_DAY})"),
    ("month", f"{NUMBER} ?月份?(?![底初中上下旬])"),
    ("clock", f"[0-9]{{1,2}} ?(?:{_COLON_MINUTES})(?:[点时](?! ?[0-9间]))?"),
    ("hour", f"{NUMBER} ?[点时](?![间段候代令尚长区刻])(?:钟|整)?(?:{_MINUTES})?"),
    ("day_number", f"{NUMBER} ?[日号](?![线楼院门])"),
    ("dotted", "(?<![0-9.])[0-9]{1,2}\\.[0-9]{1,2}(?![0-9.])"),
    ("ampm", "(?<![a-z])[ap]\\.?m\\.?(?![a-z])"),
    (
        "every",
        f"{_ALL_YEAR}|每天|每日|天天|日常|全周|全年(?!无休)|常年|一年四季|四季",
    ),
    (
        "no_rest",
        "(?:全年|常年|全天)?(?:无休|不打烊|不间断)|(?:全年|常年|全天)(?:不休息?|不闭馆|不关门)",
    ),
    ("ignore", f"(?:,? ?{_GAP_WORDS})(?:{_NO_BREAK})|无午休|连班"),
    ("weekdays", f"(?:每逢?|逢)?{_WEEKDAYS}"),
    ("weekend", "(?:每逢?|逢)?(?:周末|双休日)"),
    ("workday", "(?:每个?|国家|(?:国家)?法定)?工作日|上班日"),
    ("plain_day", "平日|平时|平常"),
    (
        "holiday",
        f"(?:[逢遇])?(?:{_PUBLIC}+(?:的)?(?:节假日|假日|节日|假期|假)|节假日)(?:期间|当天|当日)?",
    ),
    ("festival", f"(?:{_FESTIVAL})(?:假期|假日|节假日|期间|当天|当日|长假|黄金周)*"),
    ("special", f"(?:{_SPECIAL})(?:期间)?"),
    (
        "season",
        "[春夏秋冬旺淡](?:[,/和]? ?[春夏秋冬])*(?:两?季节?|天|令时?间?|时制?|时间)?(?![装衣游])",
    ),
    ("rest", f"{_OTHERS}(?:时间|日期|季节|月份|时段|日子)?"),
    ("next_year", "次年|翌年|来年|第二年|下一?年度?|当年|同年"),
    ("next_day", "次日|翌日|第二天|第2天|隔天"),
    ("yearly", "每年(?:的)?"),
    ("dawn", "凌晨"),
    ("midnight", "午夜|半夜|子夜"),
    ("night", "每晚"),
    ("morning", "朝(?= ?[0-9])|早上|早晨|清晨|清早|上午|早间|晨|早"),
    ("ignore", "午休(?:时间)?(?:不休息?|照常(?:开放)?)"),
    (
        "break",
        f"{_REST_TIME}|午休(?:时间)?|(?:午间|中午)(?:休息|闭馆|关门)(?:时间)?|午餐时间|用餐时间",
    ),
    ("noon", "中午|正午|午间"),
    ("afternoon", "下午|午后"),
    ("dusk", "傍晚"),
    ("night", "晚上|晚间|夜晚|夜间|夜里|深夜|晚|夜"),
    ("last_entry", f"(?:{_LATE_VERB})|(?:最晚|最后|最迟)(?:入馆|入场|入园|进馆|进场)(?:时间)?"),
    (
        "before_end",
        f"(?:闭馆|关门|闭园|关闭|结束|打烊|下班|闭店)前 ?(?:{_SPAN_BEFORE}) ?(?:{_LATE_VERB})",
    ),
    ("notice", _NOTICE),
    (
        "normal",
        f"照常{_OPEN}?|照样{_OPEN}|正常(?:上班|{_OPEN})|不休息?|不放假|不闭馆|不关门|也{_OPEN}",
    ),
    (
        "off_label",
        f"{_CLOSING}(?:日期?|时间)(?=[ :])|(?!休息){_CLOSING}日(?= ?(?:为|是|每))",
    ),
    ("off", f"(?:全天|例行|整天|正常|照常)?(?:{_OFF})(?:一天|日)?(?! ?时[间段])"),
    (
        "label",
        f"(?:{_USUAL}|{_PEOPLE}){{0,4}}{_OPEN}?(?:时间段?|时段)(?:表|安排)?",
    ),
    ("opens", f"(?:(?:均|都|统一|免费|对外|全面|持续|{_PEOPLE}){{0,4}}{_OPEN})|免费"),
    ("closes", "打烊|收班|下班"),
    ("suspended", f"暂停(?:对外)?{_OPEN}"),
    ("extend", "(?:顺延|延长|延迟|延时)(?:开放|闭馆|关门|营业|服务)?(?:至|到)"),
    ("besides", "除外|(?:以|之)?外(?![卖带来借])|例外"),
    ("except", "除(?:了|去|开)?|不含|不包括|不包含"),
    ("including", "含|包括|包含"),
    ("some", f"{_SOME}|[单双隔]周{_WEEK_AHEAD}|每?隔周"),
    ("only", "仅限?|只(?:在|限|有)?|限"),
    ("and", "以及|与|和|及|并"),
    ("filler", "为|是|的|自|从|均|都|期间|止|在"),
    ("dash", "-+>?|至|到|(?<=[0-9点时半分])一+(?= ?[0-9])"),
    ("colon", ":+"),
    ("comma", "[,/&+]+"),
    ("stop", "[;|.]+"),
    ("left", "\\("),
    ("right", "\\)"),
    ("number", NUMBER),
    ("bullet", "[①②③④⑤⑥⑦⑧⑨⑩●•·★☆▲◆■※]+"),
)
_PATTERN: Final = re.compile(
    "|".join(f"(?P<{kind}_{i}>{pattern})" for i, (kind, pattern) in enumerate(_TABLE))
)


class Token(NamedTuple):
    """A word, and where it stands in the source."""

    kind: str  # a kind of the table, or "other"
    text: str  # as spelled by letters.spell
    start: int
    end: int


def read_tokens(words: str) -> tuple[Token, ...]:
    """Return the tokens of words; every character belongs to one; strange runs are "other"."""
    text = spell(words)
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        found = _PATTERN.match(text, place)
        if found and found.lastgroup and found.end() > place:
            tokens.append(Token(found.lastgroup.rsplit("_", 1)[0], found[0], place, found.end()))
            place = found.end()
        else:
            _add_other(tokens, text, place)
            place += 1
    return tuple(tokens)


def _add_other(tokens: list[Token], text: str, place: int) -> None:
    """Add a character that no word begins with to the run of such characters."""
    if tokens and tokens[-1].kind == "other":
        last = tokens.pop()
        tokens.append(Token("other", last.text + text[place], last.start, place + 1))
    else:
        tokens.append(Token("other", text[place], place, place + 1))
