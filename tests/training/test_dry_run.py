"""What a run will take, before it starts."""

from tests.training.clusters import plain_config, prepare_noise
from vsg_tf.training.dry_run import Rehearsal, rehearse


def test_three_steps_of_each_phase_tell_of_the_whole_run(tmp_path):
    config = plain_config(steps=20, adversarial_start=5)
    prepare_noise(tmp_path / "data", config, 8)
    before = sorted(tmp_path.rglob("*"))
    found = rehearse(config, tmp_path / "data")
    assert sorted(tmp_path.rglob("*")) == before
    assert found.steps == 20 and found.adversarial_steps == 15 and found.epochs == 10
    plain, adversarial = found.seconds_a_step
    assert 0 < plain and 0 < adversarial
    assert found.seconds == 5 * plain + 15 * adversarial
    assert all(count > 1000 for count in found.parameters) and 0.1 < found.memory_gb < 30


def test_the_text_names_time_and_memory():
    text = Rehearsal(100, 2.0, (3_000_000, 0), (90.0, 0.0), 0, 1.5, 2).text()
    assert "100 steps of 90 s, 2 epochs" in text and "about 2 h 30 min and 1.5 GB" in text
    assert "against discriminators" not in text
