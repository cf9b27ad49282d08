"""The staff desk in a real browser: add by the map, change, lose the session, hostile text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.desk import log_in, site

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Locator, Page

    from tests.browser.conftest import OpenPage, Site

__all__ = ["site"]  # a fixture of the desk


HOSTILE = '${alert(1)}"><img src=x onerror=alert(1)>'


@pytest.fixture(scope="module")
def password(site: Site) -> str:
    """Make the accounts 小王, who may change, and 小赵, who may look."""
    site.user("小赵", "viewer")
    return site.user("小王", "editor")


def position(page: Page) -> tuple[str, str]:
    """Return longitude and latitude as the form shows them."""
    return page.get_by_label("经度").input_value(), page.get_by_label("纬度").input_value()


def touch_map(page: Page, right: float, down: float) -> None:
    """Click on the map, at shares of its width and height."""
    canvas = page.locator("#map_main.leaflet-container")  # that is: its scripts have run
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    canvas.click(position={"x": box["width"] * right, "y": box["height"] * down})


def saved_code(page: Page) -> str:
    """Return the code of the station that the list says was saved."""
    address = page.get_by_role("link", name="看公开的页面").get_attribute("href")
    assert address
    return address.rpartition("/")[2]


def save(page: Page, said: str, *, twice: bool = False) -> None:
    """Save; of a station with others near the form may ask first whether it is one of them."""
    button = page.get_by_role("button", name="保存", exact=True)
    (button.dblclick if twice else button.click)()
    sure = page.get_by_role("button", name=re.compile("照样保存")).first
    done = page.get_by_text(said)
    expect(done.or_(sure).first).to_be_visible()
    if sure.is_visible():
        sure.click()
    expect(done).to_be_visible()


def pin(page: Page) -> Locator:
    return page.get_by_role("button", name="驿站的位置，可以拖动")


def test_a_wrong_password_is_refused_and_the_right_one_leads_on(page: Page, password: str) -> None:
    page.goto("/staff/?q=东岸")
    log_in(page, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    log_in(page, password)
    expect(page).to_have_url(re.compile(r"/staff/\?q="))
    expect(page.get_by_role("heading", name="驿站管理")).to_be_visible()


def test_a_viewer_is_refused_the_form(page: Page, password: str) -> None:
    page.goto("/staff/stations/new")
    log_in(page, password, "小赵")
    expect(page.get_by_role("heading", name="你的账号打不开这个页面")).to_be_visible()


def test_a_station_added_by_a_touch_of_the_map_is_everywhere_at_once(
    page: Page, password: str
) -> None:
    page.goto("/staff/stations/new")
    log_in(page, password)
    assert position(page) == ("", "")
    touch_map(page, 0.4, 0.5)
    lon, lat = position(page)
    assert re.fullmatch(r"\d+\.\d{6}", lon)
    assert re.fullmatch(r"\d+\.\d{6}", lat)
    expect(pin(page)).to_be_visible()
    page.get_by_label("名称").first.fill("新开的驿站")
    page.get_by_role("radio", name="服务点").check()
    page.get_by_role("group", name="饮水", exact=True).get_by_role(
        "radio", name="有", exact=True
    ).check()
    page.get_by_label("开放时间（平常的话）").fill("24小时")
    save(page, "登记好了")
    expect(page.get_by_text("按位置填上了：东澄区")).to_be_visible()
    code = saved_code(page)

    page.get_by_role("link", name="看公开的页面").click()
    expect(page.get_by_role("heading", name="新开的驿站")).to_be_visible()
    page.goto("/?q=新开的驿站")
    expect(page.get_by_text("新开的驿站").first).to_be_visible()
    found = page.evaluate(
        """async ([lon, lat]) => {
          const n = 2 ** 18 * 4;
          const x = Math.floor((lon + 180) / 360 * n);
          const sin = Math.sin(lat * Math.PI / 180);
          const y = Math.floor((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * n);
          const answer = await fetch(`/api/v1/grid/18/${x}/${y}/${x}/${y}`);
          return (await answer.json()).cells;
        }""",
        [float(lon), float(lat)],
    )
    assert code in str(found)


def test_click_drag_and_typing_each_move_the_other(page: Page, password: str) -> None:
    page.goto("/staff/stations/DC-0001")
    log_in(page, password)
    before = position(page)
    page.locator("#map_main").scroll_into_view_if_needed()
    start = pin(page).bounding_box()
    assert start
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 120, start["y"] + 60, steps=5)
    page.mouse.up()
    dragged = position(page)
    assert dragged != before

    page.get_by_label("经度").fill(before[0])
    page.get_by_label("纬度").fill(before[1])
    back = pin(page).bounding_box()
    assert back
    assert position(page) == before

    touch_map(page, 0.6, 0.6)
    assert position(page) not in {before, dragged}


def test_a_changed_station_tells_its_change(page: Page, password: str) -> None:
    page.goto("/staff/stations/DC-0002")
    log_in(page, password)
    page.get_by_label("公开电话").fill("0370-5550199")
    save(page, "改好了")
    page.get_by_role("link", name="再改一下").click()
    past = page.get_by_role("region", name="改动记录")
    expect(past.get_by_role("listitem").first).to_contain_text("小王")
    expect(past.get_by_role("listitem").first).to_contain_text("0370-5550199")


def test_hours_are_told_back_while_somebody_types(page: Page, password: str) -> None:
    page.goto("/staff/stations/new")
    log_in(page, password)
    words = page.get_by_label("开放时间（平常的话）")
    words.fill("周一到周五 8:30-17:30，节假日休息")
    expect(page.get_by_text("我们读成：周一至周五 8:30–17:30；节假日休息。")).to_be_visible()
    words.fill("每天8:30-17:30，春节期间不打烊")
    expect(page.get_by_text("没读懂：春节期间不打烊。")).to_be_visible()
    expect(words).to_have_accessible_description(re.compile("没读懂：春节期间不打烊"))
    words.fill("")
    expect(page.get_by_text("没读懂")).to_have_count(0)
    page.get_by_text("会写格式的").click()
    page.get_by_label("开放时间（网页能算的写法）").fill("Mo-Fr 08:00-17：00")
    expect(page.get_by_text("是不是 Mo-Fr 08:00-17:00？")).to_be_visible()


def test_of_two_texts_for_the_hours_that_disagree_one_is_chosen(page: Page, password: str) -> None:
    page.goto("/staff/stations/new")
    log_in(page, password)
    touch_map(page, 0.3, 0.4)
    page.get_by_label("名称").first.fill("两种写法的驿站")
    page.get_by_label("开放时间（平常的话）").fill("每天 8:30-17:30")
    page.get_by_text("会写格式的").click()
    page.get_by_label("开放时间（网页能算的写法）").fill("Mo-Fr 09:00-17:00")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("两种写法说的不一样")
    page.get_by_role("radio", name="按平常的话：每天 8:30–17:30").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("开放时间读成：每天 8:30–17:30。")).to_be_visible()


def test_hostile_text_is_text_on_every_page(page: Page, password: str) -> None:
    page.goto("/staff/stations/new")
    log_in(page, password)
    touch_map(page, 0.5, 0.4)
    page.get_by_label("名称").first.fill(HOSTILE)
    save(page, "登记好了")
    expect(page.get_by_role("strong")).to_have_text(HOSTILE)
    code = saved_code(page)
    page.goto("/staff/?q=onerror")
    expect(page.get_by_role("rowheader").filter(has_text=HOSTILE)).to_have_count(1)
    page.goto(f"/staff/stations/{code}")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    expect(page.get_by_label("名称").first).to_have_value(HOSTILE)
    page.get_by_text("登记了这个驿站").click()
    expect(page.get_by_role("region", name="改动记录")).to_contain_text(HOSTILE)
    page.goto(f"/s/{code}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(HOSTILE)
    page.goto("/?q=onerror")
    expect(page.get_by_text(HOSTILE).first).to_be_visible()
    assert page.locator("img[src='x']").count() == 0


def test_what_was_typed_when_the_session_ran_out_is_saved_after_the_login(
    page: Page, password: str
) -> None:
    page.goto("/staff/stations/new")
    log_in(page, password)
    page.get_by_label("名称").first.fill("没丢的驿站")
    page.get_by_label("备注").fill("第一行\n第二行")
    page.get_by_role("checkbox", name="扫码").first.check()
    touch_map(page, 0.5, 0.6)
    where = position(page)
    page.context.clear_cookies()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("离开太久，要重新登录")).to_be_visible()
    log_in(page, "wrong")
    log_in(page, password)
    page.get_by_role("button", name="回到刚才的表单").click()
    expect(page.get_by_text("还没有保存")).to_be_visible()
    assert position(page) == where
    expect(page.get_by_label("备注")).to_have_value("第一行\n第二行")
    save(page, "登记好了")
    page.get_by_role("link", name="再改一下").click()
    expect(page.get_by_label("名称").first).to_have_value("没丢的驿站")
    expect(page.get_by_role("checkbox", name="扫码").first).to_be_checked()


def test_a_refused_form_has_the_cursor_in_its_first_wrong_field(page: Page, password: str) -> None:
    page.goto("/staff/stations/new")
    log_in(page, password)
    page.get_by_label("名称").first.fill("好名字")
    page.get_by_label("经度").fill("东经")
    page.get_by_label("能坐多少人").fill("很多")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("有 3 处要改")
    expect(page.get_by_label("经度")).to_be_focused()
    expect(page.get_by_label("经度")).to_have_value("东经")
    page.get_by_role("alert").get_by_role("link", name="能坐多少人").click()
    expect(page.get_by_label("能坐多少人")).to_be_focused()
    expect(page.get_by_label("能坐多少人")).to_have_accessible_description(re.compile("整数"))


def test_a_second_tap_saves_nothing_twice_and_leaving_asks(page: Page, password: str) -> None:
    asked: list[str] = []

    def _leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", _leave)
    page.goto("/staff/stations/DC-0003")
    log_in(page, password)
    page.wait_for_url("**/DC-0003")
    page.wait_for_load_state()
    page.get_by_label("能坐多少人").fill("21")
    page.get_by_role("link", name="回到列表").click()
    expect(page.get_by_role("heading", name="驿站管理")).to_be_visible()
    assert asked == ["beforeunload"]
    page.goto("/staff/stations/DC-0003")
    page.get_by_label("能坐多少人").fill("22")
    save(page, "改好了", twice=True)
    assert asked == ["beforeunload"]


def test_the_form_works_without_javascript(open_page: OpenPage, password: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/staff/stations/new")
    log_in(page, password)
    expect(page.locator("#map_main")).to_be_hidden()
    page.get_by_label("名称").first.fill("没有脚本的驿站")
    page.get_by_label("经度").fill("113.9")
    page.get_by_label("纬度").fill("35.05")
    save(page, "登记好了")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_desk_is_wider_than_a_phone(
    open_page: OpenPage, password: str, scheme: str
) -> None:
    page = open_page(viewport={"width": 390, "height": 780}, color_scheme=scheme)
    page.goto("/staff/?lang=en&type=large")
    page.get_by_label("Account").fill("小王")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    for address in ("/staff/", "/staff/stations/new", "/staff/stations/DC-0001", "/login"):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, address
