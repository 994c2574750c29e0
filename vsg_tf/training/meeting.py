"""Before the first step the chief calls every worker: are all there, and of one mind?

TensorFlow waits for missing workers without end and cannot be interrupted while it does. So the
workers meet here first, each at the address that TensorFlow will use next, and whoever waits does
so for `Cluster.timeout` seconds at most. One JSON line goes either way; nothing else is believed.
"""

import json
import socket
import time
from collections.abc import Callable
from typing import Any

from vsg_tf.errors import TrainingError
from vsg_tf.training.cluster import Cluster
from vsg_tf.training.passport import Passport, disagreement

_LONGEST_LINE = 1 << 20  # bytes; a configuration has some thousand
_PAUSE = 0.2  # s between two calls
_PATIENCE = 10.0  # s for one line of somebody who is there


def meet(cluster: Cluster, passport: Passport, say: Callable[[str], None] = print) -> None:
    """Return on all workers once all are there and agree.

    Args:
        passport: this worker's, see `passport.make_passport`.
        say: told once whom a worker waits for.

    Raises:
        TrainingError: a worker is missing or does not answer, the workers disagree, or this
            worker's port is taken; the sentence is the same on all workers that could be told.
    """
    end = time.monotonic() + cluster.timeout
    if cluster.is_chief:
        _call_all(cluster, passport, end, say)
    else:
        _await_call(cluster, passport, end, say)


def _name(cluster: Cluster, index: int) -> str:
    return f"Worker {index} ({cluster.workers[index]})"


def _call_all(cluster: Cluster, passport: Passport, end: float, say) -> None:
    lines: dict[int, socket.socket] = {}
    say(f"calling {len(cluster.workers) - 1} workers")
    verdict = None
    try:
        for index in range(1, len(cluster.workers)):
            lines[index] = _dial(cluster, index, end)
            theirs = _passport_of(cluster, index, lines[index])
            refusal = disagreement(passport, theirs, _name(cluster, index))
            if refusal is not None:
                raise TrainingError(refusal)
    except TrainingError as error:
        verdict = str(error)
        raise
    finally:
        _tell(lines, {"refused": verdict})
        for line in lines.values():
            line.close()


def _passport_of(cluster: Cluster, index: int, line: socket.socket) -> Passport:
    try:
        _send(line, {"chief": cluster.workers, "index": index})
        answer = _receive(line)
        if answer.keys() >= {"versions", "config", "data", "examples", "devices"}:
            return answer
    except (OSError, ValueError, AttributeError) as error:
        raise TrainingError(_stranger(cluster, index)) from error
    raise TrainingError(_stranger(cluster, index))


def _stranger(cluster: Cluster, index: int) -> str:
    return (
        f"{_name(cluster, index)} answers as no worker of a run does; is it the address of "
        "something else, or of another version?"
    )


def _tell(lines: dict[int, socket.socket], message: Any) -> None:
    for line in lines.values():
        try:
            _send(line, message)
        except OSError:
            continue  # gone meanwhile; TensorFlow will miss it, too


def _dial(cluster: Cluster, index: int, end: float) -> socket.socket:
    while True:
        try:
            return socket.create_connection(cluster.endpoint(index), _PATIENCE)
        except OSError as error:
            if time.monotonic() + _PAUSE > end:
                raise TrainingError(
                    f"{_name(cluster, index)} could not be reached within {cluster.timeout:g} s "
                    f"({error.strerror or error}); start it, or mend the addresses."
                ) from error
            time.sleep(_PAUSE)


def _await_call(cluster: Cluster, passport: Passport, end: float, say) -> None:
    host, port = cluster.endpoint(cluster.index)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        # At every interface, as TensorFlow's own server listens.
        door = socket.create_server(("", port), family=family)
    except OSError as error:
        raise TrainingError(
            f"Port {port} of {_name(cluster, cluster.index)} cannot be used here "
            f"({error.strerror}); end what listens there, or choose another."
        ) from error
    say(f"waiting for the chief's call at {cluster.workers[cluster.index]}")
    with door:
        while True:
            door.settimeout(max(0.0, end - time.monotonic()) or 1e-3)
            try:
                line, _ = door.accept()
            except TimeoutError as error:
                raise TrainingError(
                    f"The chief ({cluster.workers[0]}) did not call within {cluster.timeout:g} s; "
                    "start it, or mend the addresses."
                ) from error
            with line:
                if _answered(cluster, line, passport, end):
                    return


def _answered(cluster: Cluster, line: socket.socket, passport: Passport, end: float) -> bool:
    """Whether the caller was the chief and all is well; False for any stranger."""
    try:
        line.settimeout(_PATIENCE)
        call = _receive(line)
        if set(call) != {"chief", "index"}:
            return False
    except (OSError, ValueError, TypeError):
        return False
    if call["chief"] != list(cluster.workers) or call["index"] != cluster.index:
        _send(line, passport)
        raise TrainingError(
            f"The chief calls this process worker {call['index']} of {','.join(call['chief'])}, "
            f"but it was started as worker {cluster.index} of {','.join(cluster.workers)}."
        )
    try:
        _send(line, passport)
        line.settimeout(max(1.0, end - time.monotonic() + _PATIENCE))
        verdict = _receive(line)["refused"]
    except (OSError, ValueError, TypeError, KeyError):
        return False  # the chief went away; it may call again
    if verdict is not None:
        raise TrainingError(verdict)
    return True


def _send(line: socket.socket, message: Any) -> None:
    line.sendall(json.dumps(message).encode() + b"\n")


def _receive(line: socket.socket) -> Any:
    received = b""
    while not received.endswith(b"\n"):
        part = line.recv(1 << 16)
        if not part or len(received) > _LONGEST_LINE:
            raise ValueError("no line")
        received += part
    return json.loads(received)
