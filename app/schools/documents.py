"""What is taken away about an import: one line for each row of the list."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.core.tables import write_report
from app.imports.models import Decision, ImportRow, ImportRun, ImportState, Outcome, Verdict
from app.schools import labels
from app.schools.remarks import sentence


def reasons(row: ImportRow) -> list[str]:
    """Why a row is what it is, in sentences; changes as old → new."""
    found = [sentence(remark) for remark in row.remarks]
    found += [
        f"{labels.field_word(name)}: {labels.value_word(name, pair[0])} → {labels.value_word(name, pair[1])}"
        for name, pair in row.content["changes"].items()
    ]
    outcome = row.outcome or (row.expected if row.decision else None)
    if row.verdict == Verdict.LIKELY and outcome == Outcome.DUPLICATE:
        found.append(sentence(("left" if row.decision == Decision.LEAVE else "undecided", {})))
    if row.verdict == Verdict.CHANGED and outcome == Outcome.LEFT:
        found.append(sentence(("left" if row.decision == Decision.LEAVE else "not_applied", {})))
    return found


def report(run: ImportRun, rows: Sequence[ImportRow], *, kind: str) -> bytes:
    """The report as XLSX or CSV: before writing what would become of each row, afterwards what became of it."""
    headings = [_("行号"), _("学校名称"), _("代码"), _("结果"), _("说明")]
    lines = (
        [
            row.number,
            row.name,
            row.content["values"].get("external_code", ""),
            str(labels.OUTCOMES[row.outcome] if row.outcome else labels.EXPECTED[row.expected]),
            "\n".join(reasons(row)),
        ]
        for row in rows
    )
    title = _("导入结果") if run.state == ImportState.WRITTEN else _("核对结果")
    return write_report(headings, lines, kind=kind, sheet=title)
