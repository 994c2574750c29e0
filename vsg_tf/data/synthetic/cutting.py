"""Cutting all recordings of a corpus, by worker processes."""

from concurrent.futures import Future
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from vsg_tf.data.synthetic.bank import Bank, Piece, collect, load_bank, read_piece
from vsg_tf.data.workers import stoppable, worker_pool
from vsg_tf.errors import InputError, VsgError


def _cut_all(pieces: list[Piece], workers: int, console: Console | None) -> Bank:
    results: list[list | str] = []
    with stoppable(), Progress(console=console, transient=True) as progress:
        task = progress.add_task("cutting recordings", total=len(pieces))
        with worker_pool(read_piece, max(1, workers)) as pool:
            futures: list[Future] = [pool.submit(read_piece, piece) for piece in pieces]
            for future in futures:
                try:
                    results.append(future.result())
                except VsgError as error:
                    results.append(str(error))
                except Exception as error:
                    # Decoders raise what they like on damaged files.
                    results.append(f"{type(error).__name__}: {error}")
                progress.advance(task)
    return collect(pieces, results)


def read_bank(
    path: Path, pieces: list[Piece], key: str, workers: int, console: Console | None
) -> Bank:
    """The bank at `path` if it was made with `key`; else cut all pieces and keep the result there.

    Args:
        path: of the bank's file.
        pieces: recordings to cut; those that cannot be read end up in `Bank.failures`.
        key: tells whether a bank is of these pieces.
        workers: processes.
        console: where progress is shown.
    """
    if path.exists():
        try:
            bank, stored = load_bank(path)
            if stored == key:
                return bank
        except InputError:
            pass  # a damaged cache is made again
    bank = _cut_all(pieces, workers, console)
    bank.save(path, key)
    return bank
