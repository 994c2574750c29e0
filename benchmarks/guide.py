"""Guide sounds: what is played in time with a clip's own sound, against that sound.

    python benchmarks/guide.py --videos CLIPS --references RECORDINGS --sketches VOICES

Each real clip with sound is given two recordings from elsewhere, one of single sounds and one of a
sound that lasts, and is rendered with each by its own sound as guide; by the onsets that are
found in its sound with their strengths and lengths, given as a list; and with --pixels
by its picture. Onsets of the results are compared with those of the clip's sound at 50 and 100 ms,
above chance (circular shifts); the loudness curves are correlated at lag 0 and at the best lag;
timbre is compared with the recording. Intervals are 95 % bootstrap over clips.

With --sketches, every recording of a folder of voices is placed at a known time in a made-up take
(the time at which it first comes within 30 dB of its peak), and counts as found if the guide has an
event within 50 ms. Takes differ in level and in the noise of their room.
"""

import itertools
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from timing import MOST_RATE

from vsg_tf.command import run
from vsg_tf.errors import InputError, VsgError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
WINDOWS = (0.05, 0.1)  # s
MEASURES = {
    "f1_50": "onset F1 - chance, 50 ms",
    "f1_100": "onset F1 - chance, 100 ms",
    "r": "envelope r, lag 0",
    "best": "envelope r, best lag",
    "cosine": "cosine (speech)",
    "energy": "cosine (energy)",
    "mfcc": "MFCC distance",
    "events": "events played",
}
STARTS_DB = 30.0  # below its peak a placed voice begins
ROOMS_DB = (-80.0, -60.0, -50.0)  # noise of the rooms in which sketches are performed
A_TAKE = 8  # voices
FINE = 110  # samples over which the level of a voice is taken, 5 ms


def _timings(synthesizer, clip, heard, pixels: bool):
    """The timings that are compared, by name."""
    from vsg_tf.timing.sources import Scene, find_timing, guide_request
    from vsg_tf.timing.timing import Timing

    timings = {
        "own sound as guide": find_timing(guide_request("own"), Scene(clip)),
        "true onsets as list": Timing(clip.duration_s, heard),
    }
    if pixels:
        timings["picture"] = synthesizer.picture(clip)
    return timings


def _scores(made, timing, reference, sound, heard, synthesizer) -> dict[str, float]:
    from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio
    from vsg_tf.metrics.alignment import envelope_correlation, onset_chance, onset_scores
    from vsg_tf.metrics.speaker import speaker_cosine
    from vsg_tf.metrics.timbre import mfcc_distance

    timebase, rate = synthesizer.timebase, synthesizer.sample_rate
    found = events_from_audio(made, timebase)[0]
    gains = [
        onset_scores(heard.times, found, window)["f1"]
        - onset_chance(heard.times, found, window, timing.duration_s)["f1"]
        for window in WINDOWS
    ]
    count = timebase.feature_frames_for(timing.duration_s)
    levels = [envelope_from_audio(one, timebase, count) for one in (made, sound)]
    curves = envelope_correlation(*levels, timebase.feature_rate)
    return {
        "f1_50": gains[0],
        "f1_100": gains[1],
        "r": curves["r"],
        "best": curves["best"],
        "cosine": speaker_cosine(made, reference, rate),
        "energy": speaker_cosine(made, reference, rate, "energy"),
        "mfcc": mfcc_distance(made, reference, rate),
        "events": len(timing.events),
    }


def _references(folders: list[Path], match: str, fraction: float, seed: int, synthesizer):
    """Endless validation recordings of single sounds, and of sounds that last."""
    from vsg_tf.data.synthetic.sources import find_recordings, is_validation
    from vsg_tf.grains.kinds import Kind
    from vsg_tf.inference.renderers.grains import material_of

    recordings = find_recordings(folders)
    valid = is_validation(recordings, match, fraction)
    chosen = {each.family: each for each in reversed(recordings) if each.family in valid}
    names = sorted(chosen)
    kinds = {True: [], False: []}
    for index in np.random.default_rng(seed).permutation(len(names)):
        voice = synthesizer.voice(chosen[names[index]].path)
        kinds[material_of(voice).takes[0].kind is Kind.LASTING].append(voice)
    if not all(kinds.values()):
        raise InputError("The recordings must hold single sounds and sounds that last.")
    return {
        "Single sounds": itertools.cycle(kinds[False]),
        "Sounds that last": itertools.cycle(kinds[True]),
    }


def _table(title: str, rows: list[dict[str, dict[str, float]]]) -> None:
    from vsg_tf.metrics.statistics import bootstrap_mean

    print(f"\n{title}, {len(rows)} clips\n")
    print(f"| measure | {' | '.join(rows[0])} |\n|---|{'---|' * len(rows[0])}")
    for name, words in MEASURES.items():
        cells = []
        for system in rows[0]:
            estimate = bootstrap_mean(np.array([row[system][name] for row in rows]))
            cells.append(f"{estimate.mean:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]")
        print(f"| {words} | {' | '.join(cells)} |")


def _rendered(videos, references, model, pixels, match, fraction, seed, keep) -> None:
    import soundfile

    from vsg_tf.audio.onsets import events_from_audio
    from vsg_tf.events import EventTrack
    from vsg_tf.inference.synthesizer import Synthesizer
    from vsg_tf.video.clip import Clip

    synthesizer = Synthesizer.load(model)
    rate = synthesizer.sample_rate
    voices = _references(references, match, fraction, seed, synthesizer)
    rows = {kind: [] for kind in voices}
    sparse = []
    for path in sorted(path for folder in videos for path in folder.rglob("*.mp4")):
        try:
            with Clip.open(path) as clip:
                sound = clip.sound().mono(rate)[: round(clip.duration_s * rate)]
                heard = EventTrack(*events_from_audio(sound, synthesizer.timebase))
                if not len(heard):
                    raise InputError(f"{path} has no onset in its sound.")
                timings = _timings(synthesizer, clip, heard, pixels)
        except VsgError as error:
            print(f"left out: {error}")
            continue
        sparse.append(len(heard) <= MOST_RATE * len(sound) / rate)
        for kind, recordings in voices.items():
            voice = next(recordings)
            reference = voice.sounds[0].mono(rate)
            scores = {}
            for name, timing in timings.items():
                made = synthesizer.render(timing, voice).mono(rate)
                scores[name] = _scores(made, timing, reference, sound, heard, synthesizer)
                if keep is not None:
                    keep.mkdir(parents=True, exist_ok=True)
                    soundfile.write(keep / f"{path.stem}-{kind[:6]}-{name[:4]}.wav", made, rate)
            rows[kind].append(scores)
    if not sparse:
        raise InputError("No clip could be scored.")
    for kind, scores in rows.items():
        _table(f"{kind}, all clips", scores)
        few = [score for score, chosen in zip(scores, sparse, strict=True) if chosen]
        if few:
            _table(f"{kind}, clips with at most {MOST_RATE:g} onsets a second", few)


def _starts(voice: np.ndarray) -> int:
    """Sample at which a voice first comes within 30 dB of its peak."""
    blocks = voice[: len(voice) // FINE * FINE].reshape(-1, FINE)
    power = np.convolve(np.square(blocks, dtype=np.float64).mean(axis=1), np.ones(3) / 3, "same")
    return int(np.flatnonzero(power > power.max() * 10 ** (-STARTS_DB / 10))[0]) * FINE


def _sketches(folder: Path, seed: int) -> None:
    from vsg_tf.audio.attacks import RATE
    from vsg_tf.audio.reading import Sound, load_audio
    from vsg_tf.data.synthetic.sources import find_recordings
    from vsg_tf.timing.guide import guide_timing

    voices = [load_audio(each.path, RATE) for each in find_recordings([folder])]
    print(f"\nSketches of {len(voices)} voices\n")
    print("| noise of the room | within 50 ms | median error, ms | events a voice |")
    print("|---|---|---|---|")
    for room in ROOMS_DB:
        rng = np.random.default_rng(seed)
        errors, events = [], 0
        order = rng.permutation(len(voices))
        for first in range(0, len(order), A_TAKE):
            parts, known, at = [], [], round(0.5 * RATE)
            for voice in (voices[index] for index in order[first : first + A_TAKE]):
                known.append((at + _starts(voice)) / RATE)
                gain = 10 ** (rng.uniform(-14, -6) / 20) / np.abs(voice).max()
                parts.append((at, voice * gain))
                at += len(voice) + round(rng.uniform(0.3, 0.8) * RATE)
            take = rng.normal(size=at) * 10 ** (room / 20)
            for start, voice in parts:
                take[start : start + len(voice)] += voice
            found = guide_timing(Sound(take[:, None].astype(np.float32), RATE)).events.times
            errors += [np.abs(found - time).min() for time in known]
            events += len(found)
        near = np.mean(np.array(errors) <= WINDOWS[0])
        median = 1000 * np.median(errors)
        print(f"| {room:g} dB | {near:.3f} | {median:.1f} | {events / len(voices):.1f} |")


@app.command()
def main(
    videos: Annotated[
        list[Path] | None,
        typer.Option(help="Folder of real clips with sound; may be given several times."),
    ] = None,
    references: Annotated[
        list[Path] | None,
        typer.Option(help="Folder of recordings; may be given several times."),
    ] = None,
    sketches: Annotated[Path | None, typer.Option(help="Folder of recorded voices.")] = None,
    model: Annotated[Path | None, typer.Option(help="Model folder; default: what ships.")] = None,
    pixels: Annotated[bool, typer.Option("--pixels", help="Render by the picture, too.")] = False,
    valid_match: Annotated[str, typer.Option(help="As in vsg prepare synthetic.")] = "(^|/)4-",
    valid_fraction: Annotated[float, typer.Option(help="As in vsg prepare synthetic.")] = 0.1,
    keep: Annotated[Path | None, typer.Option(help="Folder to keep the sounds in.")] = None,
    seed: Annotated[int, typer.Option(help="Of the choice of recordings.")] = 0,
) -> None:
    """Print Markdown tables."""
    if not sketches and not (videos and references):
        raise InputError("Give --videos with --references, or --sketches.")
    if videos and references:
        _rendered(videos, references, model, pixels, valid_match, valid_fraction, seed, keep)
    if sketches is not None:
        _sketches(sketches, seed)


if __name__ == "__main__":
    run(app)
