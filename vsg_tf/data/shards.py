"""Examples into shards, by worker processes; an interrupted run goes on where it stopped."""

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from threadpoolctl import threadpool_limits

from vsg_tf.atomic import atomic_path
from vsg_tf.config.loading import data_hash
from vsg_tf.config.schema import Config
from vsg_tf.data.beam import BeamRunner, shards_on_beam
from vsg_tf.data.manifest import MANIFEST_NAME, Manifest, Shard, read_manifest, settings_hash
from vsg_tf.data.parts import Part
from vsg_tf.data.shard_notes import Result, read_notes, remove_notes, write_note
from vsg_tf.data.workers import stoppable, worker_pool, worker_state
from vsg_tf.errors import InputError, VsgError
from vsg_tf.extras import start_tensorflow

SHARD_EXAMPLES = 64
_LEFTOVER_AGE = 3600.0  # s

Workers = int | BeamRunner | Part
Builder = Callable[[Any], list]  # an item (a file, a seed) to its examples; runs in the workers


def local_workers(workers: Workers) -> int:
    """Processes of this machine, for work that is not worth dealing out."""
    return workers if isinstance(workers, int) else workers.workers


def _build_in_worker(*arguments: Any) -> Result:
    return build_shard(worker_state(), *arguments)


def _records_of(builder: Builder, item: Any) -> tuple[list[bytes], list[dict[str, str]]]:
    """The records of an item, or none and why."""
    try:
        return [example.serialize() for example in builder(item)], []
    except VsgError as error:
        reason = str(error)
    except Exception as error:
        # Decoders raise what they like on damaged files; one file must not end a run.
        reason = f"{type(error).__name__}: {error}"
    return [], [{"item": str(item), "reason": reason}]


def build_shard(
    builder: Builder, folder: Path, name: str, split: str, items: Sequence[Any]
) -> Result:
    """Write the examples of `items`; an item that fails is reported and left out.

    Returns:
        The shard, and its failures as `{"item", "reason"}`.

    Raises:
        InputError: the shard cannot be written.
    """
    # TensorFlow takes seconds to import, so the parent of a worker pool never does.
    start_tensorflow()
    import tensorflow as tf

    failures, count = [], 0
    path = folder / name
    # Sums split among threads are rounded otherwise: one thread, as in the workers, always.
    with threadpool_limits(1), atomic_path(path, overwrite=True) as temporary:
        try:
            with tf.io.TFRecordWriter(str(temporary)) as writer:
                for item in items:
                    records, failure = _records_of(builder, item)
                    failures += failure
                    count += len(records)
                    for record in records:
                        writer.write(record)
        except tf.errors.OpError as error:
            raise InputError(
                f"Cannot write {path} ({error.message}); free some space and run the same "
                "command again."
            ) from error
        digest = hashlib.sha256(temporary.read_bytes()).hexdigest()
        size = temporary.stat().st_size
    return Shard(name, split, count, size, digest), failures


def _plan(splits: dict[str, Sequence[Any]]) -> dict[str, tuple[str, Sequence[Any]]]:
    plan = {}
    for split, items in splits.items():
        for number, start in enumerate(range(0, len(items), SHARD_EXAMPLES)):
            name = f"{split}-{number:05d}.tfrecord"
            plan[name] = (split, items[start : start + SHARD_EXAMPLES])
    return plan


def open_output(
    folder: Path,
    config: Config,
    kind: str,
    settings: dict[str, Any],
    overwrite: bool,
    weights: dict[str, str] | None = None,
) -> Manifest:
    """Make the output folder; keep the finished shards of an equal run.

    Args:
        folder: made if needed.
        config: the data is prepared for.
        kind: of data.
        settings: of the preparation, JSON-able.
        overwrite: replace other data.
        weights: of the front end, where it computes the features: see `FrontEnd.weights`.

    Raises:
        InputError: the folder holds other data and `overwrite` is False, or cannot be written.
    """
    digest = settings_hash(config, kind, {**settings, "weights": weights} if weights else settings)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"Cannot make the folder {folder} ({error.strerror}).") from error
    _remove_leftovers(folder)
    kept, failures = [], {}
    if (folder / MANIFEST_NAME).exists() and not overwrite:
        old = read_manifest(folder)
        if old.settings_hash != digest:
            raise InputError(
                f"{folder} holds data prepared with other settings or from other files; "
                "pass --overwrite or choose another folder."
            )
        kept = [shard for shard in old.shards if shard.is_whole(folder)]
        names = {shard.name for shard in kept}
        failures = {name: old.failures[name] for name in names if name in old.failures}
    elif overwrite:
        (folder / MANIFEST_NAME).unlink(missing_ok=True)
        remove_notes(folder)
        for path in folder.glob("*.tfrecord"):
            path.unlink()
    for shard, failed in read_notes(folder, digest).values():
        if shard.name not in {known.name for known in kept}:
            kept.append(shard)
            failures |= {shard.name: failed} if failed else {}
    return Manifest(
        kind=kind,
        data_hash=data_hash(config),
        front_ends=config.video.visual.description(),
        weights=weights or {},
        settings_hash=digest,
        config=config.model_dump(mode="json"),
        settings=settings,
        shards=kept,
        failures=failures,
    )


def _remove_leftovers(folder: Path) -> None:
    """What killed processes were writing; what other parts are writing is younger."""
    for path in folder.glob(".vsg-*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _LEFTOVER_AGE:
                path.unlink()


def write_shards(
    folder: Path,
    manifest: Manifest,
    splits: dict[str, Sequence[Any]],
    builder: Builder,
    *,
    workers: Workers,
    console: Console | None = None,
) -> Manifest:
    """Build every shard that is not there yet and finish the manifest.

    Args:
        folder: output folder, from `open_output`.
        manifest: of that folder.
        splits: split name to items; the order decides the shards, so the result does not depend
            on the number of workers.
        builder: picklable; item to examples.
        workers: processes, a Beam runner, or a part of the shards, which leaves the manifest
            to the command that comes after all parts; 1 works in this process.

    Raises:
        InputError: no example could be made, or a worker process died.
    """
    plan = _plan(splits)
    done = {shard.name for shard in manifest.shards}
    jobs = {name: job for name, job in plan.items() if name not in done}
    if isinstance(workers, Part):
        return _write_part(folder, manifest, workers.of(plan), jobs, builder, workers.workers)

    manifest.save(folder)  # until the last shard is there the folder says that it is incomplete

    def keep(result: Result) -> int:
        shard, failures = result
        manifest.shards.append(shard)
        if failures:
            manifest.failures[shard.name] = failures
        manifest.save(folder)
        return len(jobs[shard.name][1])

    results = _build_all(folder, manifest.settings_hash, jobs, builder, workers)
    with stoppable(), Progress(console=console, transient=True) as progress:
        task = progress.add_task("preparing", total=sum(len(items) for _, items in jobs.values()))
        for result in results:
            progress.advance(task, keep(result))
    # In order of the shards, not of their making, so that equal work gives equal manifests.
    places = {name: place for place, name in enumerate(plan)}
    manifest.shards.sort(key=lambda shard: places[shard.name])
    failed = manifest.failures
    manifest.failures = {name: failed[name] for name in plan if name in failed}
    if not any(shard.count for shard in manifest.shards):
        first = next(iter(manifest.failures.values()), [{"reason": "nothing was found"}])[0]
        raise InputError(f"No example could be prepared ({first['reason']}).")
    manifest.complete = True
    manifest.save(folder)
    remove_notes(folder)
    return manifest


def _write_part(
    folder: Path,
    manifest: Manifest,
    own: dict[str, tuple[str, Sequence[Any]]],
    missing: dict[str, tuple[str, Sequence[Any]]],
    builder: Builder,
    workers: int,
) -> Manifest:
    """Make a part's missing shards, each with a note; the manifest is left to the last command."""
    jobs = {name: job for name, job in own.items() if name in missing}
    manifest.shards = [shard for shard in manifest.shards if shard.name in own]
    with stoppable():
        for result in _build_all(folder, manifest.settings_hash, jobs, builder, workers):
            write_note(folder, manifest.settings_hash, result)
            manifest.shards.append(result[0])
            manifest.failures |= {result[0].name: result[1]} if result[1] else {}
    return manifest


def _build_all(
    folder: Path,
    settings_hash: str,
    jobs: dict[str, tuple[str, Sequence[Any]]],
    builder: Builder,
    workers: int | BeamRunner,
) -> Iterator[Result]:
    if isinstance(workers, BeamRunner):
        if jobs:
            yield from shards_on_beam(workers, builder, folder, settings_hash, jobs)
        return
    if workers <= 1 or len(jobs) <= 1:
        for name, (split, items) in jobs.items():
            yield build_shard(builder, folder, name, split, items)
        return
    with worker_pool(builder, min(workers, len(jobs))) as pool:
        futures = [
            pool.submit(_build_in_worker, folder, name, split, items)
            for name, (split, items) in jobs.items()
        ]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool as error:
            raise InputError(
                "A worker process died, likely for lack of memory; "
                "run the same command again with fewer --workers."
            ) from error
