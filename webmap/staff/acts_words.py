"""Acts upon stations in words: what was done, to how many, and through what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext, lazy_gettext, ngettext

from geo.store.batches import BULK, IMPORT, UNDO
from webmap.forms.labels import LABELS
from webmap.words import say_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.store import Batch

KIND_WORDS: Final = {
    "one": lazy_gettext("一个一个改的"),
    IMPORT: lazy_gettext("导入"),
    BULK: lazy_gettext("批量改"),
    UNDO: lazy_gettext("撤销"),
}


def say_batch(batch: Batch) -> str:
    """Return what an act upon many stations was, as its title."""
    if batch.kind == IMPORT:
        return gettext("导入 %(file)s", file=batch.source)
    if batch.kind == BULK:
        words = say_fields(batch.details.get("fields", ()))
        return gettext("批量改：%(what)s", what=say_list(words)) if words else gettext("批量改")
    return _say_undo(batch)


def say_fields(names: Iterable[str]) -> list[str]:
    """Return the words of fields, of those that mean one thing together once."""
    words = {name: str(label) for name, label in LABELS.items()}
    words |= dict.fromkeys(("hours", "hours_text"), gettext("开放时间"))
    words["status_until"] = words["status"]
    words |= dict.fromkeys(("lon", "lat", "source_datum"), gettext("位置"))
    return list(dict.fromkeys(words[name] for name in names if name in words))


def _say_undo(batch: Batch) -> str:
    if "change" in batch.details:
        return gettext("撤销一处改动")
    undone = batch.details.get("undoes_kind", "")
    if undone == IMPORT:
        return gettext("撤销导入 %(file)s", file=batch.source)
    return gettext("撤销批量改") if undone == BULK else gettext("取消一次撤销")


def say_counts(batch: Batch) -> str:
    """Return how many stations an act did what to; "" if it does not say."""
    counts = batch.details
    is_undo = batch.kind == UNDO
    words = []
    if number := counts.get("created"):
        back = ngettext("放回 %(num)s 个", "放回 %(num)s 个", number)
        new = ngettext("新登记 %(num)s 个", "新登记 %(num)s 个", number)
        words.append(back if is_undo else new)
    if number := counts.get("updated"):
        back = ngettext("改回 %(num)s 个", "改回 %(num)s 个", number)
        new = ngettext("改了 %(num)s 个", "改了 %(num)s 个", number)
        words.append(back if is_undo else new)
    if number := counts.get("removed"):
        words.append(ngettext("撤出 %(num)s 个", "撤出 %(num)s 个", number))
    if number := counts.get("unchanged"):
        words.append(ngettext("没有变的 %(num)s 个", "没有变的 %(num)s 个", number))
    if number := counts.get("kept"):
        words.append(
            ngettext("别人改过、没有动的 %(num)s 个", "别人改过、没有动的 %(num)s 个", number)
        )
    return say_list(words)
