"""The training loop: one for a single device and for several in step, here or elsewhere."""

import itertools
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

import vsg_tf
from vsg_tf.config import Config
from vsg_tf.errors import TrainingError
from vsg_tf.training.adversarial import AdversarialTraining
from vsg_tf.training.agreement import Agreement
from vsg_tf.training.checkpoints import CheckpointState, CheckpointStore
from vsg_tf.training.interruption import Interruption
from vsg_tf.training.progress import TrainingProgress, format_terms
from vsg_tf.training.strategy import most_memory, replicated
from vsg_tf.training.trackers import Log
from vsg_tf.training.validation import Validator
from vsg_tf.training.variables import collect_arrays, restore_arrays

Batch = dict[str, tf.Tensor]
SELECTION_METRIC = "mel_l1"


def _versions() -> dict[str, str]:
    return {module.__name__: module.__version__ for module in (vsg_tf, keras, tf)}


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Args:
        step: generator updates done.
        signal: the signal that asked it to stop, None where it reached its last step.
        metrics: of the last validation, empty where there was none.
    """

    step: int
    signal: int | None
    metrics: Mapping[str, float]


class TrainingLoop:
    """Steps, logs, validates and saves until `config.training.steps`.

    Args:
        gan: built and compiled inside the strategy's scope.
        batches: gives this process' share of the batches of one epoch from (epoch, batches to
            skip), each of one device at a time; see `data.sharing`. With several workers it must
            not end, or each step would begin with asking all whether they have a batch.
        epoch_steps: batches of one epoch.
        validator: None where there is nothing to validate on.
        agreement: between the workers of the run, of which the chief alone validates and writes.
        checkpoints: where checkpoints go.
        log: keeps the run's record; None where this process is not the chief.
        progress: entered as a context by the caller.
        save_model: called with (step, validation metrics) when the model to ship has changed: at
            each best validation, and at the end where no validation took place.
    """

    def __init__(
        self,
        config: Config,
        strategy: tf.distribute.Strategy,
        gan: AdversarialTraining,
        batches: Callable[[int, int], tf.data.Dataset],
        epoch_steps: int,
        checkpoints: CheckpointStore,
        log: Log | None,
        progress: TrainingProgress,
        save_model: Callable[[int, Mapping[str, float]], None],
        validator: Validator | None = None,
        agreement: Agreement | None = None,
    ):
        self.config = config
        self.strategy = strategy
        self.gan = gan
        self.batches = batches
        self.epoch_steps = epoch_steps
        self.checkpoints = checkpoints
        self.log = log
        self.progress = progress
        self.save_model = save_model
        self.validator = validator
        self.agreement = agreement or Agreement(strategy)
        self.state = CheckpointState(
            step=0, epoch=0, batch=0, config=config.model_dump(mode="json"), versions=_versions()
        )
        self._metrics: Mapping[str, float] = {}
        self._interruption = Interruption()
        self._agreed: int | None = None  # the signal that all workers know of
        # Two traced functions: before the adversarial phase the discriminators cost nothing. The
        # weight of the phase itself is computed in the graph, from the optimizer's iterations.
        self._steps = {
            True: replicated(strategy, gan.train_step),
            False: replicated(strategy, gan.reconstruction_step),
        }

    def resume(self) -> bool:
        """Continue from the newest whole checkpoint; False where there is none.

        Raises:
            InputError: every checkpoint is damaged, or they do not fit this model.
        """
        found = self.checkpoints.load_newest()
        if found is None:
            return False
        arrays, state = found
        with self.strategy.scope():
            origin = f"The checkpoint of step {state.step}"
            restore_arrays(self.gan.checkpoint_roles(), arrays, origin)
        self.state = state.model_copy(
            update={"config": self.state.config, "versions": self.state.versions}
        )
        return True

    def agree(self) -> None:
        """Give all workers the variables of the chief, and its place in the data.

        Call it once on every worker, after the chief has resumed or taken other weights.
        """
        place = np.array([self.state.step, self.state.epoch, self.state.batch])
        arrays = {**collect_arrays(self.gan.checkpoint_roles()), "place": place}
        arrays = self.agreement.of_chief(arrays)
        step, epoch, batch = arrays.pop("place").tolist()
        if not self.agreement.is_chief:
            with self.strategy.scope():
                restore_arrays(self.gan.checkpoint_roles(), arrays, "What the chief sent")
            update = {"step": step, "epoch": epoch, "batch": batch}
            self.state = self.state.model_copy(update=update)

    def run(self) -> Outcome:
        """Train to the last step, or until SIGINT or SIGTERM, which save and leave.

        A second signal ends the process at once.

        Raises:
            TrainingError: a loss or gradient is not finite, or an epoch has no batch.
        """
        with self._interruption:
            self.progress.start(self.state.step)
            while self._unfinished():
                self._epoch()
            if self._signal is not None:
                self.save()
            elif self.state.best_step is None and self.agreement.is_chief:
                self.save_model(self.state.step, self._metrics)
        if self.agreement.is_chief:
            self.log.flush()
        self.agreement.wait()  # or a worker that has ended would seem lost to the others
        return Outcome(self.state.step, self._signal, self._metrics)

    @property
    def _signal(self) -> int | None:
        # Workers must stop at the same step, or the others would wait for one without end.
        return self._interruption.signal if self.agreement.is_alone else self._agreed

    def _unfinished(self) -> bool:
        return self._signal is None and self.state.step < self.config.training.steps

    def _epoch(self) -> None:
        epoch, skip = self.state.epoch, self.state.batch
        batches = self.strategy.distribute_datasets_from_function(
            lambda context: self.batches(epoch, skip)
        )
        for batch in itertools.islice(batches, self.epoch_steps - skip):
            self._step(batch)
            if not self._unfinished():
                return
        if self.state.batch == 0:
            raise TrainingError(
                f"An epoch has no batch of {self.config.training.batch_size} clips; "
                "prepare more data or lower training.batch_size."
            )
        self.state = self.state.model_copy(update={"epoch": self.state.epoch + 1, "batch": 0})

    def _step(self, batch: Batch) -> None:
        training = self.config.training
        adversarial = self.gan.adversarial_from(self.state.step)
        asked = tf.constant(float(self._interruption.signal is not None))
        terms = {k: float(v) for k, v in self._steps[adversarial](batch, asked).items()}
        if terms.pop("finite") < 1.0:
            raise TrainingError(self._not_finite(batch, terms))
        if terms.pop("asked") > 0:
            self._agreed = self._interruption.signal or signal.SIGTERM
        step = self.state.step + 1
        self.state = self.state.model_copy(update={"step": step, "batch": self.state.batch + 1})
        self.progress.advance(step)
        last = step == training.steps
        if step % training.log_every == 0 or step == 1 or last:
            self.progress.losses(step, terms)
            if self.agreement.is_chief:
                speed = self.progress.clips_per_second()
                shown = {**terms, **self.gan.learning_rates(), "clips_per_second": speed}
                shown["memory_gb"] = most_memory() / 1e9
                self.log.scalars(step, "train", shown)
        best = (step % training.validate_every == 0 or last) and self._validate()
        if step % training.checkpoint_every == 0 or last or best:
            self.save()

    def _not_finite(self, batch: Batch, terms: Mapping[str, float]) -> str:
        shares = self.strategy.experimental_local_results(batch["index"])
        indices = np.concatenate([np.asarray(share) for share in shares]).tolist()
        return (
            f"Step {self.state.step + 1} gave a loss or gradient that is not finite "
            f"({format_terms(terms)}) on the examples {indices} of the manifest; check these "
            "examples, lower training.learning_rate or training.clip_norm, and --resume from the "
            "last checkpoint."
        )

    def _validate(self) -> bool:
        """Whether the model has become the best one."""
        if self.validator is None or not self.agreement.is_chief:
            return False
        step = self.state.step
        result = self.validator.run()
        self._metrics = result.metrics
        self.progress.say(f"validation at step {step}: {format_terms(result.metrics)}")
        self.log.scalars(step, "validation", result.metrics)
        self.log.examples(step, result.examples)
        value = result.metrics[SELECTION_METRIC]
        best = self.state.best is None or value < self.state.best or self._new_phase(step)
        if best:
            self.state = self.state.model_copy(update={"best": value, "best_step": step})
            self.save_model(step, result.metrics)
        return best

    def _new_phase(self, step: int) -> bool:
        # The adversarial terms trade mean error for texture: a best from before them would never
        # be beaten, and they would never reach the model that ships.
        best = self.state.best_step or 0
        return self.gan.adversarial_from(step - 1) and not self.gan.adversarial_from(best - 1)

    def save(self) -> None:
        """Write a checkpoint of the present state, on the chief."""
        if not self.agreement.is_chief:
            return
        arrays = collect_arrays(self.gan.checkpoint_roles())
        self.checkpoints.save(arrays, self.state)
