"""Recordings cut into single events; one recording, or one family of takes, is one timbre."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vsg_tf.audio.onsets import events_from_audio
from vsg_tf.audio.reading import load_audio
from vsg_tf.errors import InputError
from vsg_tf.timebase import TimeBase

AUDIO_SUFFIXES = {".wav", ".flac", ".ogg", ".opus", ".mp3"}
PRE_ROLL = 0.02  # s kept before an onset
_LONGEST_EVENT = 1.5  # s
_MOST_EVENTS = 12
_SHORTEST_EVENT = 0.03  # s after the onset
_TAIL_DB = 35.0  # an event ends where it is this far below its loudest moment
_QUIETEST = 0.15  # events with a lower peak, against the loudest of the file, are left out


@dataclass(frozen=True)
class Recording:
    """An audio file under one of the given folders; `name` is `<folder>/<relative path>`."""

    path: Path
    name: str

    @property
    def family(self) -> str:
        """Takes of one thing share it: ESC names by recording id, others up to trailing digits."""
        folder, _, file = self.name.rpartition("/")
        stem = Path(file).stem
        freesound = re.fullmatch(r"\d-(\d+)-[A-Z]", stem)
        core = freesound.group(1) if freesound else re.sub(r"[\s_-]*\d+$", "", stem)
        return f"{folder}/{core or stem}"


def check_pattern(pattern: str | None, option: str) -> None:
    """Raise InputError unless `pattern`, given as `option`, is a regular expression or None."""
    try:
        re.compile(pattern or "")
    except re.error as error:
        raise InputError(f"{option} {pattern!r} is no regular expression ({error}).") from error


def find_recordings(folders: Sequence[Path], exclude: str | None = None) -> list[Recording]:
    """Audio files below the folders, sorted by name.

    Args:
        folders: existing folders.
        exclude: regular expression; files whose name it finds are left out.

    Raises:
        InputError: a folder does not exist, or nothing is left.
    """
    found = []
    for folder in folders:
        if not folder.is_dir():
            raise InputError(f"There is no folder {folder}.")
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in AUDIO_SUFFIXES:
                relative = path.relative_to(folder).as_posix()
                found.append(Recording(path, f"{folder.name}/{relative}"))
    found = [r for r in found if not (exclude and re.search(exclude, r.name))]
    if not found:
        raise InputError(f"No audio file is left in {', '.join(map(str, folders))}.")
    return sorted(found, key=lambda recording: recording.name)


def stable_fraction(text: str) -> float:
    """A number in 0..1 that depends on `text` alone, for splits that never change."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2**48


def is_validation(recordings: Sequence[Recording], match: str | None, fraction: float) -> set[str]:
    """Families set aside for validation.

    Args:
        recordings: all of them.
        match: regular expression; a family with a file whose name it finds is validation.
        fraction: of the other families, chosen by a hash of their name.
    """
    chosen = {r.family for r in recordings if match and re.search(match, r.name)}
    return chosen | {r.family for r in recordings if stable_fraction(r.family) < fraction}


def _level(waveform: np.ndarray, window: int) -> np.ndarray:
    """RMS of consecutive windows, `[windows]`."""
    count = max(1, len(waveform) // window)
    padded = np.pad(waveform, (0, max(0, count * window - len(waveform))))
    return np.sqrt(np.mean(padded[: count * window].reshape(count, window) ** 2, axis=1))


def cut_events(waveform: np.ndarray, timebase: TimeBase) -> list[np.ndarray]:
    """The single sounds in a recording, loudest first.

    Args:
        waveform: `[samples]` mono.
        timebase: its sample rate and grid.

    Returns:
        At most 12 arrays `[samples]` float32 of at most 1.5 s; the onset of each is `PRE_ROLL`
        after its beginning, its ends are faded, its peak is 0.9.
    """
    rate = timebase.sample_rate
    peak = float(np.abs(waveform).max(initial=0.0))
    if peak < 1e-4:
        return []
    lead = round(PRE_ROLL * rate)
    padded = np.pad(waveform, (lead, 0)).astype(np.float32)
    times, _, _ = events_from_audio(padded, timebase)
    if not len(times):
        times = np.array([np.argmax(np.abs(padded)) / rate])
    onsets = np.unique(np.maximum(lead, np.round(times * rate).astype(int)))
    cuts = []
    for onset, following in zip(onsets, [*onsets[1:], len(padded) + lead], strict=True):
        stop = min(following - lead, onset + round(_LONGEST_EVENT * rate), len(padded))
        cut = _trim(padded[onset - lead : stop], lead, rate)
        if len(cut) >= lead + _SHORTEST_EVENT * rate and np.abs(cut).max() >= _QUIETEST * peak:
            cuts.append(cut)
    cuts.sort(key=lambda cut: -float(np.sum(cut**2)))
    return [(0.9 / np.abs(cut).max() * cut).astype(np.float32) for cut in cuts[:_MOST_EVENTS]]


def _trim(cut: np.ndarray, lead: int, rate: int) -> np.ndarray:
    window = round(0.01 * rate)
    level = 20 * np.log10(_level(cut, window) + 1e-9)
    loudest = int(level.argmax())
    quiet = np.nonzero(level[loudest:] < level[loudest] - _TAIL_DB)[0]
    if len(quiet):
        shortest = lead + round(_SHORTEST_EVENT * rate)
        cut = cut[: max(shortest, (loudest + int(quiet[0])) * window)]
    cut = cut.copy()
    fade_in, fade_out = round(0.005 * rate), min(len(cut) // 3, round(0.03 * rate))
    cut[:fade_in] *= np.linspace(0, 1, fade_in)
    cut[len(cut) - fade_out :] *= np.linspace(1, 0, fade_out)
    return cut


def cut_file(recording: Recording, timebase: TimeBase) -> list[np.ndarray]:
    """`cut_events` of a file.

    Raises:
        InputError: the file cannot be read or is silent.
    """
    cuts = cut_events(load_audio(recording.path, timebase.sample_rate), timebase)
    if not cuts:
        raise InputError(f"{recording.path} is silent.")
    return cuts
