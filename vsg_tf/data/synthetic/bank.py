"""All sounds of a corpus in one array file, shared by the worker processes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from vsg_tf.atomic import atomic_path
from vsg_tf.audio.reading import load_audio
from vsg_tf.data.synthetic.sources import Recording, cut_file
from vsg_tf.errors import InputError
from vsg_tf.timebase import TimeBase

BANK_NAME = "sources.npz"
# More of one recording adds little and costs memory.
_MOST_SECONDS = {"recordings": 20.0, "backgrounds": 30.0}
_SHORTEST_SECONDS = {"recordings": 2.0, "backgrounds": 0.5}
_FULL_SCALE = 32767


@dataclass(frozen=True)
class Piece:
    """One recording of the bank, picklable job of a worker; `kind` is an attribute of `Bank`."""

    recording: Recording
    timebase: TimeBase
    kind: str


@dataclass
class Bank:
    """Waveforms by family, int16 at the corpus' sample rate.

    Args:
        events: family to its cut events; each array begins `sources.PRE_ROLL` before its onset.
        recordings: family to those of the same files that last 2 s or longer, whole.
        backgrounds: family to whole recordings.
        failures: name of a file to why it was left out.
    """

    events: dict[str, list[np.ndarray]] = field(default_factory=dict)
    recordings: dict[str, list[np.ndarray]] = field(default_factory=dict)
    backgrounds: dict[str, list[np.ndarray]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def save(self, path: Path, key: str) -> None:
        """Write one array of all samples and a table of where each piece lies; `key` is kept."""
        pieces, table, position = [], [], 0
        for kind in ("events", "recordings", "backgrounds"):
            for family, waveforms in getattr(self, kind).items():
                for waveform in waveforms:
                    table.append([kind, family, position, position + len(waveform)])
                    position += len(waveform)
                    pieces.append(waveform)
        text = json.dumps({"key": key, "table": table, "failures": self.failures})
        samples = np.concatenate(pieces) if pieces else np.zeros(0, np.int16)
        with atomic_path(path, overwrite=True) as temporary, temporary.open("wb") as file:
            np.savez(file, samples=samples, table=np.frombuffer(text.encode(), np.uint8))


def load_bank(path: Path) -> tuple[Bank, str]:
    """Read what `Bank.save` wrote; returns the bank and its key.

    Raises:
        InputError: the file is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            samples, text = stored["samples"], stored["table"].tobytes().decode()
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise InputError(f"Cannot read {path}; prepare the data again.") from error
    values = json.loads(text)
    bank = Bank(failures=values["failures"])
    for kind, family, start, stop in values["table"]:
        getattr(bank, kind).setdefault(family, []).append(samples[start:stop])
    return bank, values["key"]


def as_float(waveform: np.ndarray) -> np.ndarray:
    """int16 samples of the bank as float32 in -1..1."""
    return waveform.astype(np.float32) / _FULL_SCALE


def _as_int16(waveform: np.ndarray) -> np.ndarray:
    return np.round(np.clip(waveform, -1, 1) * _FULL_SCALE).astype(np.int16)


def read_piece(piece: Piece) -> list[np.ndarray]:
    """The int16 waveforms of one recording: its events, or the whole of it.

    A recording that is too short to be of use whole gives none.

    Raises:
        InputError: the file cannot be read or is silent, or a background is too short.
    """
    if piece.kind == "events":
        return [_as_int16(cut) for cut in cut_file(piece.recording, piece.timebase)]
    path, rate = piece.recording.path, piece.timebase.sample_rate
    waveform = load_audio(path, rate, max_seconds=_MOST_SECONDS[piece.kind])
    peak, shortest = np.abs(waveform).max(), _SHORTEST_SECONDS[piece.kind]
    short = len(waveform) < shortest * rate
    if short and piece.kind == "recordings":
        return []
    if short or peak < 1e-4:
        raise InputError(f"{path} is silent or shorter than {shortest:g} s.")
    return [_as_int16(0.9 * waveform / peak)]


def collect(pieces: Sequence[Piece], results: Sequence[list[np.ndarray] | str]) -> Bank:
    """Join what `read_piece` gave for each piece (or why it failed) into a bank."""
    bank = Bank()
    for piece, result in zip(pieces, results, strict=True):
        if isinstance(result, str):
            bank.failures[piece.recording.name] = result
        elif result:
            kind = getattr(bank, piece.kind)
            kind.setdefault(piece.recording.family, []).extend(result)
    return bank
