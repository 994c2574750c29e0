"""Who may talk to the studio: pages that it served itself, from this machine."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

# Nothing from elsewhere is loaded, framed or run.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """Middleware that answers only requests to the studio's own address, from its own page.

    A page on another site can make a browser send requests to this machine, even under a name
    that it has let point here (DNS rebinding): the names in `Host` and `Origin` tell.

    Args:
        hosts: names with port that the studio is reached by, such as `127.0.0.1:8600`.
    """

    def __init__(self, hosts: set[str]):
        self._hosts = hosts

    async def __call__(
        self, request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        """Answer, or refuse with 403."""
        host, origin = request.headers.get("host", ""), request.headers.get("origin")
        if host not in self._hosts or (origin and urlsplit(origin).netloc not in self._hosts):
            response = JSONResponse({"error": "This request is not from the studio's page."}, 403)
        else:
            response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
