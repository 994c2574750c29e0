"""Where the paper's acoustic encoder still knows a sound's spectrum before anything is learnt.

    python benchmarks/paper_probe.py --config configs/paper_small.yaml --data DATA

A linear reader (ridge regression, fitted on three quarters of the sources, tested on the others)
looks for the spectrum of each clip's loudest fifth of frames, without its level, in the pooled
values at each place of an untrained encoder, with random resampling as in training and without.
`R2` is the share of the spectrum's variance that it finds, `spread` how far the values of two
sounds lie apart. What a random network hides from a linear reader, training has to dig out first.
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from vsg_tf.command import run
from vsg_tf.extras import require

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
_PENALTIES = (1.0, 10.0, 100.0, 1000.0)
_LOUDEST = 5  # one frame in so many


def _loudest(mel: np.ndarray) -> np.ndarray:
    """`[clips, frames]`: indices of the loudest fifth of the frames of `[clips, frames, M]`."""
    power = np.power(10.0, 10.0 * mel).mean(axis=-1)
    return np.argsort(-power, axis=1)[:, : mel.shape[1] // _LOUDEST]


def _shapes(mel: np.ndarray) -> np.ndarray:
    """Spectra of the loud frames without their level, `[clips, M]`."""
    loud = np.take_along_axis(mel, _loudest(mel)[..., None], axis=1).mean(axis=1)
    return loud - loud.mean(axis=1, keepdims=True)


def explained(values: np.ndarray, wanted: np.ndarray, test: np.ndarray) -> float:
    """Share of the variance of `wanted` `[clips, M]` that a linear reader finds in `values`.

    Args:
        values: `[clips, N]`.
        wanted: `[clips, M]`.
        test: `[clips]` bool; the reader is fitted on the others, its penalty chosen for the best.
    """
    mean, spread = values[~test].mean(axis=0), values[~test].std(axis=0) + 1e-9
    scaled = (values - mean) / spread
    centre = wanted[~test].mean(axis=0)
    inputs, outputs = scaled[~test], wanted[~test] - centre
    left = wanted[test] - centre
    found = []
    for penalty in _PENALTIES:
        gram = inputs.T @ inputs + penalty * np.eye(inputs.shape[1])
        error = left - scaled[test] @ np.linalg.solve(gram, inputs.T @ outputs)
        found.append(1 - np.square(error).sum() / np.square(left).sum())
    return float(max(found))


def _places(encoder, mel: np.ndarray, resampled: bool) -> dict[str, np.ndarray]:
    """Values by place, each `[clips, N]`."""
    import keras

    heard = mel
    if resampled and encoder.input_resampling is not None:
        heard = encoder.input_resampling(mel, training=True)
    feature = condition = encoder.projection(heard)
    places = {}
    for unit in encoder.units:
        feature, condition = unit([feature, condition], training=resampled)
    feature, condition = np.asarray(feature), np.asarray(condition)
    places["last unit's feature, mean"] = feature.mean(axis=1)
    places["last unit's condition, mean"] = condition.mean(axis=1)
    if encoder.recurrent:
        *before, last = encoder.recurrent
        hidden = feature
        for layer in before:
            hidden = layer(hidden)
        units = last.forward_layer.units
        both = keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True))
        outputs = np.asarray(both(hidden))
        forward, backward = outputs[:, -1, :units], outputs[:, 0, units:]
        places["LSTM's final states"] = np.concatenate([forward, backward], axis=1)
        places["LSTM's outputs, mean"] = outputs.mean(axis=1)
    return places


@app.command()
def main(
    config: Annotated[Path, typer.Option(help="Configuration whose encoder is looked at.")],
    data: Annotated[Path, typer.Option(help="Prepared data with a train split.")],
    clips: Annotated[int, typer.Option(min=40, help="Clips of it.")] = 576,
    frames: Annotated[int, typer.Option(min=40, help="Mel frames of each clip.")] = 256,
    seed: Annotated[int, typer.Option(min=0, help="Of the encoder's weights.")] = 0,
) -> None:
    """Print a Markdown table."""
    require("tensorflow", extra="tensorflow")
    import keras
    import tensorflow as tf

    from vsg_tf.config import load_config
    from vsg_tf.data.manifest import open_prepared
    from vsg_tf.data.records import deserialize
    from vsg_tf.models.acoustic_encoder import AcousticEncoder

    loaded = load_config(config)
    shards = open_prepared(data, loaded).of_split("train")
    records = tf.data.TFRecordDataset([str(data / shard.name) for shard in shards]).take(clips)
    examples = [deserialize(record.numpy()) for record in records]
    mel = np.stack([example.mel[:frames] for example in examples])
    _, source = np.unique([example.source for example in examples], return_inverse=True)
    test, wanted = source % 4 == 0, _shapes(mel)
    keras.utils.set_random_seed(seed)
    encoder = AcousticEncoder(loaded)
    encoder(mel[:2])
    loud = np.take_along_axis(mel, _loudest(mel)[..., None], axis=1).mean(axis=1)
    places = {"mel, mean": mel.mean(axis=1), "mel, mean of its loudest fifth": loud}
    for resampled in (False, True):
        suffix = ", resampled" if resampled else ""
        found = _places(encoder, mel, resampled)
        places |= {name + suffix: values for name, values in found.items()}
    print(f"{loaded.name}, seed {seed}, {len(mel)} clips of {source.max() + 1} sources\n")
    print("| place | width | R2 | spread |\n|---|---|---|---|")
    for name, values in places.items():
        spread = values.std(axis=0).mean()
        read = explained(values, wanted, test)
        print(f"| {name} | {values.shape[1]} | {read:.2f} | {spread:.3f} |")


if __name__ == "__main__":
    run(app)
