"""The words of the station form: groups, labels, help and examples, in the visitor's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import lazy_gettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask_babel import LazyString


class Group(NamedTuple):
    """Fields that belong together on the page; each row holds one field or some side by side."""

    key: str
    title: LazyString
    help: LazyString | str
    rows: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> Iterator[str]:
        """The fields in the order of the page."""
        return (name for row in self.rows for name in row)


GROUPS: Final = (
    Group("about", lazy_gettext("名称和类型"), "", (
        ("name",), ("kind",), ("status", "status_until"), ("aliases", "code"),
    )),
    Group(
        "place",
        lazy_gettext("位置"),
        lazy_gettext("在地图上点一下驿站的门口，或者拖动圆点。也可以直接填经度和纬度。"),
        (
            ("lon", "lat"), ("address",), ("district", "subdistrict"), ("floor", "street_front"),
        ),
    ),
    Group(
        "hours",
        lazy_gettext("开放时间"),
        lazy_gettext("照平常的话写就行，几点开、几点关，网页自己读。"),
        (("hours_text",), ("hours",), ("self_hours",)),
    ),
    Group("entry", lazy_gettext("怎么进门"), "", (
        ("entry_mode",), ("self_entry_mode",), ("needs_phone", "needs_registration"), ("dignity",),
    )),
    Group("amenities", lazy_gettext("里面有什么"), lazy_gettext("不清楚的就选“不知道”，不要猜。"), (
        ("amenities",), ("amenity_hours",), ("area_m2", "capacity"),
    )),
    Group("more", lazy_gettext("其他情况"), "", (
        ("host", "mode"), ("audience", "phone_public"), ("has_sign", "has_rules"),
        ("on_amap", "on_baidu"), ("opened_on", "verified_on"), ("note",),
    )),
    Group(
        "staff",
        lazy_gettext("只给工作人员看"),
        lazy_gettext("这两项不会出现在公开的页面和文件里。"),
        (("contact", "manager"),),
    ),
)  # fmt: skip
NAMES: Final[tuple[str, ...]] = tuple(name for group in GROUPS for name in group.names)

LABELS: Final[dict[str, LazyString]] = {
    "code": lazy_gettext("编号"),
    "name": lazy_gettext("名称"),
    "aliases": lazy_gettext("别名"),
    "kind": lazy_gettext("类型"),
    "status": lazy_gettext("状态"),
    "status_until": lazy_gettext("停到什么时候"),
    "lon": lazy_gettext("经度"),
    "lat": lazy_gettext("纬度"),
    "source_datum": lazy_gettext("原坐标系"),
    "address": lazy_gettext("地址"),
    "district": lazy_gettext("区县"),
    "subdistrict": lazy_gettext("街道"),
    "host": lazy_gettext("依托单位"),
    "mode": lazy_gettext("建设方式"),
    "audience": lazy_gettext("服务对象"),
    "hours": lazy_gettext("开放时间（网页能算的写法）"),
    "hours_text": lazy_gettext("开放时间（平常的话）"),
    "self_hours": lazy_gettext("没人值守时的开放时间"),
    "entry_mode": lazy_gettext("进门方式"),
    "self_entry_mode": lazy_gettext("没人值守时的进门方式"),
    "needs_phone": lazy_gettext("要用手机吗"),
    "needs_registration": lazy_gettext("要登记吗"),
    "dignity": lazy_gettext("空间"),
    "amenities": lazy_gettext("设施"),
    "amenity_hours": lazy_gettext("设施自己的开放时间"),
    "area_m2": lazy_gettext("面积（平方米）"),
    "capacity": lazy_gettext("能坐多少人"),
    "floor": lazy_gettext("楼层"),
    "street_front": lazy_gettext("临街吗"),
    "phone_public": lazy_gettext("公开电话"),
    "contact": lazy_gettext("联系人"),
    "manager": lazy_gettext("负责人"),
    "photo": lazy_gettext("照片"),
    "has_sign": lazy_gettext("有标识吗"),
    "has_rules": lazy_gettext("有制度吗"),
    "on_amap": lazy_gettext("高德地图能查到吗"),
    "on_baidu": lazy_gettext("百度地图能查到吗"),
    "opened_on": lazy_gettext("启用日期"),
    "verified_on": lazy_gettext("核实日期"),
    "source": lazy_gettext("来源"),
    "source_id": lazy_gettext("来源编号"),
    "note": lazy_gettext("备注"),
    "demo": lazy_gettext("演示数据"),
}

HELP: Final[dict[str, LazyString]] = {
    "name": lazy_gettext("门口的牌子上怎么写，就怎么填。"),
    "aliases": lazy_gettext("别的叫法，用分号隔开。"),
    "code": lazy_gettext("不填会自动编一个，以后不能改。"),
    "status_until": lazy_gettext("暂停开放的，填到哪天几点再开。"),
    "subdistrict": lazy_gettext("区县和街道不填，会按位置补上。"),
    "hours_text": lazy_gettext("照店里的说法写，比如：周一到周五 8:30 到 17:30，中午不休息。"),
    "hours": lazy_gettext("一般不用管：上面那句话读懂了，这里自己会填。要自己写，照下面的样子："),
    "self_hours": lazy_gettext("自己刷卡、扫码进的时间，也照平常的话写：晚上 10 点到早上 6 点。"),
    "amenity_hours": lazy_gettext("和驿站不一样的才填，一行一样，比如：厕所: 08:00-20:00"),
    "audience": lazy_gettext("比如：快递员；环卫工人。用分号隔开。"),
    "verified_on": lazy_gettext("最近一次到现场或打电话核实的日子。"),
    "note": lazy_gettext("大家都能看到。"),
}

EXAMPLES: Final[tuple[tuple[str, LazyString], ...]] = (  # of hours
    ("Mo-Fr 08:30-11:30,13:30-17:30; PH off", lazy_gettext("工作日，中午休息，节假日不开")),
    ("Mo-Su 07:00-22:00", lazy_gettext("每天早上 7 点到晚上 10 点")),
    ("24/7", lazy_gettext("24 小时都开")),
)

FLAG_WORDS: Final[dict[str, LazyString]] = {
    "yes": lazy_gettext("是"),
    "no": lazy_gettext("否"),
    "": lazy_gettext("不知道"),
}
AMENITY_WORDS: Final[dict[str, LazyString]] = {
    "yes": lazy_gettext("有"),
    "no": lazy_gettext("没有"),
    "": lazy_gettext("不知道"),
    "broken": lazy_gettext("坏了"),
    "empty": lazy_gettext("用完了"),
}
