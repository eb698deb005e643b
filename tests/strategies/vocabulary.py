"""The words that random machines are made of."""

from __future__ import annotations

from tests.oracle import Data

STATES = (
    *("IDLE", "OPEN", "CLOSED", "PENDING", "ACTIVE", "FAILED", "REVIEW", "SHIPPED"),
    *("LOADING", "PAUSED", "BILLED", "DRAFT", "LISTEN", "APPROVED", "RETIRED"),
)
ODD_STATES = ("openOrder", "work.Item", "x:y", "a-b-c", "ON", "No", "class", "None")
TRIGGERS = ("go", "fill", "ack", "cancel", "retry", "submit", "tick", "reject")
ODD_TRIGGERS = ("cancelOrder", "order.sent", "step:two", "re-open", "import", "OFF")
REGIONS = ("left", "right", "main", "aux")
ODD_REGIONS = ("up:down", "b.1", "IDLE", "Z")
SERVICES = ("fetch", "Render.All", "poll")
ACTIONS: dict[str, Data] = {
    "notify": {},
    "audit": {"code": 7, "ok": True},
    "log": {"level": "info"},
    "Send.Mail": {},
}
POSITIVE_GUARDS: dict[str, Data] = {"g0": {}, "g1": {"limit": 1}, "g4": {}}
NEGATED_GUARDS: dict[str, Data] = {"g2": {}, "g3": {"tag": "x", "deep": True}}

COLOURS = ("red", "green", "blue")
VARIABLES: dict[str, object] = {
    "count": {"type": "integer", "default": 0},
    "qty": {"type": "integer", "required": True},
    "price": {"type": "number", "default": 1.5},
    "label": {"type": "string", "default": ""},
    "flag": {"type": "boolean", "default": False},
    "mode": {"type": {"enum": list(COLOURS)}, "default": "red"},
    "note": {"type": "string?"},
    "limit": {"type": "integer"},
    "seen": {"type": "datetime?"},
    "items": {"type": "list[integer]", "default": []},
}
PAYLOAD: dict[str, object] = {
    "amount": "integer",
    "reason": "string?",
    "urgent": {"type": "boolean", "required": True},
    "qty": "integer",
    "price": {"type": "number", "default": 2.5},
    "note": "string?",
    "label": "string",
    "mode": {"type": {"enum": list(COLOURS)}},
}
RAISABLE = ("reason", "price", "note")
"""The fields that an event may leave out, so that its trigger can be raised."""
CONDITIONS = (
    *("qty >= 3", "count < 2", "price > 1.5", 'label == "ab"', "flag", "not flag"),
    *('mode == "red"', 'mode in ("red", "green")', "limit == 2", "1 < qty <= 4"),
    *("note is not None and len(note) > 1", "limit is None or limit > 2"),
    *("len(items) < 3", "3 in items", "contains(items, 4)", "qty + count * 2 >= 4"),
    *("min(qty, count) > 0", "max(qty, 2) == qty", "abs(qty - 3) <= 1"),
    *("qty > 1 if flag else count > 1", 'startswith(label, "a")', "seen is None"),
    *('lower(label) == "ab"', 'contains(label, "b")', "10 // qty > 2"),
    *("count % 2 == 0", "round(price) == 2", "ctx.qty > 2 or ctx.flag", "-qty < 1"),
    *("price / 2 < 1.5 and not (qty == 2)", 'label + "b" != "ab"'),
)
PAYLOAD_CONDITIONS = {
    "amount": ("amount > 2", "event.amount >= qty", "amount + count == 3"),
    "reason": ('reason is None or startswith(reason, "x")', "event.reason == label"),
    "urgent": ("urgent", "event.urgent or flag"),
    "qty": ("event.qty > 2", "event.qty != ctx.qty"),
}
CHECKS: tuple[Data, ...] = (
    {"field": "qty", "op": "gte", "value": 3},
    {"field": "qty", "op": "lt", "value": 4},
    {"field": "ctx.count", "op": "lte", "value": 2},
    {"field": "price", "op": "gt", "value": 1.5},
    {"field": "label", "op": "neq", "value": "ab"},
    {"field": "flag", "op": "eq", "value": True},
    {"field": "mode", "op": "in", "values": ["red", "blue"]},
    {"field": "mode", "op": "not_in", "values": ["green"]},
    {"field": "note", "op": "is_set"},
    {"field": "limit", "op": "is_null"},
)
EFFECTS: tuple[Data, ...] = (
    {"set": {"label": "ab"}},
    {"set": {"qty": 3, "flag": True}},
    {"set": {"qty": {"expr": "qty + 1"}}},
    {"set": {"flag": {"expr": "not flag"}}},
    {"set": {"limit": {"expr": "count + 1"}, "mode": "green"}},
    {"set": {"price": {"expr": "price - 0.5"}}},
    {"set": {"note": {"expr": "label"}}},
    {"set": {"count": {"expr": "0 if count > 20 else count"}}},
    {"timestamp": "seen"},
    {"increment": "count"},
    {"increment": "price"},
    {"decrement": "qty"},
    {"append": {"field": "items", "value": 3}},
    {"clear": "note"},
    {"clear": "limit"},
)
DELAYS = (1, 250, "500ms", "1.5s", "10m", "1h", "2d")
