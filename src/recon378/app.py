"""The composition root of the API: settings → adapters → middleware → routers."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from recon378.accounts import routes as accounts
from recon378.accounts.deps import Actors, CurrentPlatform, Platform
from recon378.accounts.passwords import Passwords
from recon378.accounts.tokens import Tokens
from recon378.adapters import queue, telemetry
from recon378.adapters.database import Database, as_expected, open_database
from recon378.adapters.embedded_postgres import database_url
from recon378.adapters.events import Events, PostgresEvents
from recon378.adapters.rates import Rates
from recon378.adapters.storage import Storage
from recon378.analytics import routes as analytics
from recon378.errors import AppError, Forbidden, NotFound, TooLarge, TooMany, Unauthorised, Unavailable, Unprocessable
from recon378.files import routes as files
from recon378.frontend import Frontend
from recon378.middleware import middleware
from recon378.migrations.upgrade import upgrade
from recon378.problems import MEDIA_TYPE, TITLES, Problem, problem_response
from recon378.projects import routes as projects
from recon378.realtime import routes as realtime
from recon378.reconciliation import routes as reconciliation
from recon378.settings import Settings, load_settings

PREFIX = "/api/v1"
VERSION = version("recon378")
probes = APIRouter()


class Health(BaseModel):
    status: str
    version: str


def create_app(settings: Settings | None = None) -> FastAPI:
    """The API with its front end. The outside world is opened when the server starts and lies at `app.state.platform`."""
    settings = settings or load_settings()
    app = FastAPI(
        title="378 Reconciliation Platform",
        version=VERSION,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,  # its scripts come from a foreign host, which our content security policy refuses
        redoc_url=None,
        lifespan=lifespan(settings),
        middleware=middleware(settings, Tokens(settings.signing_keys, settings.access_token_seconds), Rates()),
        generate_unique_id_function=operation_id,
        separate_input_output_schemas=False,
    )
    for router in routers():
        app.include_router(router, prefix=PREFIX)
    app.include_router(probes, tags=["platform"])
    app.router.default = GZipMiddleware(Frontend(), compresslevel=6)
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.openapi = lambda: described(app)  # type: ignore[method-assign]  # FastAPI's documented way to extend the document
    return app


def routers() -> tuple[APIRouter, ...]:
    """The routers of every domain."""
    return accounts.router, projects.router, files.router, reconciliation.router, analytics.router, realtime.router


# ── the outside world ───────────────────────────────────────────────────────────────────────────────────────────────


def lifespan(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        telemetry.configure_logging(as_json=settings.logs_as_json, level=settings.log_level)
        url, stop_server = database_url(settings)
        database = open_database(
            url,
            connections_max=settings.database_connections_max,
            statement_timeout_seconds=settings.database_statement_timeout_seconds,
        )
        events = PostgresEvents(database, url, settings.event_replay_messages)
        try:
            await upgrade(database.engine)
            await events.start()
            app.state.platform = open_platform(settings, database, events)
            yield
        finally:
            await events.stop()
            await database.close()
            stop_server()

    return living


def open_platform(settings: Settings, database: Database, events: Events) -> Platform:
    return Platform(
        settings=settings,
        database=database,
        events=events,
        storage=Storage(settings.data_directory / "objects"),
        rates=Rates(),
        passwords=Passwords(cheap=settings.environment == "test"),
        tokens=Tokens(settings.signing_keys, settings.access_token_seconds),
        actors=Actors(database),
    )


# ── probes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@probes.get("/healthz")
async def get_health() -> Health:
    """Whether the process answers."""
    return Health(status="ok", version=VERSION)


@probes.get("/readyz")
async def get_readiness(platform: CurrentPlatform) -> Health:
    """Whether requests can be served: the database answers. 503 where not."""
    try:
        await platform.database.ping()
    except (DBAPIError, OSError, TimeoutError) as error:
        raise Unavailable("The database does not answer.") from error
    return Health(status="ready", version=VERSION)


@probes.get("/metrics", response_class=Response)
async def get_metrics(platform: CurrentPlatform) -> Response:
    """All metrics as Prometheus text."""
    async with platform.database.transaction() as session:
        jobs, oldest_seconds = await queue.counts(session)
    telemetry.JOBS.clear()
    for (kind, status), count in jobs.items():
        telemetry.JOBS.labels(kind, status).set(count)
    telemetry.OLDEST_WAITING_SECONDS.set(oldest_seconds)
    return Response(telemetry.metrics(), media_type="text/plain; version=0.0.4")


# ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────────


KINDS: dict[int, type[AppError]] = {401: Unauthorised, 403: Forbidden, 404: NotFound, 413: TooLarge, 429: TooMany}
SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    413: "The request is larger than allowed.",
}


async def answer_app_error(request: Request, error: AppError) -> Response:
    return problem_response(error, request.scope["request_id"])


async def answer_invalid(request: Request, error: RequestValidationError) -> Response:
    """One sentence about the first mistake, all of them as `fields`; what was sent is never echoed."""
    fields = [{"field": ".".join(str(part) for part in found["loc"][1:]), "message": found["msg"]} for found in error.errors()]
    first = fields[0]
    message = f"{first['field']}: {first['message']}." if first["field"] else f"{first['message']}."
    return problem_response(Unprocessable(message, fields=fields), request.scope["request_id"])


async def answer_http_error(request: Request, error: HTTPException) -> Response:
    """Errors that the framework raises by itself: unknown path, wrong method, unreadable or too large body."""
    if error.status_code == 400:
        unreadable = Unprocessable("The body cannot be read: send JSON in UTF-8.")
        return problem_response(unreadable, request.scope["request_id"])
    problem = KINDS.get(error.status_code, AppError)(SENTENCES.get(error.status_code, str(error.detail)))
    problem.status, problem.title = error.status_code, TITLES.get(error.status_code, "Refused")
    response = problem_response(problem, request.scope["request_id"])
    response.headers.update(error.headers or {})
    return response


async def answer_database_error(request: Request, error: DBAPIError) -> Response:
    expected = as_expected(error)
    if expected is None:
        raise error
    return problem_response(expected, request.scope["request_id"])


HANDLERS: dict[type[Exception], Any] = {
    AppError: answer_app_error,
    RequestValidationError: answer_invalid,
    HTTPException: answer_http_error,
    DBAPIError: answer_database_error,
}


# ── OpenAPI ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def operation_id(route: APIRoute) -> str:
    """The function's name: short, stable, and the row in the table of rights."""
    return route.name


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with problem details as the shape of every error."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            routes=app.routes,
            summary="Two sets of records in, a reviewed reconciliation out.",
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas["Problem"] = Problem.model_json_schema()
        problem = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        for operation in (operation for path in document["paths"].values() for operation in path.values()):
            if "422" in operation["responses"]:
                operation["responses"]["422"] = {"description": "Cannot be processed", **problem}
            operation["responses"]["default"] = {"description": "Any other problem", **problem}
        app.openapi_schema = document
    return app.openapi_schema
