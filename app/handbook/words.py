"""How receipts of handbooks read in the reader's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.handbook.rules import ReceiptState

STATES = {
    ReceiptState.CURRENT: _l("已签收"),
    ReceiptState.OLD: _l("签收的是旧文本"),
    ReceiptState.MISSING: _l("没有签收"),
}
LOOKS = {ReceiptState.CURRENT: "ok", ReceiptState.OLD: "warn", ReceiptState.MISSING: "bad"}
