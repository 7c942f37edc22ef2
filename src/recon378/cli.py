"""The command line. `recon378 --help` lists the commands; each one imports only what it needs, so that it starts fast."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from polars import DataFrame

    from recon378.settings import Settings
    from recon378_engine.dataset import StoredTable
    from recon378_engine.matching.rulesets.ruleset import Ruleset
    from recon378_engine.progress import OnProgress
    from recon378_engine.reading import Inspection
    from recon378_engine.running.runner import Runner

EXIT_DONE, EXIT_UNUSABLE, EXIT_QUESTION = 0, 2, 3


class Parser(argparse.ArgumentParser):
    """argparse with errors of one line, as scripts expect them."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_UNUSABLE, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 wrong usage or unreadable input, 3 a question is open."""
    options = build_parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except KeyboardInterrupt:
        return fail("stopped by the keyboard", 130)
    except BrokenPipeError:
        return EXIT_DONE


def fail(message: str, code: int = EXIT_UNUSABLE) -> int:
    sys.stderr.write(f"recon378: {message}\n")
    return code


def build_parser() -> Parser:
    parser = Parser(prog="recon378", description="Reconcile two sets of records that should agree.")
    parser.add_argument("--version", action="version", version=f"recon378 {version('recon378')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    add_reconcile(commands)
    add_deduplicate(commands)
    add_inspect(commands)
    add_platform(commands)
    return parser


def add_reconcile(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = commands.add_parser("reconcile", help="match two files and write matches, exceptions and a report")
    command.add_argument("left", type=Path, metavar="LEFT")
    command.add_argument("right", type=Path, metavar="RIGHT")
    command.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for the results; made where it is missing"
    )
    command.add_argument("--rules", type=Path, metavar="RULES.yaml", help="ruleset; without it one is proposed and used")
    command.add_argument("--labels", type=Path, metavar="LABELS.csv", help="decided pairs: left_row,right_row,is_match")
    command.add_argument(
        "--answer",
        action="append",
        default=[],
        type=answer,
        metavar="[left:|right:]KEY=VALUE",
        help="settle a question about either file, or about the one named; may be repeated",
    )
    command.add_argument("--left-id", metavar="COL", help="column written as left_id")
    command.add_argument("--right-id", metavar="COL", help="column written as right_id")
    command.add_argument(
        "--formats", type=format_list, default=("csv", "xlsx"), metavar="csv,xlsx,parquet", help="default: csv,xlsx"
    )
    command.add_argument("--engine", choices=("local", "spark"), default="local", help="what finds and compares candidates")
    command.add_argument("--spark-master", default="local[*]", metavar="URL", help="for --engine spark; default: local[*]")
    command.add_argument("--threads", type=int, default=0, metavar="N", help="default: one for each core")
    command.set_defaults(command=reconcile)


def add_deduplicate(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = commands.add_parser("deduplicate", help="find the records of one file that mean the same")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for the results; made where it is missing"
    )
    command.add_argument("--rules", type=Path, metavar="RULES.yaml", help="ruleset whose left columns are compared")
    command.add_argument("--labels", type=Path, metavar="LABELS.csv", help="decided pairs: left_row,right_row,is_match")
    command.add_argument(
        "--answer", action="append", default=[], type=answer, metavar="KEY=VALUE", help="settle a question; may be repeated"
    )
    command.add_argument("--threads", type=int, default=0, metavar="N", help="default: one for each core")
    command.set_defaults(command=deduplicate)


def add_inspect(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = commands.add_parser("inspect", help="show what the importer sees in a file")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.add_argument("--rows", type=Path, metavar="OUT.ndjson", help="write the typed rows, one JSON object a line")
    command.add_argument(
        "--answer", action="append", default=[], type=answer, metavar="KEY=VALUE", help="settle a question; may be repeated"
    )
    command.set_defaults(command=inspect)


def add_platform(commands: "argparse._SubParsersAction[Parser]") -> None:
    serve_command = commands.add_parser("serve", help="start the platform: database, API, worker and web app")
    serve_command.add_argument("--host", default=None, help="address to listen on (default: RECON378_HOST or 127.0.0.1)")
    serve_command.add_argument("--port", type=int, default=None, help="port to listen on (default: RECON378_PORT or 3780)")
    serve_command.set_defaults(command=serve)
    commands.add_parser("worker", help="run a worker alone, beside an API started elsewhere").set_defaults(command=worker)
    commands.add_parser("migrate", help="bring the database to this version").set_defaults(command=migrate)
    openapi_command = commands.add_parser("openapi", help="print the API's OpenAPI document")
    openapi_command.add_argument("--check", type=Path, metavar="FILE", help="compare with FILE and exit 2 where they differ")
    openapi_command.set_defaults(command=openapi)


def format_list(text: str) -> tuple[str, ...]:
    formats = tuple(part.strip() for part in text.split(",") if part.strip())
    unknown = set(formats) - {"csv", "xlsx", "parquet"}
    if unknown or not formats:
        raise argparse.ArgumentTypeError(f"'{text}' is not a list of csv, xlsx and parquet")
    return formats


def answer(text: str) -> tuple[str, str]:
    key, equals, value = text.rpartition("=")
    if not equals or not key:
        raise argparse.ArgumentTypeError(f"'{text}' is not KEY=VALUE")
    return key, value


def reconcile(options: argparse.Namespace) -> int:
    """Read both files, match them and write the results into --out."""
    from recon378_engine.errors import EngineError

    try:
        with tempfile.TemporaryDirectory(prefix="recon378-") as scratch, progress_bar() as report:
            reconcile_files(options, Path(scratch), report)
    except (EngineError, OSError) as error:
        return fail(str(error))
    return EXIT_DONE


def reconcile_files(options: argparse.Namespace, scratch: Path, report: "OnProgress") -> None:
    import recon378_engine as engine
    from recon378_engine.progress import Progress, Stage

    started = time.perf_counter()
    report(Progress(Stage.READ, 0.0))
    left, right = read_both(options.left, options.right, scratch, options.answer)
    read_seconds = time.perf_counter() - started
    with runner_of(options) as runner:
        result = engine.reconcile(
            left,
            right,
            ruleset=read_rules(options.rules),
            labels=read_labels(options.labels),
            on_progress=report,
            threads=options.threads,
            runner=runner,
        )
    engine.write_result(
        result,
        left,
        right,
        options.out,
        formats=options.formats,
        left_id=options.left_id,
        right_id=options.right_id,
        read_seconds=read_seconds,
    )


@contextmanager
def runner_of(options: argparse.Namespace) -> "Iterator[Runner | None]":
    """The runner that --engine asks for; None is the threads of this machine."""
    if options.engine == "local":
        yield None
        return
    from recon378_engine.running.spark import Spark

    with Spark(options.spark_master, threads=options.threads) as spark:
        yield spark


def deduplicate(options: argparse.Namespace) -> int:
    """Read one file, find the records that mean the same and write clusters and golden records into --out."""
    import recon378_engine as engine

    started = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory(prefix="recon378-") as scratch, progress_bar() as report:
            table = read_one(options.file, Path(scratch), dict(options.answer)).load()
            read_seconds = time.perf_counter() - started
            rules, labels = read_rules(options.rules), read_labels(options.labels)
            found = engine.deduplicate(table, ruleset=rules, labels=labels, on_progress=report, threads=options.threads)
            engine.write_clusters(found, table, options.out, read_seconds=read_seconds)
    except (engine.EngineError, OSError) as error:
        return fail(str(error))
    return EXIT_DONE


def read_both(left: Path, right: Path, scratch: Path, answers: Sequence[tuple[str, str]]) -> "tuple[StoredTable, StoredTable]":
    """Read both files at the same time, each in a child process with limits. Raises BadFile with the file's name in front."""
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(read_one, left, scratch / "left", answers_about("left", answers))
        second = pool.submit(read_one, right, scratch / "right", answers_about("right", answers))
        return first.result(), second.result()


def answers_about(side: str, answers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The answers that name this side, and those that name none."""
    own = {key.removeprefix(f"{side}:"): value for key, value in answers if key.startswith(f"{side}:")}
    return {key: value for key, value in answers if not key.startswith(("left:", "right:"))} | own


def read_one(path: Path, folder: Path, answers: dict[str, str]) -> "StoredTable":
    from recon378_engine.dataset import StoredTable
    from recon378_engine.errors import BadFile
    from recon378_engine.reading import read_contained

    seen = read_contained(path, folder, answers=answers)
    if seen.inspection.status == "question":
        question, *others = seen.inspection.questions
        settled = " or ".join(f"--answer '{question.key}={choice}'" for choice in question.choices)
        more = f" {len(others)} more in recon378 inspect." if others else ""
        raise BadFile(f"{path}: {question.why} Settle it with {settled}.{more}")
    if seen.dataset is None:
        raise BadFile(f"{path}: {seen.inspection.error}")
    return StoredTable(seen.dataset)


def read_rules(path: Path | None) -> "Ruleset | None":
    from recon378_engine.errors import BadRuleset
    from recon378_engine.matching.rulesets.ruleset import Ruleset

    if path is None:
        return None
    try:
        return Ruleset.from_yaml(path.read_text(encoding="utf-8"))
    except BadRuleset as bad:
        raise BadRuleset(f"{path}: {bad}", line=bad.line) from bad


def read_labels(path: Path | None) -> "DataFrame | None":
    import polars as pl

    from recon378_engine.errors import BadInput

    if path is None:
        return None
    try:
        labels = pl.read_csv(path, infer_schema=False)
        words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        truth = pl.col("is_match").str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Boolean)
        return labels.select(pl.col("left_row", "right_row").cast(pl.UInt32), truth.alias("is_match"))
    except pl.exceptions.PolarsError as unreadable:
        raise BadInput(
            f"{path}: labels need the columns left_row, right_row and is_match, rows as whole numbers."
        ) from unreadable


@contextmanager
def progress_bar() -> "Iterator[OnProgress]":
    """A bar on a terminal, silence elsewhere."""
    from recon378_engine.progress import ignore_progress

    if not sys.stderr.isatty():
        yield ignore_progress
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[message]}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("read", total=1.0, message="")
        yield lambda progress: bar.update(
            task, description=progress.stage.value, completed=progress.fraction, message=progress.message
        )


def inspect(options: argparse.Namespace) -> int:
    """Show what the importer sees: exit 0 accepted, 3 a question is open, 2 rejected."""
    import shutil

    from recon378_engine.reading import read_contained

    with tempfile.TemporaryDirectory(prefix="recon378-") as scratch:
        seen = read_contained(
            options.file, scratch, answers=dict(options.answer), write_dataset=False, write_rows=options.rows is not None
        )
        if options.rows is not None:
            if seen.rows is not None:
                shutil.copyfile(seen.rows, options.rows)
            else:
                options.rows.write_text("")
    inspection = seen.inspection
    if options.json:
        sys.stdout.write(inspection.to_json() + "\n")
    else:
        print_inspection(options.file, inspection)
    if inspection.status == "rejected":
        return fail(f"{options.file}: {inspection.error}")
    return EXIT_QUESTION if inspection.status == "question" else EXIT_DONE


def print_inspection(path: Path, seen: "Inspection") -> None:
    """The same for people: what it is, its columns, its first rows, and what needs an answer."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    facts = [seen.format, seen.encoding, f"delimiter {seen.delimiter!r}" if seen.delimiter else "", header_of(seen)]
    console.print(f"[bold]{escape(path.name)}[/] {seen.status.replace('_', ' ')} · " + " · ".join(fact for fact in facts if fact))
    console.print(f"{seen.rows:,} rows in, {len(seen.row_errors):,} rejected, {seen.skipped:,} skipped of {seen.rows_in_file:,}")
    if seen.columns:
        table = Table("column", "type", "role", "first values", box=None, pad_edge=False, header_style="dim")
        for column in seen.columns:
            values = [str(row[column.name]) for row in seen.preview[:3] if row.get(column.name) is not None]
            table.add_row(escape(column.name), column.type, column.role, escape(" · ".join(values)))
        console.print(table)
    for warning in seen.warnings:
        console.print(f"[yellow]note[/] {escape(warning)}")
    for error in seen.row_errors[:10]:
        console.print(f"[red]line {error.line}[/] {escape(error.reason)}")
    for question in seen.questions:
        console.print(
            f"[blue]question[/] {escape(question.why)} Answer with --answer {question.key}={'|'.join(question.choices)}"
        )


def header_of(seen: "Inspection") -> str:
    return f"header on line {seen.header_line}" if seen.header_line else ""


def serve(options: argparse.Namespace) -> int:
    from recon378.serving import serve as start

    changes = {name: value for name in ("host", "port") if (value := getattr(options, name)) is not None}
    return with_settings(lambda settings: start(settings.model_copy(update=changes)))


def with_settings(command: "Callable[[Settings], int]") -> int:
    from recon378.settings import SettingsInvalid, load_settings

    try:
        return command(load_settings())
    except SettingsInvalid as invalid:
        return fail(str(invalid))


def worker(options: argparse.Namespace) -> int:
    from recon378.worker import run_worker

    return with_settings(run_worker)


def migrate(options: argparse.Namespace) -> int:
    from recon378.serving import migrate as bring_up

    return with_settings(bring_up)


def openapi(options: argparse.Namespace) -> int:
    """Print the API's OpenAPI document, or compare it with a file."""
    from recon378.app import create_app
    from recon378.settings import Settings

    document = json.dumps(create_app(Settings(environment="test")).openapi(), indent=2, ensure_ascii=False) + "\n"
    if options.check is None:
        sys.stdout.write(document)
        return EXIT_DONE
    if options.check.read_text(encoding="utf-8") == document:
        return EXIT_DONE
    return fail(f"{options.check} is not the API as it stands: run ./run openapi > {options.check}")
