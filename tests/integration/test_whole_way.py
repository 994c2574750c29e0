"""From nothing to a clip with sound, by the commands a person types, on the debug configuration."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import soundfile

REPOSITORY = Path(__file__).parents[2]
CONFIG = REPOSITORY / "configs" / "debug.yaml"


def _vsg(*arguments) -> subprocess.CompletedProcess:
    result = subprocess.run(
        [str(Path(sys.executable).with_name("vsg")), *map(str, arguments)],
        cwd=REPOSITORY,
        env={**os.environ, "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    return result


def test_prepare_train_generate(tmp_path):
    data, run, clips = tmp_path / "data", tmp_path / "run", tmp_path / "clips"
    prepared = _vsg(
        *("prepare", "synthetic", "--procedural", "--config", CONFIG, "--out", data),
        *("--count", 8, "--valid-count", 2, "--clips-out", clips, "--clips", 1, "--workers", 1),
    )
    assert "8 train, 2 valid examples" in prepared.stdout

    trained = _vsg(
        *("train", "--config", CONFIG, "--data", data, "--out", run),
        *("--set", "training.log_every=1"),
    )

    losses = [float(loss) for loss in re.findall(r"^step .*?  mel (\S+)", trained.stderr, re.M)]
    assert len(losses) == 60 and np.mean(losses[-6:]) < 0.6 * np.mean(losses[:6])
    assert "discriminator" in trained.stderr and "mel_l1" in trained.stderr
    assert "Traceback" not in trained.stderr
    state = json.loads((run / "checkpoints" / "step-00000060" / "state.json").read_text())
    assert state["config"]["name"] == "debug"
    assert next((run / "logs").glob("events.out.tfevents*")).stat().st_size > 10_000

    (clip,) = clips.glob("*.mp4")
    output, wav = tmp_path / "out.mp4", tmp_path / "out.wav"
    _vsg(
        *("generate", "--video", clip, "--reference", clip.with_suffix(".reference.wav")),
        *("--output", output, "--wav", wav, "--model", run / "model"),
    )
    sound, rate = soundfile.read(wav)
    with av.open(str(output)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        lengths = [float(stream.duration * stream.time_base) for stream in (video, audio)]
    assert abs(lengths[0] - lengths[1]) < 0.05 and abs(len(sound) / rate - lengths[0]) < 0.05
    assert np.abs(sound).max() > 0.01
