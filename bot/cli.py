"""The command `lianluo`. Each command imports what it needs when it runs, so that `--help` is quick."""

# ruff: noqa: PLC0415 (imports inside the commands are the point)
from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bot.errors import UserError

if TYPE_CHECKING:
    from bot.settings import Settings

INTERRUPTED = 130  # what a shell expects of a program stopped by Ctrl-C
INTERNAL = 70  # EX_SOFTWARE: the fault is in the program

# The base of all usage errors is public only through its children: typer may ship its own click.
UsageFault = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")

app = typer.Typer(
    name="lianluo",
    help="联络: a clerk for medical liaison groups: triage, a hospital, reminders until a person closes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
site_app = typer.Typer(help="Site packs: what one place knows.", no_args_is_help=True, rich_markup_mode=None)
db_app = typer.Typer(help="The database.", no_args_is_help=True, rich_markup_mode=None)
pass_app = typer.Typer(help="Passes (通行证): verify and print.", no_args_is_help=True, rich_markup_mode=None)
medicines_app = typer.Typer(help="Medicine requests.", no_args_is_help=True, rich_markup_mode=None)
dialysis_app = typer.Typer(
    help="The register of dialysis patients.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(dialysis_app, name="dialysis")
app.add_typer(site_app, name="site")
app.add_typer(pass_app, name="pass")
app.add_typer(db_app, name="db")
ledger_app = typer.Typer(help="Past matters kept elsewhere.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(ledger_app, name="ledger")
app.add_typer(medicines_app, name="medicines")

Site = Annotated[str | None, typer.Option("--site", metavar="S", help="Site pack: a name under data/sites.")]
Engine = Annotated[
    str | None,
    typer.Option(
        "--engine", metavar="rasa|builtin", help="`rasa` asks the trained model, `builtin` needs no Rasa."
    ),
]
Db = Annotated[
    str | None, typer.Option("--db", metavar="URL", help="Database, as sqlite:///file or postgresql://…")
]


@app.command()
def run(
    site: Site = None,
    channel: Annotated[
        list[str] | None,
        typer.Option("--channel", metavar="web|wechaty|http", help="May be given several times."),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address the page listens on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port the page listens on.")] = None,
    db: Db = None,
) -> None:
    """Run the service."""
    settings = _settings(site=site, host=host, port=port, db_url=db, channels=_joined(channel))
    from bot import service

    _finish(service.run(settings, settings.site, settings.channels))


@app.command()
def analyse(site: Site = None, engine: Engine = None) -> None:
    """Understand messages.

    JSON lines {"id", "text", "at"} on standard input, one result a line on standard output.
    """
    settings = _settings(site=site, engine=engine)
    from bot import analyse as command

    _finish(command.main(settings, sys.stdin.buffer, sys.stdout.buffer, _say))


@app.command()
def replay(site: Site = None, engine: Engine = None, db: Db = None) -> None:
    """Play a scripted chat on a virtual clock.

    JSON lines on standard input, against the real application; posts and states on standard output.
    """
    settings = _settings(site=site, engine=engine)
    from bot import replay as command

    _finish(command.main(settings.site, settings.engine, db, sys.stdin, sys.stdout, say=_say))


@app.command()
def train(
    force: Annotated[bool, typer.Option("--force", help="Train although nothing changed.")] = False,
) -> None:
    """Train the Rasa model when its inputs changed.

    Models are kept under models/ by the content of what they were made from.
    """
    settings = _settings()
    from bot import training

    model = training.train(settings, say=_say, force=force)
    _say(f"model: {os.path.relpath(model)}")


@app.command()
def rasa() -> None:
    """Run the Rasa server alone, in the foreground.

    It listens at LIANLUO_RASA_URL; run, analyse and replay use it when it answers.
    """
    settings = _settings()
    from bot import rasa_server

    _finish(rasa_server.foreground(settings, say=_say))


@app.command()
def bench() -> None:
    """Measure the performance table of README."""
    settings = _settings()
    from bot import bench as command

    _finish(command.main(settings))


@app.command()
def figures(
    site: Site = None,
    db: Db = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; without it today.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE.xlsx", help="Also write a workbook.")] = None,
) -> None:
    """Count the matters of today, or of some days."""
    settings = _settings(site=site, db_url=db)
    from bot import figures as command

    _finish(command.show(settings, since and since.date(), until and until.date(), out, _say))


@ledger_app.command("import")
def ledger_import(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx")],
    site: Site = None,
    db: Db = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Keep them; without it they are only checked.")
    ] = False,
) -> None:
    """Import matters that have ended, so that the figures count them.

    Headers and what they mean are in data/programmes/ledger.csv.
    """
    settings = _settings(site=site, db_url=db)
    from bot import figures as command

    _finish(command.import_ledger(settings, file, apply=apply, say=_say))


@medicines_app.command("list")
def medicines_list(
    site: Site = None,
    day: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="The morning of the list; today.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.xlsx", help="Write an Excel file instead.")
    ] = None,
    db: Db = None,
) -> None:
    """The morning's list, medicine by medicine, as it stands now."""
    settings = _settings(site=site, db_url=db)
    from bot import medicines as command

    _finish(command.main(settings.site, settings.database, day, out))


@site_app.command("check")
def site_check(
    site: Annotated[str | None, typer.Argument(metavar="[S]", help="Name under data/sites.")] = None,
) -> None:
    """Check a site pack, naming file, line and fault."""
    settings = _settings(site=site)
    from actions import site_check as command

    faults = command.check(settings.site)
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        raise typer.Exit(1)
    print(f"{settings.site}: no faults")


@site_app.command("import")
def site_import(
    workbook: Annotated[
        Path, typer.Argument(metavar="FILE.xlsx", help="Workbook, as `site export` writes it.")
    ],
    site: Site = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write the pack's files.")] = False,
) -> None:
    """Show what a workbook would change in a site pack; with --apply, change it.

    Sheets 机构, 街镇, 群, 成员, 值班, any of them. A workbook with a fault changes nothing.
    """
    settings = _settings(site=site)
    from actions import site_import as command

    plan = command.plan_import(workbook, _pack_folder(settings.site))
    for note in plan.notes:
        _say(f"note: {note}")
    for change in plan.changes:
        print(change)
    for fault in plan.faults:
        print(fault, file=sys.stderr)
    if plan.faults:
        _say(f"{settings.site}: {len(plan.faults)} faults, nothing was written")
        raise typer.Exit(1)
    written = command.write(plan) if apply else []
    done = "written; restart the service to use it" if written else "nothing was written"
    hint = "" if apply or not plan.texts else ", add --apply to write it"
    print(f"{settings.site}: {plan.summary()}; {done}{hint}")


@site_app.command("export")
def site_export(
    workbook: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE.xlsx]", help="The new workbook; <site>.xlsx when not given."),
    ] = None,
    site: Site = None,
    empty: Annotated[bool, typer.Option("--empty", help="Only headers, choices and explanations.")] = False,
) -> None:
    """Write a site pack as an Excel workbook, to be filled in and imported."""
    settings = _settings(site=site)
    from actions import site_export as command

    target = workbook or Path(f"{settings.site}.xlsx")
    rows = command.export(_pack_folder(settings.site), target, empty)
    print(f"{target}: {rows} rows")


def _pack_folder(site: str) -> Path:
    """The folder of a site pack. Raises SiteError when there is none."""
    from actions.site import SITES, SiteError, available_sites
    from actions.site_read import not_a_pack

    if site not in available_sites():
        mend = f"make data/sites/{site}/site.yml first" if site.isidentifier() else "use --site"
        raise SiteError(f"{not_a_pack(site, available_sites())}; {mend} (docs/site.md)")
    return SITES / site


@site_app.command("explain")
def site_explain(
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help="A report as it is posted in a room.")],
    site: Site = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When, as 2022-04-04T09:12; else now.")
    ] = None,
    db: Db = None,
) -> None:
    """Show which hospitals a message leads to, what counted for each, and who was left out why.

    With --db what is closed and how busy each hospital is comes from that database.
    """
    settings = _settings(site=site)
    from bot import explain as command

    _finish(command.main(settings.site, message, at, db))


@db_app.command("upgrade")
def db_upgrade(db: Db = None) -> None:
    """Bring the database to the newest form (done by itself at start too)."""
    settings = _settings(db_url=db)
    from bot import database

    database.open_database(settings.database).dispose()
    _say("database is up to date")


@dialysis_app.callback()
def _dialysis() -> None:
    """The register of dialysis patients."""


@dialysis_app.command("import")
def dialysis_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An Excel file (.xlsx), headers in Chinese.")],
    apply: Annotated[bool, typer.Option("--apply", help="Write what the preview shows.")] = False,
    site: Site = None,
    db: Db = None,
) -> None:
    """Import patients from Excel: a preview, faults with row and column; written with --apply."""
    settings = _settings(site=site, db_url=db)
    from bot import dialysis

    _finish(dialysis.import_file(settings, file, apply=apply))


@pass_app.command("verify")
def pass_verify(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The scanned text, or the serial number.")],
    site: Site = None,
    db: Db = None,
) -> None:
    """Say whether a pass holds: valid, not_today, not_yet, expired, withdrawn, altered or unknown."""
    settings = _settings(site=site, db_url=db)
    from bot import passes

    _finish(passes.verify(settings, code))


@pass_app.command("print")
def pass_print(
    serial: Annotated[str, typer.Argument(metavar="SERIAL", help="Its number, as T220331-001.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to: a name in .png or .pdf.")],
    site: Site = None,
    db: Db = None,
) -> None:
    """Write a pass for printing."""
    settings = _settings(site=site, db_url=db)
    from bot import passes

    _finish(passes.print_pass(settings, serial, out))


def _settings(**given: object) -> Settings:
    from bot import logs
    from bot.settings import load

    settings = load(**given)
    logs.configure(settings.log_level, settings.log_format)
    return settings


def _joined(names: list[str] | None) -> str | None:
    return ",".join(names) if names else None


def _say(line: str) -> None:
    """One line of progress; standard output is kept for results."""
    print(line, file=sys.stderr, flush=True)


def _finish(status: int | None) -> None:
    if status:
        raise typer.Exit(status)


def main() -> NoReturn:
    """Entry of the installed command. Files and pipes are UTF-8, whatever the locale says."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "strict"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)
    sys.exit(_status_of(lambda: app(standalone_mode=False)))


def _status_of(call: Callable[[], Any]) -> int:
    """Run a command; every error becomes one line on standard error and a status that is not 0."""
    try:
        status = call()
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        return _complain("stopped", INTERRUPTED)
    except BrokenPipeError:  # the reader went away: nothing more to say to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        return _explain(error)
    return status if isinstance(status, int) else 0


def _explain(error: Exception) -> int:
    """Say in one line what went wrong; the status to leave with."""
    if isinstance(error, UserError):
        return _complain(str(error), error.status)
    if isinstance(error, UsageFault):
        return _usage(error)
    return _complain(str(error), 1) if _is_in_tables(error) else _complain(_internal(error), INTERNAL)


def _usage(error: Any) -> int:
    """A command line that is not one: the help when nothing was asked, else one line."""
    message: str = error.format_message()
    if "\n" in message:
        print(message, file=sys.stderr)
        return int(error.exit_code)
    return _complain(message, error.exit_code)


def _is_in_tables(error: Exception) -> bool:
    """Whether it is a fault in a file that people write, which names file, line and mend itself."""
    from actions.site_types import SiteError
    from nlu.tables import TableError

    return isinstance(error, SiteError | TableError)


def _internal(error: Exception) -> str:
    """One line about a fault of the program; where it happened, without anybody's words."""
    from bot.logs import places

    if os.environ.get("LIANLUO_DEBUG"):
        import traceback

        traceback.print_exception(error)
    return f"internal error, please report it: {places(error)} (LIANLUO_DEBUG=1 shows more)"


def _complain(message: str, status: int) -> int:
    print(f"lianluo: {' '.join(message.split())}", file=sys.stderr)
    return status


if __name__ == "__main__":
    main()
