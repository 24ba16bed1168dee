"""The statement of an extract, from what the portal asks for and the policy in force.

`datasets.json` beside this file holds the SQL of the datasets and masks, made from `lib/domain/extracts`. A test compares what this
module returns with what `extractQuery` there returns. Only Python's own modules are imported here.
"""

import json
import os
import re
from datetime import datetime, timedelta, timezone

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
TENANT = re.compile(r"[a-z0-9](-?[a-z0-9])+")


class Refused(Exception):
    """Why no statement is built for a request, in a sentence that quotes no value of a row."""


def load():
    """The content of `datasets.json`, which Glue puts into the working directory (`--extra-files`)."""
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "datasets.json")
    with open(beside if os.path.exists(beside) else "datasets.json", encoding="utf-8") as file:
        return json.load(file)


def extract_statement(catalog, order, policy, row_limit=None):
    """`{"statement", "values", "columns"}` for `order`, under `policy`, a mask by column.

    Under a `row_limit`, the statement gives one row more at most: whoever runs it fails if it does.

    `order` is the manifest as the portal sends it: `tenant`, `dataset`, `format`, `columns`, `range`, `asOf`. The statement has
    placeholders `$1` … for the values. Raises Refused for anything that the dataset or the policy does not offer.
    """
    dataset = catalog["datasets"].get(_text(order, "dataset"))
    layout = _text(order, "format")
    if dataset is None or layout not in dataset["formats"]:
        raise Refused("The dataset is not available in this format.")
    offered = _offered(catalog, dataset, policy)
    columns = _chosen(dataset, layout, offered, _names(order))
    masked = {column["name"]: _masked(catalog, dataset, column) for column in offered}
    conditions = ([dataset["where"]] if dataset["where"] else []) + _range(dataset, offered, order)
    where = "\nWHERE " + " AND ".join(conditions) if conditions else ""
    ordered = ", ".join(masked[name] for name in _sorted_by(dataset, offered))
    select = ", ".join(f'{masked[column["name"]]} AS "{column["name"]}"' for column in columns)
    sql = f'SELECT {select}\nFROM {dataset["from"]}{where}' + (f"\nORDER BY {ordered}" if ordered else "")
    if row_limit is not None:
        sql += f"\nLIMIT {int(row_limit) + 1}"
    return {**_bound(catalog, sql, _values(catalog, dataset, order)), "columns": columns}


def _text(order, name):
    value = order.get(name)
    if not isinstance(value, str):
        raise Refused(f"The request has no {name}.")
    return value


def _names(order):
    columns = order.get("columns")
    if not isinstance(columns, list) or not all(
        isinstance(column, dict) and isinstance(column.get("name"), str) for column in columns
    ):
        raise Refused("The request has no columns.")
    return [column["name"] for column in columns]


def _offered(catalog, dataset, policy):
    """The columns that the policy permits, with the type and mask with which they leave the CRM."""
    offered = []
    for column in dataset["columns"]:
        mask = policy.get(column["name"])
        masking = catalog["masks"][column["type"]].get(mask) if isinstance(mask, str) else None
        if masking is not None:
            offered.append({"name": column["name"], "type": masking["type"], "mask": mask})
    return offered


def _chosen(dataset, layout, offered, names):
    known = [column["name"] for column in offered]
    if any(name not in known for name in names):
        raise Refused("The policy in force withholds a column that the request names.")
    label = dataset["target"] if layout == "xgboost" else None
    chosen = [column for column in offered if column["name"] in names or column["name"] == label]
    if layout == "xgboost":
        chosen = [column for column in chosen if column["type"] in ("int", "float") and column["mask"] != "redact"]
        chosen.sort(key=lambda column: column["name"] != dataset["target"])
    if label is not None and (not chosen or chosen[0]["name"] != label):
        raise Refused("The policy withholds the label, which this format requires.")
    if len(chosen) == (0 if label is None else 1):
        raise Refused("The request names no column that this format can hold.")
    return chosen


def _masked(catalog, dataset, column):
    raw = next(each for each in dataset["columns"] if each["name"] == column["name"])
    return catalog["masks"][raw["type"]][column["mask"]]["sql"].replace("{value}", raw["sql"])


def _range(dataset, offered, order):
    """The conditions of the date range, which may filter only by a column that is not masked."""
    given = [bound for bound in ("from", "before") if _range_of(order)[bound] is not None]
    if dataset["dated"] is None or not given:
        return []
    if not any(column["name"] == dataset["dated"] and column["mask"] == "none" for column in offered):
        raise Refused(f"The extract policy masks {dataset['dated']}, so no date range may filter by it.")
    raw = next(column["sql"] for column in dataset["columns"] if column["name"] == dataset["dated"])
    return [f"{raw} {'>=' if bound == 'from' else '<'} {{{bound}}}" for bound in given]


def _sorted_by(dataset, offered):
    """The key as masked and, where that does not tell rows apart, every other column."""
    telling = {column["name"]: column["mask"] for column in offered if column["mask"] != "redact"}
    key = [name for name in dataset["key"] if name in telling]
    if len([name for name in key if telling[name] in ("none", "hash")]) == len(dataset["key"]):
        return key
    return key + [name for name in telling if name not in dataset["key"]]


def _values(catalog, dataset, order):
    """The values of the parameters that the request has."""
    tenant = _text(order, "tenant")
    if not TENANT.fullmatch(tenant):
        raise Refused("The request names no tenant.")
    if not dataset["takesDate"]:
        if order.get("asOf") is not None:
            raise Refused("The dataset has no date.")
        return {"tenant": tenant, **{key: value for key, value in _range_of(order).items() if value is not None}}
    if order.get("asOf") is None:
        raise Refused("The request has no date.")
    as_of = _instant(order["asOf"])
    horizon = timedelta(days=catalog["horizonDays"])
    day = datetime.strptime(as_of, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    return {
        "tenant": tenant,
        "asOf": as_of,
        "windowStart": _iso(day - horizon),
        "day": day.strftime("%Y-%m-%d"),
        "end": _iso(day + horizon),
    }


def _range_of(order):
    given = order.get("range")
    if not isinstance(given, dict):
        raise Refused("The request has no range.")
    return {name: None if given.get(name) is None else _instant(given[name]) for name in ("from", "before")}


def _instant(value):
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        raise Refused("The request holds a date that the job can’t read.")
    return value


def _iso(at):
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _bound(catalog, sql, given):
    """`sql` with placeholders for its parameters, in the catalog's order, and their values."""
    values = []
    for name, kind in catalog["parameters"]:
        if f"{{{name}}}" not in sql:
            continue
        values.append({"type": kind, "value": given[name]})
        sql = sql.replace(f"{{{name}}}", f"${len(values)}::{kind}")
    return {"statement": sql, "values": values}
