"""Clips a second of preparation against workers, and what each part of the work is worth.

    python benchmarks/preparation.py VIDEOS --config configs/default.yaml --workers 1 --workers 2

Prepares all videos of a folder with so many processes each time (with --runner beam by a local
Beam runner), then times decoding, features and sound of the same videos one after the other. From
the seconds of a core for a clip it tells what VGGSound takes: 200,000 clips of 10 s.
"""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from vsg_tf.config import Config, load_config

VGGSOUND_CLIPS = 200_000
VGGSOUND_SECONDS = 10.0


def main(
    videos: Annotated[Path, typer.Argument(help="Folder of videos with sound.")],
    config: Annotated[Path, typer.Option("--config", "-c", help="YAML file.")],
    workers: Annotated[
        list[int] | None, typer.Option(help="Processes; default 1 and 2. Repeatable.")
    ] = None,
    runner: Annotated[Literal["processes", "beam"], typer.Option(help="Who works.")] = "processes",
) -> None:
    """Print a line for each number of workers, one for each part, and the cost of VGGSound."""
    from vsg_tf.data import shards
    from vsg_tf.data.beam import BeamRunner
    from vsg_tf.data.video_folder import prepare_videos

    settings = load_config(config, [])
    shards.SHARD_EXAMPLES = 4  # few videos: small shards, or one worker would have them all
    for count in workers or (1, 2):
        place = Path(tempfile.mkdtemp())
        crew = BeamRunner((), count) if runner == "beam" else count
        start = time.perf_counter()
        manifest = prepare_videos(settings, videos, place / "out", workers=crew)
        taken = time.perf_counter() - start
        made = sum(shard.count for shard in manifest.shards)
        rate = f"{made / taken:.2f} a second"
        print(f"{count} workers ({runner}): {made} clips in {taken:.1f} s, {rate}")
        shutil.rmtree(place)
    _parts(settings, sorted(path for path in videos.rglob("*.mp4")))


def _parts(settings: Config, paths: list[Path]) -> None:
    import cv2
    from threadpoolctl import threadpool_limits

    from vsg_tf.audio.mel import LogMel
    from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio
    from vsg_tf.data.records import clip_frames
    from vsg_tf.data.video_clips import VideoCutter
    from vsg_tf.frontends.motion.cells import HEIGHT, WIDTH
    from vsg_tf.video.clip import Clip

    cv2.setNumThreads(1)
    cutter, log_mel = VideoCutter(settings), LogMel(settings.audio)
    rate, timebase, frames = settings.audio.sample_rate, settings.timebase, clip_frames(settings)
    seconds = {"decoding": 0.0, "sound": 0.0, "all": 0.0}
    covered = 0.0
    with threadpool_limits(1):
        for path in paths:
            start = time.process_time()
            examples = list(cutter.cut(path, path.stem, path.stem, ""))
            seconds["all"] += time.process_time() - start
            covered += len(examples) * settings.data.clip_seconds
            with Clip.open(path) as clip:
                start = time.process_time()
                for _ in clip.frames(WIDTH, HEIGHT):
                    pass
                seconds["decoding"] += time.process_time() - start
                start = time.process_time()
                waveform = clip.sound().mono(rate)
            log_mel(waveform)
            envelope_from_audio(waveform, timebase, frames)
            events_from_audio(waveform, timebase)
            seconds["sound"] += time.process_time() - start
    whole = seconds.pop("all")
    seconds["features"] = whole - sum(seconds.values())
    for name, value in seconds.items():
        print(f"{name}: {value / whole:.0%}")
    each = whole / covered
    hours = VGGSOUND_CLIPS * VGGSOUND_SECONDS * each / 3600
    print(f"{each:.4f} core-seconds a second of clip; VGGSound: about {hours:.0f} core-hours")


if __name__ == "__main__":
    typer.run(main)
