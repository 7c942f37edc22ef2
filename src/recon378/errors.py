"""The errors of the platform, answered as RFC 9457 problem details by one handler in `app`.

AppError
├── Unauthorised         401
├── Forbidden            403
├── NotFound             404   also for what belongs to others
├── Conflict             409
├── TooLarge             413
├── Unprocessable        422
├── TooMany              429
├── Unavailable          503
└── InsufficientStorage  507
"""

from typing import Any


class AppError(Exception):
    """An expected failure. `message` is one sentence for the user: what is wrong, where, what to do.

    `details` are machine-readable members of the problem. What happened before an error is rolled back, unless its class says
    `commits`.
    """

    status = 500
    title = "Error"
    commits = False

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class Unauthorised(AppError):
    status = 401
    title = "Not signed in"


class Forbidden(AppError):
    status = 403
    title = "Not allowed"


class NotFound(AppError):
    status = 404
    title = "Not found"


class Conflict(AppError):
    status = 409
    title = "Conflict"


class TooLarge(AppError):
    status = 413
    title = "Too large"


class Unprocessable(AppError):
    status = 422
    title = "Cannot be processed"


class TooMany(AppError):
    status = 429
    title = "Too many requests"


class Unavailable(AppError):
    status = 503
    title = "Not available"


class InsufficientStorage(AppError):
    status = 507
    title = "Storage full"
