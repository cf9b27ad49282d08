"""Which column of a foreign table is which field: exact names first, then known other names.

Positions depend on the datum asked for: with gcj02 the columns ``lng_gcj02, lat_gcj02`` go before
plain ``lng, lat``, and columns of another datum are never taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo.coords import DATUMS, named_datum
from geo.errors import SourceFormatError
from geo.stations.schema import FIELD_BY_NAME, FIELD_NAMES, REQUIRED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pandas import DataFrame

ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "code": ("station_id", "id", "编号", "编码", "站点编号"),
    "name": ("名称", "站点名称", "驿站名称", "站名", "title"),
    "aliases": ("别名", "alias"),
    "kind": ("类型", "站点类型", "类别"),
    "status": ("状态", "站点状态"),
    "lon": ("lng", "longitude", "long", "x", "经度"),
    "lat": ("latitude", "y", "纬度"),
    "address": ("地址", "详细地址", "站点地址"),
    "district": ("区", "行政区", "区县", "所属区", "所属区县"),
    "subdistrict": ("街道", "所属街道", "街道乡镇", "乡镇街道", "镇街"),
    "host": ("依托单位类型", "场所类型"),
    "mode": ("建设方式", "共建方式"),
    "audience": ("服务对象",),
    "hours": ("opening_hours", "开放时间", "服务时间", "营业时间"),
    "entry_mode": ("进入方式", "入站方式"),
    "amenities": ("设施", "服务设施", "设施设备"),
    "area_m2": ("面积", "面积(平方米)", "面积（平方米）", "建筑面积"),
    "capacity": ("容纳人数", "座位数"),
    "floor": ("楼层",),
    "phone_public": ("电话", "联系电话", "服务电话", "phone"),
    "contact": ("联系人",),
    "manager": ("负责人", "管理员", "站长"),
    "opened_on": ("建成时间", "启用时间", "开放日期"),
    "source": ("来源", "数据来源"),
    "note": ("备注", "说明"),
}


def find_columns(
    header: Sequence[str], *, columns: Mapping[str, str], datum: str, source: str
) -> dict[str, str]:
    """Return the column that holds each field.

    Parameters
    ----------
    header : sequence of str
        Column names of the file; white space around them and case do not count for aliases.
    columns : mapping of str to str
        FIELD to COLUMN as the user said; goes before everything else.
    datum : str
        ``wgs84``, ``gcj02`` or ``bd09``; chooses among ``lng_wgs84``, ``lng_gcj02`` and so on.
    source : str
        File name for messages.

    Returns
    -------
    dict of str to str
        Field to column of ``header``; a column may serve several fields only by ``columns``.

    Raises
    ------
    SourceFormatError
        ``columns`` names an unknown field or a column the file lacks; two columns have the same
        name; or name, longitude or latitude are in no column.
    """
    _require_distinct(header, source)
    unknown = sorted(set(columns) - set(FIELD_NAMES))
    if unknown:
        msg = f"--map: no field is called {', '.join(unknown)}; fields are {', '.join(FIELD_NAMES)}"
        raise SourceFormatError(msg)
    absent = sorted(set(columns.values()) - set(header))
    if absent:
        msg = f"{source} has no column {', '.join(absent)}; it has {_listed(header)}"
        raise SourceFormatError(msg)
    found = dict(columns)
    free = [column for column in header if column and column not in columns.values()]
    folded = {column.strip().casefold(): column for column in reversed(free)}
    folded |= {column: column for column in free}  # of Name and name, the exact one
    for field in FIELD_NAMES:
        names = (*_positions(field, datum), field, *ALIASES.get(field, ()))
        column = next((folded[name] for name in names if name in folded), None)
        if column is not None and field not in found:
            found[field] = column
    for field in ("lon", "lat"):
        said = named_datum(found.get(field, ""))
        if said not in {None, datum}:
            msg = f"{source}: the column {found[field]} says {said}, not {datum}; "
            msg += f"give --datum {said}"
            raise SourceFormatError(msg)
    missing = [field for field in REQUIRED if field not in found]
    if missing:
        msg = f"{source} has no column for {', '.join(missing)}; it has {_listed(header)}. "
        msg += _other_datum(header, datum) or f"name it with --map {missing[0]}=COLUMN"
        raise SourceFormatError(msg)
    return found


def rename_columns(frame: DataFrame, found: Mapping[str, str]) -> DataFrame:
    """Return the frame with its fields under their names, then the columns that are no field.

    A column that has a field's name but lost against another (``lon`` beside ``lng_gcj02``) is
    left out.
    """
    extra = [c for c in frame.columns if c not in found.values() and c not in FIELD_BY_NAME]
    renamed = frame[[*found.values(), *extra]]
    return renamed.set_axis([*found, *extra], axis="columns")


def _other_datum(header: Sequence[str], datum: str) -> str:
    """Return a remedy when the positions are there, but in columns of another datum."""
    names = [column.strip().casefold() for column in header]
    for other in DATUMS:
        if other != datum and any(name in names for name in _positions("lon", other)):
            return f"its positions are in {other}: choose the datum {other}"
    return ""


def _positions(field: str, datum: str) -> tuple[str, ...]:
    """Return the column names that say their datum, for lon and lat only."""
    stems = {"lon": ("lng", "lon"), "lat": ("lat",)}.get(field, ())
    return tuple(f"{stem}_{datum}" for stem in stems)


def _require_distinct(header: Sequence[str], source: str) -> None:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        msg = f"{source} has the column {', '.join(twice)} more than once; rename or remove one"
        raise SourceFormatError(msg)


def _listed(header: Sequence[str]) -> str:
    return ", ".join(name for name in header if name) or "no column names at all"
