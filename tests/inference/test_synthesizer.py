"""The one inference path: lengths, determinism, chunks, events, and what it refuses."""

import numpy as np
import pytest

from tests.media_writing import write_video
from tests.synthesis import timing_for, waveform_of
from vsg_tf.errors import Cancelled, InputError
from vsg_tf.events import EventTrack
from vsg_tf.inference import synthesizer as module
from vsg_tf.inference.chunking import Chunk
from vsg_tf.inference.decoding import events_in_chunk
from vsg_tf.inference.options import RenderOptions
from vsg_tf.inference.renderers import mel_inversion
from vsg_tf.inference.renderers.names import RendererName
from vsg_tf.inference.voice import background_mel
from vsg_tf.timing.timing import LevelCurve, Timing
from vsg_tf.video.clip import Clip


def _track(*times, duration=0.4):
    count = len(times)
    return EventTrack(np.array(times, float), np.ones(count), np.full(count, duration))


@pytest.mark.parametrize("frames", [1, 2, 7, 33, 130])
def test_every_length_gives_its_samples(debug_synthesizer, features, reference, frames):
    waveform = waveform_of(debug_synthesizer, features[:frames], reference)
    assert waveform.dtype == np.float32 and np.all(np.isfinite(waveform))
    assert len(waveform) == frames * debug_synthesizer.timebase.feature_hop


def test_same_seed_same_samples(debug_synthesizer, features, reference):
    events = _track(0.5, 1.5)
    first, again, other = (
        waveform_of(
            debug_synthesizer,
            features[:60],
            reference,
            events=events,
            seed=seed,
            renderer=RendererName.GRIFFIN_LIM,
        )
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_long_clip_in_chunks_agrees_with_one_pass(
    debug_synthesizer, features, reference, monkeypatch
):
    events = _track(*np.arange(0.3, 19.5, 0.7))
    config = debug_synthesizer.config
    chunked = debug_synthesizer.mel(timing_for(debug_synthesizer, features, events), reference)
    assert len(features) > 4 * debug_synthesizer.timebase.feature_frames_for(
        config.data.clip_seconds
    )
    whole_config = config.model_copy(
        update={"data": config.data.model_copy(update={"clip_seconds": 60.0})}
    )
    monkeypatch.setattr(debug_synthesizer.networks, "config", whole_config)
    one_pass = debug_synthesizer.mel(timing_for(debug_synthesizer, features, events), reference)
    assert chunked.shape == one_pass.shape
    # The self-attention of a chunk sees other neighbours; 0.02 of the mel is 2 dB.
    assert np.abs(chunked - one_pass).mean() < 0.02
    assert np.abs(chunked - one_pass).max() < 0.15


def test_encoder_chunks_agree_with_one_pass(debug_synthesizer, features, monkeypatch):
    whole = debug_synthesizer.timing_of(features).events
    monkeypatch.setattr(module, "ENCODER_FRAMES", 300)
    chunked = debug_synthesizer.timing_of(features).events
    assert len(whole) > 3
    np.testing.assert_allclose(chunked.times, whole.times, atol=0.02)


def test_joint_of_griffin_lim_is_inaudible(debug_synthesizer, features, reference, monkeypatch):
    """Energy around the joints of many short windows is as in one window."""
    from vsg_tf.audio.mel import LogMel

    events = _track(*np.arange(0.3, 11, 0.4))
    part = features[:240]
    options = {"events": events, "renderer": RendererName.GRIFFIN_LIM}
    whole = waveform_of(debug_synthesizer, part, reference, **options)
    monkeypatch.setattr(mel_inversion, "WINDOW_FRAMES", 200)
    joined = waveform_of(debug_synthesizer, part, reference, **options)
    assert len(joined) == len(whole)
    mel = LogMel(debug_synthesizer.config.audio)
    difference = np.abs(mel(joined) - mel(whole)).mean(axis=1)
    # Both are reconstructions with other phases: frames differ by a few dB everywhere, and must
    # not differ more where windows were joined.
    assert difference.max() < 4 * np.median(difference) + 0.02


def test_chunk_hears_events_that_began_before_it(debug_synthesizer):
    track = _track(0.2, 4.9, 30.0, duration=1.0)
    frames = debug_synthesizer.timebase.feature_position_at(5.0)
    chunk = Chunk(int(frames), int(frames) + 60)
    rows = events_in_chunk(track, chunk, debug_synthesizer.timebase)
    assert len(rows) == 1
    assert -0.2 < rows[0, 0] < 0


def test_lengths_do_not_retrace(
    debug_synthesizer, paper_synthesizer, features, reference, reference_file
):
    for frames, count in ((1, 0), (5, 1), (33, 2), (150, 300)):
        track = _track(*np.linspace(0, 5, count))
        waveform_of(debug_synthesizer, features[:frames], reference, events=track)
        debug_synthesizer.timing_of(features[:frames])
        sound = paper_synthesizer.voice(reference_file)
        waveform_of(paper_synthesizer, np.zeros((frames, 2048), np.float32), sound)
    assert debug_synthesizer.networks.traces == 1
    assert paper_synthesizer.networks.traces == 1


def test_no_events_is_no_error(debug_synthesizer, features, reference):
    waveform = waveform_of(debug_synthesizer, features[:40], reference, events=EventTrack.empty())
    assert np.all(np.isfinite(waveform))


def test_papers_model_takes_feature_files(paper_synthesizer, reference_file, tmp_path):
    from vsg_tf.frontends.regnet.files import save_regnet_features

    rng = np.random.default_rng(0)
    rgb, flow = tmp_path / "rgb.pkl", tmp_path / "flow.pkl"
    save_regnet_features(rng.random((215, 2048)).astype(np.float32), rgb, flow)
    files = [str(rgb), str(flow)]
    waveform, rate = paper_synthesizer(None, reference_file, feature_files=files)
    # 215 frames at 21.5 per second are 10 s; this grid has 21.533 a second.
    assert waveform.ndim == 1 and abs(len(waveform) / rate - 10) < 0.06


def test_front_end_must_fit(debug_synthesizer, paper_synthesizer, reference_file, tmp_path):
    write_video(tmp_path / "clip.mp4")
    with pytest.raises(InputError, match=r"2 times, in this order: RGB, flow"):
        paper_synthesizer(None, reference_file, feature_files=["a"])
    with pytest.raises(InputError, match="leave out --features"):
        debug_synthesizer(tmp_path / "clip.mp4", reference_file, feature_files=["a", "b"])
    with pytest.raises(InputError, match="needs a video"):
        debug_synthesizer(None, reference_file)


def test_events_need_a_model_that_plays_them(paper_synthesizer, reference):
    features = np.zeros((20, 2048), np.float32)
    with pytest.raises(InputError, match="without event supervision"):
        waveform_of(paper_synthesizer, features, reference, events=_track(0.1))


def test_a_given_timing_needs_no_video(debug_synthesizer, reference_file):
    timing = Timing(1.5, _track(0.5))
    waveform, rate = debug_synthesizer("no such clip.mp4", reference_file, timing=timing)
    assert len(waveform) == 1.5 * rate and np.abs(waveform).max() > 0.01


def test_what_was_played_is_played_again(debug_synthesizer, features, reference):
    """Events as the renderer chose them give the same samples."""
    first = debug_synthesizer.render(debug_synthesizer.timing_of(features[:90]), reference)
    waveform = first.waveform()
    assert len(first.timing.events) > 0 and not first.timing.estimated
    again = debug_synthesizer.render(first.timing, reference)
    np.testing.assert_array_equal(again.waveform(), waveform)


def test_progress_is_told_and_a_wish_to_stop_is_heard(debug_synthesizer, reference, tmp_path):
    write_video(tmp_path / "clip.mp4", times=[i / 25 for i in range(100)])
    told = []

    def progress(stage, done):
        told.append((stage, done))

    with Clip.open(tmp_path / "clip.mp4") as clip:
        timing = debug_synthesizer.picture(clip, progress=progress)
        with pytest.raises(Cancelled):
            debug_synthesizer.picture(clip, cancel=lambda: True)
    debug_synthesizer.render(timing, reference, progress=progress).waveform()
    assert {stage for stage, _ in told} == {"picture", "sound"}
    for name in ("picture", "sound"):
        positions = [done for stage, done in told if stage == name]
        assert positions == sorted(positions) and 0 <= positions[0] and positions[-1] <= 1
        assert positions[-1] > 0.8
    with pytest.raises(Cancelled):
        debug_synthesizer.render(timing, reference, cancel=lambda: True).waveform()


def test_a_followed_level_shapes_what_the_networks_decode(debug_synthesizer, reference):
    """The vocoder and Griffin-Lim follow a guide as far as the mel can be turned up and down."""
    curve = np.full(400, -80.0)
    curve[100:200] = 0.0
    timing = Timing(4.0, _track(0.5, 2.5), LevelCurve(100.0, curve))
    options = {"renderer": RendererName.GRIFFIN_LIM}
    followed, free = (
        debug_synthesizer.render(timing, reference, RenderOptions(follow=follow, **options))
        for follow in (1.0, 0.0)
    )
    assert free.timing.level is None and followed.timing.level is timing.level
    waveform = followed.waveform()
    loud, quiet = (np.square(waveform[a:b]).mean() for a, b in ((24000, 42000), (48000, 66000)))
    assert loud > 1e-9 and loud > 20 * quiet


def test_background_is_checked_and_scaled(debug_synthesizer, features, reference):
    with pytest.raises(InputError, match="from 0 to 1"):
        waveform_of(debug_synthesizer, features[:20], reference, background=1.5)
    mel = np.random.default_rng(0).random((50, 40)).astype(np.float32)
    assert not background_mel(mel, 0.0, 70).any()
    np.testing.assert_allclose(background_mel(mel, 0.5, 70)[50:], mel[:20] * 0.5)


def test_config_is_part_of_the_saved_model(debug_synthesizer, features, reference, tmp_path):
    from vsg_tf.model_files import save_model_dir

    save_model_dir(
        tmp_path / "model", debug_synthesizer.networks.generator, debug_synthesizer.config, "card"
    )
    loaded = module.Synthesizer.load(tmp_path / "model")
    assert loaded.config == debug_synthesizer.config
    events = _track(0.4)
    np.testing.assert_array_equal(
        waveform_of(loaded, features[:40], reference, events=events),
        waveform_of(debug_synthesizer, features[:40], reference, events=events),
    )


@pytest.mark.parametrize("name", ["config.yaml", "generator.weights.h5"])
def test_damaged_model_folder_is_one_sentence(debug_synthesizer, tmp_path, name):
    from vsg_tf.errors import VsgError
    from vsg_tf.model_files import save_model_dir

    folder = tmp_path / "model"
    save_model_dir(folder, debug_synthesizer.networks.generator, debug_synthesizer.config, "card")
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2] + b"{[")
    with pytest.raises(VsgError):
        module.Synthesizer.load(folder)
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"has no {name}"):
        module.Synthesizer.load(folder)


def test_weights_of_another_size_are_refused(debug_synthesizer, tmp_path):
    from vsg_tf.config import config_to_yaml
    from vsg_tf.model_files import save_model_dir

    folder = tmp_path / "model"
    config = debug_synthesizer.config
    save_model_dir(folder, debug_synthesizer.networks.generator, config, "card")
    decoder = config.model.decoder.model_copy(update={"hidden": 64})
    model = config.model.model_copy(update={"decoder": decoder})
    other = config.model_copy(update={"model": model})
    (folder / "config.yaml").write_text(config_to_yaml(other))
    with pytest.raises(InputError, match="do not fit"):
        module.Synthesizer.load(folder)
