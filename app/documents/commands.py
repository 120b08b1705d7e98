"""Commands about papers."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.core.files import digest
from app.documents import composing, kinds, queries, rules
from app.documents.kinds import Copy
from app.documents.rules import Standing

documents = AppGroup("documents", help="Papers: verify a file, make samples, list the faces.")

SENTENCES = {
    Standing.VALID: "genuine and valid",
    Standing.REPLACED: "genuine, but replaced by a later paper",
    Standing.REVOKED: "genuine, but revoked",
    Standing.NOT_YET: "numbered, but not yet issued",
}


@documents.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Say whether FILE is a paper exactly as issued. Example: flask --app app documents verify record.pdf

    Exit status 0 when genuine and valid, 1 otherwise.
    """
    verdict = queries.verdict_by_file(digest(file.read_bytes()))
    if verdict is None:
        click.echo(f"{file}: not genuine: no paper was issued with these bytes, or they were changed.")
        raise SystemExit(1)
    issued = f"{verdict.issued_at:%Y-%m-%d}" if verdict.issued_at else "-"
    click.echo(f"{file}: {SENTENCES[verdict.standing]}.")
    click.echo(
        f"{kinds.title_of(verdict.kind)} {verdict.number}, issued {issued}, {verdict.school_name or 'no school'}"
    )
    click.echo(f"check code {rules.spaced(verdict.check_code)}, data {verdict.digest}")
    raise SystemExit(0 if verdict.standing is Standing.VALID else 1)


@documents.command("samples")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def samples(folder: Path) -> None:
    """Write a sample of every kind of paper in every language. Example: flask --app app documents samples var/samples"""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds.all_kinds():
        for language in kind.languages:
            for copy in kind.file_copies:
                made = composing.sample(kind, language, copy=copy)
                path = folder / f"{kind.code}-{language}{'-archive' if copy is Copy.ARCHIVE else ''}.pdf"
                path.write_bytes(made.pdf)
                click.echo(f"{path}: {made.pages} pages, {len(made.pdf) // 1024} kB")


@documents.command("fonts")
def list_fonts() -> None:
    """Say which faces papers are printed with. Example: flask --app app documents fonts"""
    status = composing.faces()
    for role, family in status.roles.items():
        click.echo(f"{role.removeprefix('XF '):10} {family or 'MISSING'}")
    if status.song_for_fangsong:
        click.echo("FangSong is not to be had: body text is set in Song. `make fonts` tries again.")
    if status.missing:
        click.echo(f"Missing: {', '.join(status.missing)}. `make setup` installs them.")
        raise SystemExit(1)


COMMANDS = (documents,)
