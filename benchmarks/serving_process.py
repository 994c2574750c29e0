"""A `vsg serve` process of its own, for the benchmarks that ask one."""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Served:
    """A server that listens.

    Args:
        address: `host:port`.
        process: of the server.
    """

    address: str
    process: subprocess.Popen

    def memory_mb(self, field: str = "VmRSS") -> float:
        """Memory now, or with `VmHWM` the most so far, in MB; Linux alone tells."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(field))
        return int(line.split()[1]) * 1024 / 1e6


@contextlib.contextmanager
def serve(export: Path, *options: str) -> Iterator[Served]:
    """Start `vsg serve` on a free port; SIGTERM ends it."""
    command = [sys.executable, "-m", "vsg_tf.serve", "--model", str(export), "--port", "0"]
    process = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True)
    try:
        for line in process.stderr:
            entry = json.loads(line) if line.startswith("{") else {"event": line}
            if entry["event"] == "listening":
                break
            print(line, end="", file=sys.stderr)
        else:
            raise SystemExit("the server did not start")
        # Its log must be read, or it would wait for a reader.
        threading.Thread(target=lambda: [None for _ in process.stderr], daemon=True).start()
        yield Served(entry["address"], process)
    finally:
        process.terminate()
        process.wait(60)
