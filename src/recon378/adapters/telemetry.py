"""What operators see: structured logs and Prometheus metrics. No secret and no content of a file ever goes into either."""

import logging
import sys

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from structlog.tracebacks import ExceptionDictTransformer

REGISTRY = CollectorRegistry()
LATENCY_BUCKETS_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)

REQUESTS = Counter("recon378_requests_total", "Answered requests.", ("method", "route", "status"), registry=REGISTRY)
REQUEST_SECONDS = Histogram(
    "recon378_request_seconds",
    "Time from request to the end of the answer.",
    ("method", "route"),
    buckets=LATENCY_BUCKETS_SECONDS,
    registry=REGISTRY,
)
JOBS = Gauge("recon378_jobs", "Jobs by kind and status; ended ones of the last day.", ("kind", "status"), registry=REGISTRY)
OLDEST_WAITING_SECONDS = Gauge("recon378_job_oldest_waiting_seconds", "Age of the job that waits longest.", registry=REGISTRY)


def metrics() -> bytes:
    """All metrics in Prometheus' text format."""
    return generate_latest(REGISTRY)


def configure_logging(*, as_json: bool, level: str) -> None:
    """Send structlog and the standard library through one formatter to stderr; request id and job id come from the context."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[structlog.types.Processor] = (
        [structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)), structlog.processors.JSONRenderer()]
        if as_json  # local variables stay out of the log: they may hold passwords and rows
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    processors = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=processors))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("uvicorn.access", "uvicorn.error", "sqlalchemy.engine", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
