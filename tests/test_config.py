"""The schema: shipped files are valid, mistakes are one clear sentence."""

from pathlib import Path

import pytest

from vsg_tf.config import Config, config_to_yaml, data_hash, load_config, parse_config
from vsg_tf.errors import ConfigError

CONFIGS = Path(__file__).parents[1] / "configs"

NO_DISCRIMINATOR = {"mel_enabled": False, "alignment_enabled": False}


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("**/*.yaml")), ids=lambda path: path.stem)
def test_shipped_configurations_are_valid_and_round_trip(path, tmp_path):
    config = load_config(path)
    copy = tmp_path / "copy.yaml"
    copy.write_text(config_to_yaml(config))
    assert load_config(copy) == config


def test_paper_yaml_holds_the_papers_numbers():
    paper = load_config(CONFIGS / "paper.yaml")
    assert paper == Config(name="paper", training=paper.training, data=paper.data)
    assert paper.video.feature_width == 2048
    assert (paper.audio.n_mels, paper.audio.f_min, paper.audio.f_max) == (80, 125.0, 7600.0)
    assert (paper.loss.mel, paper.loss.adversarial) == (1e5, 1.0)
    decoder = paper.model.decoder
    assert not (decoder.reference_attention or decoder.copy_head or paper.model.events.enabled)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"audio": {"sampel_rate": 1}}, "Unknown key 'audio.sampel_rate'.*did you mean"),
        ({"modle": {}}, "Unknown key 'modle'.*did you mean 'model'"),
        ({"audio": {"n_fft": "many"}}, "Wrong value for 'audio.n_fft'"),
        ({"audio": {"n_fft": -4}}, "Wrong value for 'audio.n_fft'"),
        ({"audio": {"f_max": 20000}}, "above half the sample rate"),
        ({"audio": {"f_min": 8000}}, "must be below f_max"),
        ({"audio": {"hop_length": 1024}}, "at most half of n_fft"),
        ({"video": {"mel_per_feature": 3}}, "they must be equal"),
        ({"video": {"front_end": "resnet"}}, "Wrong value for 'video.front_end'"),
        ({"model": {"decoder": {"heads": 3}}}, "multiple of heads"),
        ({"model": {"decoder": {"copy_head": True}}}, "needs reference_attention"),
        ({"video": {"front_ends": []}}, "Wrong value for 'video.front_ends'"),
        ({"video": {"front_ends": ["motion", "motion"]}}, "name each front end once"),
        ({"video": {"front_end": "motion", "front_ends": ["regnet"]}}, "set one of them to null"),
        ({"video": {"settings": {"moton": {}}}}, "Wrong value for 'video.settings'.*motion"),
        ({"video": {"front_end": "motion", "settings": {"motion": {"x": 1}}}}, "motion.x: Extra"),
        ({"data": {"feature_augmentation": True}}, "regnet cannot vary its features"),
        (
            {"model": {"temporal": {"cell_attention": True}}},
            "front end whose features are in",
        ),
        ({"model": {"acoustic": {"norm_groups": 7}}}, "multiple of norm_groups"),
        ({"model": {"resampling": {"min_segment": 99}}}, "must not exceed"),
        ({"loss": {"events": 1}}, "need each other"),
        ({"model": {"events": {"enabled": True}}}, "need each other"),
        ({"model": {"events": {"drop": 1.0}}}, "Wrong value for 'model.events.drop'"),
        ({"loss": {"mel": 0, "adversarial": 0}}, "no mel would be learnt"),
        ({"loss": {"mel": float("inf")}}, "Wrong value for 'loss.mel'.*finite"),
        ({"model": {"discriminators": NO_DISCRIMINATOR}}, "needs a discriminator"),
        ({"model": {"discriminators": {"windows": []}}}, "at least one length in windows"),
        ({"training": {"crop_seconds": 0.5}}, "128 mel frames but 0.5 s of training clip are 43"),
        ({"model": {"decoder": {"upsampling_kernel": 1}}}, "at least the largest"),
        ({"model": {"discriminators": {"upsampling_kernel": 1}}}, "discriminators.* at least the"),
        ({"model": {"temporal": {"dilation_cycle": 40}}}, "model.temporal.dilation_cycle"),
        ({"model": {"resampling": {"max_stretch": 1e12}}}, "model.resampling.max_stretch"),
        ({"model": None}, "Wrong value for 'model'"),
        ({"audio": {"n_mels": 600}}, "half of n_fft"),
        ({"audio": {"sample_rate": 10**12}}, "Wrong value for 'audio.sample_rate'"),
        ({"data": {"clip_seconds": 1e9}}, "Wrong value for 'data.clip_seconds'"),
        ({"training": {"steps": True}}, "'training.steps'.* should not be true or false"),
        ({"training": {"seed": -1}}, "Wrong value for 'training.seed'"),
        ({"training": {"beta_2": 1.0}}, "Wrong value for 'training.beta_2'"),
        ({"training": {"clip_norm": 0}}, "Wrong value for 'training.clip_norm'"),
        ({"training": {"crop_seconds": 99}}, "must not exceed data.clip_seconds"),
        ({"training": {"learning_rate_warmup": 999999}}, "shorter than steps"),
        ({"model": {"kind": "wavenet"}}, "kind of a model must be one of varietysound, regnet"),
        ({"model": {"kind": ["regnet"]}}, "kind of a model must be one of"),
        (
            {"model": {"kind": "regnet", "postnet_layer": 2}},
            "'model.postnet_layer'.*postnet_layers",
        ),
        ({"model": {"kind": "regnet", "events": {}}}, "Unknown key 'model.events'"),
        ({"model": {"kind": "regnet"}, "loss": {"events": 1}}, "need each other"),
        ({"model": {"kind": "regnet"}, "video": {"mel_per_feature": 2}}, "4 mel frames of a"),
        ({"model": {"kind": "speechsplit"}}, "no discriminator: set loss.adversarial to 0"),
        ({"model": {"kind": "speechsplit", "pitch_filters": 9}}, "multiple of norm_channels"),
        ({"loss": {"adversarial_kind": "hinge"}}, "Wrong value for 'loss.adversarial_kind'"),
        ({"schema_version": 2}, "schema_version"),
        ({"name": "../evil"}, "Wrong value for 'name'"),
    ],
)
def test_mistakes_are_one_sentence(values, sentence):
    with pytest.raises(ConfigError, match=sentence) as caught:
        parse_config(values)
    assert "\n" not in str(caught.value)


def test_overrides_reach_nested_keys(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text("name: mine\n")
    config = load_config(path, ["training.steps=7", "audio.f_max=null", "model.decoder.blocks=1"])
    assert config.training.steps == 7
    assert config.audio.mel_top == 11025
    assert config.model.decoder.blocks == 1


def test_mistakes_of_a_file_are_not_blamed_on_an_override(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text("training: {batch_size: 0}\n")
    with pytest.raises(ConfigError, match=r"in \S*c\.yaml: input should be"):
        load_config(path, ["name=mine"])


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("training.steps", "write it as section.key=value"),
        ("training.stpes=1", "Unknown key 'training.stpes'"),
        ("name.x=1", "'name' is a value"),
        ("name=[", "Cannot read the value"),
        ("training.batch_size=0", r"in .*c\.yaml with training\.batch_size=0: input should be"),
    ],
)
def test_bad_overrides(tmp_path, override, sentence):
    path = tmp_path / "c.yaml"
    path.write_text("name: mine\n")
    with pytest.raises(ConfigError, match=sentence):
        load_config(path, [override])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a: [", "not valid YAML"),
        (b"- 1\n", "keys and values"),
        (b"\xff\xfe\x00", "Cannot read|not valid YAML"),
        (b"!!python/object/apply:os.system ['true']", "not valid YAML"),
    ],
)
def test_bad_files(tmp_path, content, sentence):
    path = tmp_path / "c.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=sentence):
        load_config(path)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(ConfigError, match="There is no configuration file"):
        load_config(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="Cannot read"):
        load_config(tmp_path)


def test_hash_changes_with_the_front_end_alone():
    base = Config()
    same = parse_config({"training": {"steps": 3}, "name": "other"})
    other = parse_config({"audio": {"f_max": None}})
    assert data_hash(base) == data_hash(same) != data_hash(other)


def _write(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


def test_a_file_changes_the_values_of_its_base(tmp_path):
    (tmp_path / "inner").mkdir()
    _write(tmp_path, low="name: low\naudio: {n_mels: 40, f_min: 50.0}\ntraining: {steps: 7}")
    _write(tmp_path / "inner", middle="base: ../low.yaml\naudio: {n_mels: 20}")
    _write(tmp_path / "inner", high="base: middle.yaml\nname: high")
    config = load_config(tmp_path / "inner" / "high.yaml", ["training.steps=9"])
    assert (config.name, config.audio.n_mels, config.audio.f_min) == ("high", 20, 50.0)
    assert config.training.steps == 9
    assert "base" not in config_to_yaml(config)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("base: none.yaml", "no configuration file .*none.yaml"),
        ("base: [a]", "must name a configuration file"),
        ("base: self.yaml", "which is based on it"),
        ("base: other.yaml", "which is based on it"),
    ],
)
def test_impossible_bases_are_one_sentence(tmp_path, text, sentence):
    _write(tmp_path, self=text, other="base: self.yaml")
    with pytest.raises(ConfigError, match=sentence):
        load_config(tmp_path / "self.yaml")


def test_each_ablation_changes_one_thing():
    full = load_config(CONFIGS / "ablations" / "full.yaml").model_dump()
    for path in (CONFIGS / "ablations").glob("no_*.yaml"):
        changed = load_config(path).model_dump()
        sections = [key for key in full if full[key] != changed[key]]
        assert sections in (["name", "model"], ["name", "loss"]), path
        assert len(path.read_text().splitlines()) == 3
