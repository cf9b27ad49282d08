"""The order of the hits: where a word stands, in which text, and how far away."""

from __future__ import annotations

import numpy as np

from geo.search import MISS, Index, Texts, best_rows, read_question
from tests.search.shelves import found_by, names_index


def test_exact_before_begin_before_a_words_begin_before_inside() -> None:
    names = ("大新桥边驿站", "甲（新桥）乙驿站", "新桥北驿站", "新桥爱心驿站", "新桥")
    assert found_by("新桥", *names) == list(reversed(names))


def test_of_two_that_are_the_same_but_for_the_word_the_one_that_was_typed_is_first() -> None:
    assert found_by("新桥暖心驿站", "新桥爱心驿站", "新桥暖心驿站")[0] == "新桥暖心驿站"


def test_a_name_may_begin_with_the_word_for_a_station() -> None:
    assert found_by("新桥", "新桥头驿站", "工会驿站（新桥）")[0] == "工会驿站（新桥）"


def test_name_alias_area_address_pinyin_initials_in_this_order() -> None:
    texts = Texts(
        names=["a", "b", "c", "d", "星桥", "x"],
        aliases=["", "新桥", "", "", "", ""],
        areas=["", "", "新桥街道", "", "", ""],
        addresses=["", "", "", "新桥路1号", "", ""],
        spelled=[
            "xin qiao\n",
            "b\nxin qiao\n",
            "c\n",
            "d\nxin qiao lu 1 hao",
            "xing qiao\n",
            "x\n",
        ],
    )
    index = Index(texts)
    ranks = index.ranks(read_question("新桥")).tolist()
    assert ranks[1] < ranks[2] < ranks[3] < MISS
    assert [rank for rank in ranks if rank == MISS] == [MISS] * 3
    spelled = index.ranks(read_question("xinqiao")).tolist()
    assert spelled[0] < spelled[1] < spelled[2] < spelled[3] < spelled[5] == MISS
    assert spelled[4] == MISS  # xing is not xin
    short = index.ranks(read_question("xq")).tolist()
    assert spelled[3] < short[0] < short[1] < MISS


def test_pinyin_that_is_damaged_or_missing_is_made_anew_or_does_no_harm() -> None:
    spelled = ["", "x", "新\n", "XIN-\n", "xin qiao\n"]
    texts = Texts(["新桥"] * 5, [""] * 5, [""] * 5, [""] * 5, spelled)
    found = Index(texts).ranks(read_question("xinqiao")) < MISS
    assert found.tolist() == [True, True, True, False, True]


def test_words_may_stand_in_different_texts_and_must_all_be_found() -> None:
    texts = Texts(["新桥", "新桥"], ["", ""], ["甲区", "乙区"], ["", "东路"], ["", ""])
    ranks = Index(texts).ranks(read_question("新桥 乙区 东路"))
    assert (ranks < MISS).tolist() == [False, True]
    assert (Index(texts).guesses(read_question("新桥 丙街")) == MISS).all()


def test_letters_parted_by_spaces_are_one_word_before_they_are_several() -> None:
    assert found_by("xin qiao", "桥新", "新桥") == ["新桥"]
    assert found_by("qiao xin", "新大桥") == ["新大桥"]


def test_signs_that_nobody_types_do_not_part_a_name() -> None:
    assert found_by("便利东四店", "每时便利（东四店）驿站") == ["每时便利（东四店）驿站"]


def test_ties_stand_by_distance_or_in_their_order() -> None:
    ranks = np.array([2, 2, 1, MISS, 2], dtype=np.uint16)
    lon = np.array([116.5, 116.4, 117.0, 116.4, 116.4])
    lat = np.full(5, 40.0)
    assert best_rows(ranks, lon, lat).tolist() == [2, 0, 1, 4]
    assert best_rows(ranks, lon, lat, near=(116.41, 40.0)).tolist() == [2, 1, 4, 0]
    assert best_rows(ranks, lon, lat, limit=2, near=(116.41, 40.0)).tolist() == [2, 1]
    assert best_rows(ranks, lon, lat, limit=3).tolist() == [2, 0, 1]


def test_distance_is_that_of_the_globe_also_across_the_date_line() -> None:
    ranks = np.zeros(3, dtype=np.uint16)
    lon, lat = np.array([179.0, -179.9, 0.0]), np.array([0.0, 0.0, 89.0])
    assert best_rows(ranks, lon, lat, near=(179.9, 0.0)).tolist() == [1, 0, 2]


def test_an_index_of_nothing_answers() -> None:
    index = names_index()
    for words in ("新桥", "xinqiao", "", "x"):
        assert index.ranks(read_question(words)).tolist() == []
        assert index.guesses(read_question(words)).tolist() == []


def test_more_than_a_question_can_hold_is_cut() -> None:
    question = read_question("甲 " * 60)
    assert len(question.core) == 8
    assert len("".join(read_question("甲" * 500).core)) == 80
    assert len("".join(read_question("Ⅷ" * 80).core)) == 80  # each folds into four letters


def test_characters_beyond_the_basic_plane_are_found() -> None:
    assert found_by("𠮷野", "𠮷野家驿站", "吉野家驿站") == ["𠮷野家驿站"]
    assert found_by("\ud842新桥", "新桥", "甲") == ["新桥"]  # half a character
