"""How far ONNX Runtime is from TensorFlow, measured on the same inputs."""

from dataclasses import dataclass

import numpy as np

from vsg_tf.config import Config
from vsg_tf.export.differences import relative_difference
from vsg_tf.inference.runtimes.networks import Networks

LENGTHS = ((1, 32), (7, 33), (33, 61), (130, 172))  # feature frames, reference's mel frames
VOCODED = 33  # feature frames of which a waveform is made


@dataclass(frozen=True)
class Parity:
    """Differences between two runtimes of a model.

    Args:
        mel_largest, mel_mean: of decoded mels in 0..1.
        events_largest: of event curves in 0..1; None for models without events.
        waveform_relative: RMS of the difference of two waveforms over that of one of them, of
            the same mel and seed, by Griffin-Lim.
        vocoder_relative: the same by the vocoder; None for models without one.
    """

    mel_largest: float
    mel_mean: float
    events_largest: float | None
    waveform_relative: float
    vocoder_relative: float | None


def measure_parity(wanted: Networks, found: Networks, vocoder: bool) -> Parity:
    """Compare on odd lengths; the reference goes through each runtime's own encoder.

    Args:
        wanted, found: the runtimes.
        vocoder: whether they have one.
    """
    rng = np.random.default_rng(0)
    config = wanted.config
    mels, events, mel = [], [], None
    for frames, reference_frames in LENGTHS:
        features = _features(rng, config, frames)
        heard = _mel(rng, config, reference_frames)
        noise = _mel(rng, config, config.timebase.mel_frames(frames))
        drive = features
        if config.model.events.enabled:
            drive = _events(rng, frames / config.timebase.feature_rate)
            pair = [_sigmoid(networks.event_logits(features)) for networks in (wanted, found)]
            events.append(np.abs(pair[0] - pair[1]).max())
        mel, other = (
            networks.decode(drive, networks.encode_reference(heard), noise, frames)
            for networks in (wanted, found)
        )
        mels.append(np.abs(mel - other))
    part = mel[: config.timebase.mel_frames(VOCODED)]
    waveforms = [networks.waveform(part, seed=1) for networks in (wanted, found)]
    learnt = [networks.vocoder()(part) for networks in (wanted, found)] if vocoder else None
    return Parity(
        mel_largest=float(max(difference.max() for difference in mels)),
        mel_mean=float(np.concatenate([difference.ravel() for difference in mels]).mean()),
        events_largest=float(max(events)) if events else None,
        waveform_relative=relative_difference(*reversed(waveforms)),
        vocoder_relative=relative_difference(*reversed(learnt)) if learnt else None,
    )


def _features(rng: np.random.Generator, config: Config, frames: int) -> np.ndarray:
    if config.model.kind == "speechsplit":
        return _mel(rng, config, config.timebase.mel_frames(frames)).reshape(frames, -1)
    return rng.normal(size=(frames, config.drive_width)).astype(np.float32)


def _mel(rng: np.random.Generator, config: Config, frames: int) -> np.ndarray:
    """Bursts over a floor: levels vary in time as those of a recording do."""
    level = rng.uniform(0.1, 0.7, (frames, 1)) * rng.uniform(0.6, 1.0, (1, config.audio.n_mels))
    noise = rng.uniform(-0.05, 0.05, (frames, config.audio.n_mels))
    return np.clip(level + noise, 0.0, 1.0).astype(np.float32)


def _events(rng: np.random.Generator, seconds: float) -> np.ndarray:
    count = 1 + int(2 * seconds)
    rows = [rng.uniform(0, seconds, count), rng.uniform(0.2, 1, count), rng.uniform(0.1, 1, count)]
    return np.stack(rows, axis=-1).astype(np.float32)


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))
