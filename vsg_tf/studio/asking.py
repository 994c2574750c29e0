"""What a request of the page says, and the answer where it cannot be done."""

import json
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vsg_tf.errors import InputError


async def body_of(request: Request, largest: int) -> bytes:
    """A request's body.

    Raises:
        InputError: it has more than `largest` bytes.
    """
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > largest:
            raise InputError(f"That is more than {largest >> 20} MB; give a smaller file.")
        parts.append(part)
    return b"".join(parts)


async def threaded(function: Callable[..., Response], *arguments) -> Response:
    """What a function answers, run in a thread."""
    return await run_in_threadpool(function, *arguments)


def text_of(body: bytes, name: str) -> str:
    """A text in a body that is a JSON object; empty where it has none.

    Raises:
        InputError: the body is no object, or the value no text.
    """
    try:
        value = json.loads(body).get(name, "")
    except (ValueError, AttributeError, RecursionError) as error:
        raise InputError("The page sent something that cannot be read.") from error
    if not isinstance(value, str):
        raise InputError(f"{name} must be a text.")
    return value


def number_of(request: Request, name: str, low: int, high: int) -> int:
    """A whole number of the address, brought into a range.

    Raises:
        InputError: it is missing or no whole number.
    """
    try:
        value = int(request.query_params.get(name, ""))
    except ValueError as error:
        raise InputError(f"{name} must be a whole number.") from error
    return min(max(value, low), high)


def sentence(request: Request, error: Exception) -> Response:
    """The answer to what cannot be done."""
    return JSONResponse({"error": str(error)}, 400)
