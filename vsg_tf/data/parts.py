"""One of several equal parts of a preparation: each a command of its own, on any machine."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from vsg_tf.errors import InputError

Job = TypeVar("Job")


@dataclass(frozen=True)
class Part:
    """Which shards a command makes: every `count`-th one.

    Args:
        index: counted from 0.
        count: parts in all.
        workers: processes of this command.
    """

    index: int
    count: int
    workers: int = 1

    def of(self, jobs: Mapping[str, Job]) -> dict[str, Job]:
        """This part's jobs, in order."""
        chosen = list(jobs)[self.index :: self.count]
        return {name: jobs[name] for name in chosen}


def parse_part(text: str, workers: int) -> Part:
    """`3/8` is the fourth of eight parts: they are counted from 0, as a cluster counts its tasks.

    Raises:
        InputError: it is none.
    """
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip())
    if found is None or not int(found.group(1)) < int(found.group(2)):
        raise InputError(f"--part is INDEX/COUNT, from 0/COUNT on, such as 3/8; not {text!r}.")
    return Part(int(found.group(1)), int(found.group(2)), workers)
