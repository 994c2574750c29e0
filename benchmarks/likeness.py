"""Recordings, clips and marks that `renderers.py` and `sound.py` share.

Recordings are used one of a family; the order is drawn once, so that the first 40, on which
settings are chosen, and the next 57, on which none is, are always the same.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from timing import MOST_RATE, WINDOW

from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio
from vsg_tf.audio.reading import load_audio
from vsg_tf.data.synthetic.sources import find_recordings, is_validation
from vsg_tf.errors import InputError, VsgError
from vsg_tf.events import EventTrack
from vsg_tf.timebase import TimeBase

TUNED, UNTOUCHED = 40, 57  # recordings
CANDIDATES = 8
SHORTEST = 4.0  # s, of clips that are used
BASE = TimeBase()
MARKS = {
    "cosine": "cosine (speech)",
    "energy": "cosine (energy)",
    "mfcc": "MFCC distance",
    "top1": "right of 8, MFCC",
    "top1_mel": "right of 8, mean mel",
    "texture": "texture",
    "f1": "onset F1 - chance",
    "r": "envelope r",
    "floor": "floor, dB",
}


@dataclass(frozen=True)
class HeardClip:
    """A real clip whose onsets can be told apart.

    Args:
        path: of it.
        sound: its own, `[samples]` at the time base's rate.
        events: the onsets in it.
    """

    path: Path
    sound: np.ndarray
    events: EventTrack

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.sound) / BASE.sample_rate


def recordings_of(
    folders: list[Path], match: str, fraction: float, count: int, skip: int, seed: int
) -> list:
    """One validation recording of each family, in random order, without the first `skip`."""
    recordings = find_recordings(folders)
    valid = is_validation(recordings, match, fraction)
    chosen = {r.family: r for r in reversed(recordings) if r.family in valid}
    names = sorted(chosen)
    order = np.random.default_rng(seed).permutation(len(names))
    return [chosen[names[index]] for index in order[skip : skip + count]]


def clips_of(folders: list[Path]) -> list[HeardClip]:
    """Clips of at least 4 s with 2 to 3 onsets a second at most.

    Raises:
        InputError: there is none.
    """
    clips = []
    for path in sorted(path for folder in folders for path in folder.rglob("*.mp4")):
        try:
            sound = load_audio(path, BASE.sample_rate)
        except VsgError as error:
            print(f"left out: {error}")
            continue
        clip = HeardClip(path, sound, EventTrack(*events_from_audio(sound, BASE)))
        if len(clip.events) < 2 or clip.seconds < SHORTEST:
            continue
        if len(clip.events) <= MOST_RATE * clip.seconds:
            clips.append(clip)
    if not clips:
        raise InputError("No clip is long enough and has onsets that can be told apart.")
    return clips


def marks_of(made: np.ndarray, reference: np.ndarray, clip: HeardClip) -> dict[str, float]:
    """All of `MARKS` but the retrieval, of sounds `[samples]` at the time base's rate."""
    from vsg_tf.audio.mel import LogMel, level_db
    from vsg_tf.metrics.alignment import envelope_correlation, onset_chance, onset_scores
    from vsg_tf.metrics.background import noise_floor
    from vsg_tf.metrics.speaker import speaker_cosine
    from vsg_tf.metrics.texture import relative_texture
    from vsg_tf.metrics.timbre import full_band, mfcc_distance

    rate, truth = BASE.sample_rate, clip.events.times
    found = events_from_audio(made, BASE)[0]
    chance = onset_chance(truth, found, WINDOW, clip.seconds)
    count = BASE.feature_frames_for(clip.seconds)
    levels = [envelope_from_audio(one, BASE, count) for one in (made, clip.sound)]
    mel = LogMel(full_band(rate))
    return {
        "cosine": speaker_cosine(made, reference, rate),
        "energy": speaker_cosine(made, reference, rate, "energy"),
        "mfcc": mfcc_distance(made, reference, rate),
        "texture": relative_texture(level_db(mel(made)), level_db(mel(reference))),
        "f1": onset_scores(truth, found, WINDOW)["f1"] - chance["f1"],
        "r": envelope_correlation(*levels, BASE.feature_rate)["r"],
        "floor": noise_floor(made),
    }


def retrieval(made: list[np.ndarray], references: list[np.ndarray]) -> dict[str, list[float]]:
    """Whether each sound's own reference is the nearest of its group of 8."""
    from vsg_tf.metrics.similarity import correlation
    from vsg_tf.metrics.timbre import mean_spectrum, mfcc_statistics, statistics_distance

    right: dict[str, list[float]] = {"top1": [], "top1_mel": []}
    measures = {
        "top1": (mfcc_statistics, lambda a, b: -statistics_distance(a, b)),
        "top1_mel": (mean_spectrum, correlation),
    }
    for name, (describe, alike) in measures.items():
        wanted = [describe(one, BASE.sample_rate) for one in references]
        for index, waveform in enumerate(made):
            group = [(index + step) % len(made) for step in range(min(CANDIDATES, len(made)))]
            own = describe(waveform, BASE.sample_rate)
            scores = [alike(own, wanted[other]) for other in group]
            right[name].append(float(np.argmax(scores) == 0))
    return right


def print_table(
    title: str, words: dict[str, str], rows: dict[str, dict[str, list[float]]], mask: np.ndarray
) -> None:
    """A Markdown table of means with 95 % bootstrap intervals, one column a system."""
    from vsg_tf.metrics.statistics import bootstrap_mean

    print(f"\n{title}, {int(mask.sum())} recordings\n")
    print(f"| measure | {' | '.join(rows)} |\n|---|{'---|' * len(rows)}")
    for name, text in words.items():
        cells = []
        for scores in rows.values():
            values = np.array(scores[name], float)[mask]
            values = values[~np.isnan(values)]
            if len(values) < 2:
                cells.append("" if not len(values) else f"{values[0]:.2f} (1)")
                continue
            estimate, digits = bootstrap_mean(values), 3 if name == "rtf" else 2
            count = f" ({len(values)})" if len(values) < mask.sum() else ""
            mean, low, high = (
                f"{value:.{digits}f}" for value in (estimate.mean, estimate.low, estimate.high)
            )
            cells.append(f"{mean} [{low}, {high}]{count}")
        print(f"| {text} | {' | '.join(cells)} |")
