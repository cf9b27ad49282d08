"""Pinyin as it is stored: every usual reading, no context; and what folds to the same sign."""

from __future__ import annotations

import pytest
from pypinyin import lazy_pinyin

from geo.search.fold import fold_words
from geo.search.spelling import MOST_VARIANTS, spell, spell_cells, variants
from geo.search.station_words import ends_of, split_off, trimmed


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("隆福寺", "long fu si"),
        ("重庆路3号", "zhong/chong qing lu 3 hao"),
        ("KFC店", "k f c dian"),
        ("工商银行支行", "gong shang yin hang zhi hang"),
        ("行知路", "xing/hang zhi lu"),
        ("绿地", "lv/lu di"),
        ("後海（北沿）", "hou hai bei yan"),
        ("", ""),
        ("（）——", ""),
    ],
)
def test_pinyin_of_a_text(text: str, line: str) -> None:
    assert spell(text) == line


def test_every_reading_of_polyphones_is_kept_the_usual_first() -> None:
    assert variants(spell("长乐")) == ["chang le", "zhang le", "chang yue", "zhang yue"]
    assert len(variants(spell("重长乐行单解"))) == MOST_VARIANTS


def test_cells_are_name_aliases_address_in_lines() -> None:
    assert spell_cells("甲", "乙;丙", "丁") == "jia\nyi\nbing\nding"
    assert spell_cells("甲", "", None) == "jia\n"


@pytest.mark.parametrize(
    "word", ["隆福寺", "灯市口", "亮马河", "潘家园", "织染街道", "槐荫", "豆腐胡同"]
)
def test_plain_words_are_spelled_as_pypinyin_does(word: str) -> None:
    assert spell(word).split() == lazy_pinyin(word)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ＫＦＣ 驛站", ("kfc", "驿站")),  # noqa: RUF001 - wide letters are what is tested
        ("东四（北大街）", ("东四", "北大街")),
        ("Lǜ lóng", ("lv", "long")),
        ("東岸醫院·甲", ("东岸医院", "甲")),
        ("乾隆", ("乾隆",)),
        ("a\0b", ("a", "b")),
    ],
)
def test_what_looks_the_same_folds_to_the_same(text: str, words: tuple[str, ...]) -> None:
    assert fold_words(text) == words


@pytest.mark.parametrize(
    "word",
    [
        "工会户外劳动者服务站点", "工会驿站", "户外劳动者驿站", "爱心驿站", "暖心驿站", "暖新驿站",
        "职工驿站", "小哥驿站", "骑手驿站", "爱心接力站", "暖蜂驿站", "爱心驿家", "城管驿站",
        "劳动者港湾", "司机之家", "户外劳动者暖心驿站", "驿站",
    ],
)  # fmt: skip
def test_the_many_words_for_a_station_are_none_of_its_name(word: str) -> None:
    assert split_off(word) == ()
    assert split_off(f"东四{word}") == ("东四",)
    assert ends_of(f"东四{word}") == (0, len(word))
    assert ends_of(word) == (0, 0)
    assert split_off(spell(word).replace(" ", "")) == ()
    assert split_off("dongsi" + spell(word).replace(" ", "")) == ("dongsi",)


@pytest.mark.parametrize(
    "word", ["爱心饮水点", "奉茶点", "联合工会", "职工之家", "充电点", "驿马路", "港湾"]
)
def test_words_for_other_things_stay(word: str) -> None:
    assert split_off(word) == (word,)


def test_half_a_word_for_a_station_at_the_end_can_be_left_out() -> None:
    assert trimmed("东四爱心") == "东四"
    assert trimmed("dongsiaixin") == "dongsi"
    assert trimmed("爱心") == "爱心"
