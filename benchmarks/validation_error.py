"""Mel error on a validation split: trained model, untrained model, dataset mean, silence.

    python benchmarks/validation_error.py --model saved_models/default --data DATA

Every system rebuilds the same clips, each with a reference of the same sound but other timing.
Errors are mean absolute differences of the normalised mel (0.01 is 1 dB); `loud` counts frames
whose mean level is above 0.25. Texture is the mean change from frame to frame in those frames, as a
multiple of the target's: below 1 is smoother than it should be. Intervals are 95 % bootstrap over
clips.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from vsg_tf.command import run
from vsg_tf.extras import require

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def _interval(values: np.ndarray) -> str:
    from vsg_tf.metrics.statistics import bootstrap_mean

    estimate = bootstrap_mean(values)
    return f"{estimate.mean:.4f} [{estimate.low:.4f}, {estimate.high:.4f}]"


def _systems(config, trained, untrained, mean_spectrum) -> dict[str, Callable]:
    import tensorflow as tf

    from vsg_tf.timing.picture import pick_events

    def rebuilder(generator):
        return tf.function(
            lambda batch: generator({**batch, "background_mel": batch["mel"]}, training=False)[
                "mel"
            ],
            reduce_retracing=True,
        )

    from_trained, from_untrained = rebuilder(trained), rebuilder(untrained)

    encode = tf.function(
        lambda batch: trained.event_logits(trained.encode_video(batch["features"]))
    )

    def seen(batch):
        logits = encode(batch).numpy()
        limit = config.data.max_events
        events = [
            pick_events(one, config.timebase, config.model.events).to_array(limit) for one in logits
        ]
        return from_trained({**batch, "events": tf.constant(np.stack(events))})

    systems = {"trained": from_trained}
    if config.model.events.enabled:
        systems = {
            "trained, true events": from_trained,
            "trained, events from the picture": seen,
        }
    systems["untrained"] = from_untrained
    systems["dataset mean"] = lambda batch: np.broadcast_to(mean_spectrum, batch["mel"].shape)
    systems["silence"] = lambda batch: np.zeros(batch["mel"].shape, np.float32)
    return systems


@app.command()
def main(
    model: Annotated[Path, typer.Option(help="Model folder.")],
    data: Annotated[Path, typer.Option(help="Prepared data with a valid split.")],
    clips: Annotated[int, typer.Option(help="Validation clips to use.", min=2)] = 256,
    batch_size: Annotated[int, typer.Option(help="Clips at a time.", min=1)] = 16,
) -> None:
    """Print a Markdown table of mel errors."""
    require("tensorflow", extra="tensorflow")
    import keras

    from vsg_tf.data.dataset import make_dataset
    from vsg_tf.model_files import load_model_dir
    from vsg_tf.models.build import build_generator

    config, trained = load_model_dir(model)
    # Another arrangement as reference: a clip's own mel would give its timing away.
    config = config.model_copy(
        update={"data": config.data.model_copy(update={"own_reference": 0.0})}
    )
    keras.utils.set_random_seed(config.training.seed)
    untrained = build_generator(config)

    def batches(split):
        return make_dataset(
            data, split, config, batch_size=batch_size, epoch=0, training=False
        ).take(-(-clips // batch_size))

    spectra = [batch["mel"].numpy().mean(axis=(0, 1)) for batch in batches("train")]
    systems = _systems(config, trained, untrained, np.mean(spectra, axis=0))
    scores: dict[str, dict[str, list]] = {
        name: {"all": [], "loud": [], "texture": []} for name in systems
    }
    for batch in batches("valid"):
        target = batch["mel"].numpy()
        loud = target.mean(axis=-1) > 0.25
        for name, system in systems.items():
            made = np.clip(np.asarray(system(batch)), 0, 1)
            error = np.abs(made - target).mean(axis=-1)
            scores[name]["all"] += list(error.mean(axis=1))
            scores[name]["loud"] += [
                one[mask].mean() for one, mask in zip(error, loud, strict=True) if mask.any()
            ]
            changes = [np.abs(np.diff(values, axis=1)).mean(axis=-1) for values in (made, target)]
            scores[name]["texture"] += [
                one[mask[1:]].mean() / other[mask[1:]].mean()
                for one, other, mask in zip(*changes, loud, strict=True)
                if mask[1:].any()
            ]
    count = len(scores["silence"]["all"])
    print(f"{count} validation clips, references with other timing\n")
    print("| system | mel L1, all frames | mel L1, loud frames | texture |\n|---|---|---|---|")
    for name, values in scores.items():
        cells = (_interval(np.array(values[kind])) for kind in ("all", "loud", "texture"))
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    run(app)
