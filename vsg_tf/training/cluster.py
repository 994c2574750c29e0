"""Who trains together: the workers of a run and which of them this process is."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from vsg_tf.errors import ConfigError

_ADDRESS = re.compile(r"(\[[0-9a-fA-F:]+\]|[^\s:/]+):(\d{1,5})")
_ROLES = ("chief", "worker")


@dataclass(frozen=True)
class Cluster:
    """Workers by their addresses; the first one is the chief, who alone writes.

    Args:
        workers: `host:port` of each, at which the others reach it; equal on all workers.
        index: which of them this process is.
        timeout: seconds to wait for the others before giving up.
    """

    workers: tuple[str, ...]
    index: int
    timeout: float = 300.0

    @property
    def is_chief(self) -> bool:
        """Whether this worker writes checkpoints, logs and the model."""
        return self.index == 0

    def endpoint(self, index: int) -> tuple[str, int]:
        """Host and port of a worker."""
        host, port = _ADDRESS.fullmatch(self.workers[index]).groups()
        return host.strip("[]"), int(port)


def find_cluster(
    workers: str | None, index: int | None, environment: Mapping[str, str], timeout: float
) -> Cluster | None:
    """The cluster that options or `TF_CONFIG` name; None where this process trains alone.

    Args:
        workers: `host:port,host:port,...`, which goes before `TF_CONFIG`; None: not given.
        index: this process' place in it, from 0.
        environment: where `TF_CONFIG` is looked up.
        timeout: see `Cluster`.

    Raises:
        ConfigError: one of the two options alone, or addresses, `TF_CONFIG` or the index that
            describe no cluster.
    """
    if (workers is None) != (index is None):
        raise ConfigError("--workers and --worker-index belong together; give both or neither.")
    if workers is not None:
        names, place, origin = workers.split(","), index, "--workers"
    elif environment.get("TF_CONFIG", "").strip():
        names, place = _of_tf_config(environment["TF_CONFIG"])
        origin = "TF_CONFIG"
    else:
        return None
    names = [name.strip() for name in names]
    for name in names:
        found = _ADDRESS.fullmatch(name)
        if found is None or not 0 < int(found.group(2)) < 1 << 16:
            raise ConfigError(f"{origin} names {name!r}, which is no host:port address.")
    if len(set(names)) < len(names):
        raise ConfigError(f"{origin} names an address twice; give each worker its own.")
    if not 0 <= place < len(names):
        raise ConfigError(
            f"{origin} names {len(names)} workers, so there is no worker {place}; "
            "they are counted from 0."
        )
    return Cluster(tuple(names), place, timeout) if len(names) > 1 else None


def _of_tf_config(text: str) -> tuple[list[str], int]:
    """Addresses, the chief's first, and this process' place among them."""
    try:
        values = json.loads(text)
    except ValueError as error:
        raise ConfigError(f"TF_CONFIG is not JSON ({error}).") from error
    cluster = values.get("cluster") if isinstance(values, dict) else None
    if cluster is None and isinstance(values, dict):
        return ["localhost:1"], 0  # as TensorFlow reads it: no cluster, one process
    if not isinstance(cluster, dict) or not all(
        isinstance(names, list) and all(isinstance(name, str) for name in names)
        for names in cluster.values()
    ):
        raise ConfigError('TF_CONFIG needs a "cluster" that maps roles to lists of host:port.')
    strangers = sorted(cluster.keys() - set(_ROLES))
    if strangers:
        raise ConfigError(
            f"TF_CONFIG has the role {strangers[0]!r}; training here knows chief and worker only."
        )
    chiefs, workers = (cluster.get(role, []) for role in _ROLES)
    if not chiefs and not workers:
        raise ConfigError("TF_CONFIG names no chief and no worker; name at least one of them.")
    if len(chiefs) > 1:
        raise ConfigError("TF_CONFIG names several chiefs; there is one, or worker 0 is it.")
    task = values.get("task")
    role, index = (task.get("type"), task.get("index")) if isinstance(task, dict) else (None, None)
    if role not in _ROLES or not isinstance(index, int) or isinstance(index, bool):
        raise ConfigError(
            'TF_CONFIG must say which process this is: "task": {"type": "worker", "index": 0}.'
        )
    own = chiefs if role == "chief" else workers
    if not 0 <= index < len(own):
        raise ConfigError(f"TF_CONFIG says that this is {role} {index}, which its cluster lacks.")
    return [*chiefs, *workers], index + (len(chiefs) if role == "worker" else 0)
