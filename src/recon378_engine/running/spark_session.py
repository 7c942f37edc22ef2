"""Start a Spark session, quietly, and say in one sentence why none could be started or why the work failed."""

import importlib.util
import re
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from recon378_engine.errors import BadInput

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

EXECUTOR_GIBIBYTES = 2
DRIVER_GIBIBYTES = 4  # the most that tables on their way back to this process may take
CONNECT_SECONDS = 5.0
MESSAGE_CHARACTERS_MAX = 200
_MASTER = re.compile(r"local(\[[^\]]+\])?|local-cluster\[\d+,\s*\d+,\s*\d+\]|spark://[^\s/]+|k8s://\S+|yarn")
_LOOPBACK = re.compile(r"local|spark://(localhost|127\.)")
_QUIET = """\
status = off
appender.none.type = Null
appender.none.name = none
rootLogger.level = off
rootLogger.appenderRef.none.ref = none
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = off
"""  # what matters comes back as an exception
_REASONS = (re.compile(r"(Cannot run program [^,\n]+)"), re.compile(r"^(?:[\w.]*\.)?\w+(?:Error|Exception): (.+)$", re.MULTILINE))


def start_session(master: str, folder: Path) -> tuple["SparkSession", bool]:
    """A session on the cluster and True, or the one that this process has already and False; FOLDER takes the log's settings.

    Raises BadInput where PySpark or Java is missing, the master is none or does not answer.
    """
    _check_master(master)
    if importlib.util.find_spec("pyspark") is None:
        raise BadInput("The Spark engine needs PySpark, which is an extra: install it with `uv sync --extra spark`.")
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    (folder / "log4j2.properties").write_text(_QUIET, encoding="utf-8")
    options: dict[str, bool | float | int | str | None] = {
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={(folder / 'log4j2.properties').as_uri()}",
        "spark.driver.memory": f"{DRIVER_GIBIBYTES}g",
        "spark.driver.maxResultSize": f"{DRIVER_GIBIBYTES}g",
        "spark.executor.memory": f"{EXECUTOR_GIBIBYTES}g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    running = SparkSession.getActiveSession()
    if running is not None:
        return running, False
    try:
        session = SparkSession.builder.appName("recon378").master(master).config(map=options).getOrCreate()
    except PySparkException as error:
        raise BadInput("The Spark engine needs Java 17 or newer: install it, or point JAVA_HOME to it.") from error
    except Exception as error:  # py4j hands every failure of the Java side over as a kind of its own
        raise BadInput(f"Spark at {master} did not start: {reason_of(error)}.") from error
    context = session.sparkContext
    if context.pythonExec == "python3" and _LOOPBACK.match(master):  # nobody named another one in PYSPARK_PYTHON
        context.pythonExec = sys.executable
    return session, True


def sentence_of(error: Exception) -> str | None:
    """What the user can do about a failure of the cluster; None for an error in the work itself."""
    text = str(error)
    if "ModuleNotFoundError" in text:
        return (
            f"Spark's workers cannot load the engine ({reason_of(error)}): install this package on each of them, "
            "in the same version, and name its Python in PYSPARK_PYTHON."
        )
    if "PYTHON_VERSION_MISMATCH" in text or "Cannot run program" in text:
        return f"Spark's workers have another Python, or none: name one like this in PYSPARK_PYTHON ({reason_of(error)})."
    if "MemoryError" in text:
        return "Spark's workers ran out of memory: give them more, or take more of them."
    if type(error).__module__.startswith("py4j"):  # of the Java side: workers lost, a task that crashed, the cluster shut down
        return f"The Spark cluster gave up the work: {reason_of(error)}."
    return None


def reason_of(error: Exception) -> str:
    """The line of a long trace that names the cause."""
    java = getattr(error, "java_exception", None)
    text = str(java.getMessage() if java is not None else error)
    found = next(filter(None, (pattern.findall(text) for pattern in _REASONS)), [text.strip().partition("\n")[0]])
    return str(found[-1])[:MESSAGE_CHARACTERS_MAX].strip(" .") or type(error).__name__


def _check_master(master: str) -> None:
    """Ask a standalone master for an answer before Spark does, which tries for a minute. Raises BadInput."""
    if not _MASTER.fullmatch(master):
        raise BadInput(f"'{master}' is no Spark master: give local[*], spark://HOST:7077, k8s://… or yarn.")
    if not master.startswith("spark://"):
        return
    places = [place.rpartition(":") for place in master.removeprefix("spark://").split(",")]
    if not all(host and port.isdecimal() for host, _, port in places):
        raise BadInput(f"'{master}' names no port: give spark://HOST:7077.")
    if not any(_answers(host, int(port)) for host, _, port in places):
        raise BadInput(f"Nothing answers at {master}: see whether the master runs and can be reached from here.")


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=CONNECT_SECONDS).close()
    except (OSError, OverflowError):
        return False
    return True
