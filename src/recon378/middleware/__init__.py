"""What every request passes, in this order: the list is the whole story."""

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from recon378.accounts.tokens import Tokens
from recon378.adapters.rates import Rates
from recon378.middleware.access_log import AccessLog
from recon378.middleware.authentication import Authentication
from recon378.middleware.body_limit import BodyLimit
from recon378.middleware.crash import Crashes
from recon378.middleware.csrf import Csrf
from recon378.middleware.rate_limit import RateLimit
from recon378.middleware.request_id import RequestId
from recon378.middleware.security_headers import SecurityHeaders
from recon378.settings import Settings


def middleware(settings: Settings, tokens: Tokens, rates: Rates) -> list[Middleware]:
    """Outermost first."""
    return [
        Middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies)),
        Middleware(RequestId),
        Middleware(AccessLog),
        Middleware(SecurityHeaders, https=settings.cookies_secure),
        Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_credentials=True,
            allow_methods=["GET", "POST", "PATCH", "PUT", "DELETE"],
            allow_headers=[
                "Authorization",
                "Content-Type",
                "If-Match",
                "Idempotency-Key",
                "Upload-Checksum",
                "Upload-Offset",
                "X-CSRF-Token",
                "X-Request-ID",
            ],
            expose_headers=["ETag", "X-Request-ID", "Retry-After"],
        ),
        Middleware(Authentication, settings=settings, tokens=tokens),
        Middleware(Csrf, settings=settings, tokens=tokens),
        Middleware(RateLimit, rates=rates, per_minute=settings.requests_per_minute),
        Middleware(
            BodyLimit,
            limit_bytes=settings.body_limit_bytes,
            upload_limit_bytes=settings.upload_limit_bytes,
            chunk_limit_bytes=settings.upload_chunk_limit_bytes,
        ),
        Middleware(Crashes),
    ]
