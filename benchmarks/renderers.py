"""Renderers side by side: timbre, texture, timing and floor of what each makes.

    python benchmarks/renderers.py --videos CLIPS --references RECORDINGS

Each recording set aside for validation is given to one real clip with sound, whose onsets are
found in its sound (oracle timing) or, with --pixels, in its pictures; clips have at least 4 s and
at most 3 onsets a second. Every renderer plays the same events. The first column is
a bound, the recording repeated; the second is the sampler of vsg_tf/baselines, which pastes the
recording's loudest events at the same events. Recordings are used one of a family; the right
reference has to be nearest among 8 of them (MFCC, then mean mel). Onsets are compared with those of
the clip's own sound at 100 ms. Intervals are 95 % bootstrap over pairs.
"""

import time
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from timing import MOST_RATE, WINDOW

from vsg_tf.command import run
from vsg_tf.errors import InputError, VsgError
from vsg_tf.inference.renderers.names import RendererName

BOUND, SAMPLER = "recording, repeated", "sampler"
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
CANDIDATES = 8
SHORTEST = 4.0  # s, of clips that are used
MEASURES = {
    "cosine": "cosine (speech)",
    "energy": "cosine (energy)",
    "mfcc": "MFCC distance",
    "top1": "right of 8, MFCC",
    "top1_mel": "right of 8, mean mel",
    "texture": "texture",
    "f1": "onset F1 - chance",
    "r": "envelope r",
    "floor": "floor, dB",
    "rtf": "real-time factor",
}


def _families(folders: list[Path], match: str, fraction: float, count: int, skip: int, seed: int):
    """One validation recording of each family, in random order, without the first `skip`."""
    from vsg_tf.data.synthetic.sources import find_recordings, is_validation

    recordings = find_recordings(folders)
    valid = is_validation(recordings, match, fraction)
    chosen = {r.family: r for r in reversed(recordings) if r.family in valid}
    names = sorted(chosen)
    order = np.random.default_rng(seed).permutation(len(names))
    return [chosen[names[index]] for index in order[skip : skip + count]]


def _clips(folders: list[Path], synthesizer, pixels: bool):
    """Timing, sound and onsets of clips whose onsets can be told apart."""
    from vsg_tf.audio.onsets import events_from_audio
    from vsg_tf.audio.reading import load_audio
    from vsg_tf.events import EventTrack
    from vsg_tf.timing.timing import Timing
    from vsg_tf.video.clip import Clip

    clips = []
    for path in sorted(path for folder in folders for path in folder.rglob("*.mp4")):
        try:
            sound = load_audio(path, synthesizer.sample_rate)
        except VsgError as error:
            print(f"left out: {error}")
            continue
        heard = EventTrack(*events_from_audio(sound, synthesizer.timebase))
        seconds = len(sound) / synthesizer.sample_rate
        if len(heard) < 2 or seconds < SHORTEST or len(heard) > MOST_RATE * seconds:
            continue
        if pixels:
            with Clip.open(path) as clip:
                timing = synthesizer.picture(clip)
        else:  # how long the clip's own sound rings says nothing of the reference's
            timing = Timing(seconds, heard, estimated=True)
        clips.append((timing, sound, heard))
    if not clips:
        raise InputError("No clip is long enough and has onsets that can be told apart.")
    return clips


def _available(synthesizer) -> list[RendererName]:
    names = []
    for name in RendererName:
        try:
            synthesizer.check_renderer(name)
        except InputError as error:
            print(f"left out: {error}")
        else:
            names.append(name)
    return names


def _play(synthesizer, renderer, voice, timing):
    """Waveform `[samples]` at the model's rate, and the real-time factor."""
    from vsg_tf.inference.options import RenderOptions

    start = time.perf_counter()
    rendering = synthesizer.render(timing, voice, RenderOptions(renderer=renderer))
    waveform = rendering.mono(synthesizer.sample_rate)
    return waveform, (time.perf_counter() - start) / timing.duration_s


def _scores(made, reference, clip, synthesizer) -> dict[str, float]:
    from vsg_tf.audio.mel import LogMel, level_db
    from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio
    from vsg_tf.metrics.alignment import envelope_correlation, onset_chance, onset_scores
    from vsg_tf.metrics.background import noise_floor
    from vsg_tf.metrics.speaker import speaker_cosine
    from vsg_tf.metrics.texture import relative_texture
    from vsg_tf.metrics.timbre import full_band, mfcc_distance

    timing, sound, heard = clip
    timebase, rate = synthesizer.timebase, synthesizer.sample_rate
    found = events_from_audio(made, timebase)[0]
    chance = onset_chance(heard.times, found, WINDOW, timing.duration_s)
    count = timebase.feature_frames_for(timing.duration_s)
    levels = [envelope_from_audio(one, timebase, count) for one in (made, sound)]
    mel = LogMel(full_band(rate))
    return {
        "cosine": speaker_cosine(made, reference, rate),
        "energy": speaker_cosine(made, reference, rate, "energy"),
        "mfcc": mfcc_distance(made, reference, rate),
        "texture": relative_texture(level_db(mel(made)), level_db(mel(reference))),
        "f1": onset_scores(heard.times, found, WINDOW)["f1"] - chance["f1"],
        "r": envelope_correlation(*levels, timebase.feature_rate)["r"],
        "floor": noise_floor(made),
    }


def _retrieval(made: list[np.ndarray], references: list[np.ndarray], rate: int):
    """Whether each sound's own reference is the nearest of its group of 8."""
    from vsg_tf.metrics.similarity import correlation
    from vsg_tf.metrics.timbre import mean_spectrum, mfcc_statistics, statistics_distance

    right = {"top1": [], "top1_mel": []}
    measures = {
        "top1": (mfcc_statistics, lambda a, b: -statistics_distance(a, b)),
        "top1_mel": (mean_spectrum, correlation),
    }
    for name, (describe, alike) in measures.items():
        wanted = [describe(one, rate) for one in references]
        for index, waveform in enumerate(made):
            group = [(index + step) % len(made) for step in range(min(CANDIDATES, len(made)))]
            own = describe(waveform, rate)
            scores = [alike(own, wanted[other]) for other in group]
            right[name].append(float(np.argmax(scores) == 0))
    return right


def _table(title: str, rows: dict[str, dict[str, list[float]]], mask: np.ndarray) -> None:
    from vsg_tf.metrics.statistics import bootstrap_mean

    print(f"\n{title}, {int(mask.sum())} pairs\n")
    print(f"| measure | {' | '.join(rows)} |\n|---|{'---|' * len(rows)}")
    for name, words in MEASURES.items():
        cells = []
        for scores in rows.values():
            values = np.array(scores[name])[mask]
            estimate = bootstrap_mean(values)
            cells.append(f"{estimate.mean:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]")
        print(f"| {words} | {' | '.join(cells)} |")


@app.command()
def main(
    videos: Annotated[
        list[Path],
        typer.Option(help="Folder of real clips with sound; may be given several times."),
    ],
    references: Annotated[
        list[Path], typer.Option(help="Folder of recordings; may be given several times.")
    ],
    model: Annotated[Path | None, typer.Option(help="Model folder; default: what ships.")] = None,
    renderer: Annotated[
        list[RendererName] | None,
        typer.Option(help="Renderers to compare; default: all that the model has networks for."),
    ] = None,
    pixels: Annotated[bool, typer.Option(help="Events from the picture.")] = False,
    count: Annotated[int, typer.Option(help="Pairs.", min=2)] = 48,
    skip: Annotated[
        int, typer.Option(help="Recordings left out first, as those that settings were tuned on.")
    ] = 0,
    valid_match: Annotated[str, typer.Option(help="As in vsg prepare synthetic.")] = "(^|/)4-",
    valid_fraction: Annotated[float, typer.Option(help="As in vsg prepare synthetic.")] = 0.1,
    keep: Annotated[Path | None, typer.Option(help="Folder to keep the sounds in.")] = None,
    seed: Annotated[int, typer.Option(help="Of the choice of recordings.")] = 0,
) -> None:
    """Print Markdown tables: recordings of single sounds, then sounds that go on."""
    import soundfile

    from vsg_tf.baselines.sampler import cut_takes, paste
    from vsg_tf.grains.segments import are_separate
    from vsg_tf.inference.synthesizer import Synthesizer

    synthesizer = Synthesizer.load(model)
    timebase, rate = synthesizer.timebase, synthesizer.sample_rate
    clips = _clips(videos, synthesizer, pixels)
    recordings = _families(references, valid_match, valid_fraction, count, skip, seed)
    names = renderer or _available(synthesizer)
    systems = [BOUND, SAMPLER, *(name.value for name in names)]
    rows = {name: {key: [] for key in MEASURES} for name in systems}
    made = {name: [] for name in systems}
    heard, separate = [], []
    for index, recording in enumerate(recordings):
        clip = clips[index % len(clips)]
        timing = clip[0]
        voice = synthesizer.voice(recording.path)
        sound = voice.sounds[0]
        heard.append(sound.mono(rate))
        separate.append(are_separate(sound.waveform, sound.sample_rate))
        for name in rows:
            if name == BOUND:
                waveform, taken = np.resize(heard[-1], len(clip[1])), np.nan
            elif name == SAMPLER:
                waveform = paste(cut_takes(heard[-1], timebase), timing.events, len(clip[1]), rate)
                taken = np.nan
            else:
                waveform, taken = _play(synthesizer, name, voice, timing)
            made[name].append(waveform)
            for key, value in _scores(waveform, heard[-1], clip, synthesizer).items():
                rows[name][key].append(value)
            rows[name]["rtf"].append(taken)
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                stem = recording.name.replace("/", "-")
                soundfile.write(keep / f"{index:02d}-{stem}-{name}.wav", waveform, rate)
    for name, row in rows.items():
        row.update(_retrieval(made[name], heard, rate))
    separate = np.array(separate)
    for title, mask in (
        ("All", np.ones(len(separate), bool)),
        ("Single sounds", separate),
        ("Sounds that go on", ~separate),
    ):
        if mask.any():
            _table(title, rows, mask)


if __name__ == "__main__":
    run(app)
