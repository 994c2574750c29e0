"""`vsg generate`: a silent video and a reference recording into a video with sound."""

import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from vsg_tf import generate_options as given
from vsg_tf.errors import InputError
from vsg_tf.grains.kinds import ReferenceKind
from vsg_tf.inference.renderers.names import DEFAULT_RENDERER
from vsg_tf.inference.runtimes.names import Runtime

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def generate(
    video: given.Video = None,
    reference: given.Reference = None,
    output: given.Output = None,
    pairs: given.Pairs = None,
    events_in: given.EventsIn = None,
    guide: given.Guide = None,
    guide_sensitivity: given.GuideSensitivity = None,
    guide_band: given.GuideBand = None,
    guide_gap: given.GuideGap = None,
    guide_offset: given.GuideOffset = None,
    guide_track: given.GuideTrack = None,
    guide_confirm: given.GuideConfirm = False,
    offset: given.Offset = 0.0,
    seconds: given.Seconds = None,
    events_out: given.EventsOut = None,
    follow: given.Follow = None,
    features: given.Features = None,
    background: given.Background = 0.0,
    variation: given.Variation = 1.0,
    dynamics: given.Dynamics = None,
    overlap: given.Overlap = None,
    reference_kind: given.Kind = ReferenceKind.AUTO,
    reference_range: given.Range = None,
    explain: given.Explain = False,
    loudness: given.Loudness = None,
    gain: given.Gain = 0.0,
    seed: given.Seed = 0,
    renderer: given.Renderer = DEFAULT_RENDERER,
    keep_original_audio: given.KeepOriginalAudio = None,
    wav: given.Wav = None,
    bit_depth: given.BitDepth = None,
    sample_rate: given.SampleRate = None,
    start_timecode: given.StartTimecode = None,
    hand_over: given.HandOver = None,
    session: given.SessionKinds = None,
    stems: given.Stems = False,
    midi: given.Midi = False,
    markers: given.Markers = None,
    each_reference: given.EachReference = False,
    overwrite: given.Overwrite = False,
    model: given.Model = None,
    runtime: given.ModelRuntime = Runtime.AUTO,
    server: given.Server = None,
    model_name: given.ModelName = "default",
    tls: given.Tls = False,
    tls_ca: given.TlsCa = None,
    tls_cert: given.TlsCert = None,
    tls_key: given.TlsKey = None,
    token_file: given.TokenFile = None,
    runner: given.Runner = "processes",
    beam_option: given.BeamOption = None,
    workers: given.Workers = 1,
) -> None:
    """Sound for a video, in the timbre of a reference recording.

    A folder or a list of pairs is rendered as a batch: one bad pair does not stop the others, and
    the exit code is 2 if any failed.
    """
    tls_files = (tls_ca, tls_cert, tls_key)
    _check_server(server, model, tls, token_file, *tls_files)
    span = None if reference_range is None else _pair(reference_range, "--reference-range")
    if explain:
        _explain(reference, span, reference_kind)
        if output is None:
            return
    _check_what_is_wanted(video, reference, output, pairs, events_in, guide)

    guide_options = _guide_options(
        guide,
        sensitivity=guide_sensitivity,
        band=guide_band,
        least_gap_s=None if guide_gap is None else guide_gap / 1000,
        offset_ms=guide_offset,
        track=guide_track,
        confirm=guide_confirm or None,
    )

    from vsg_tf.inference.delivery import Delivery
    from vsg_tf.inference.job import check_job
    from vsg_tf.inference.jobs import JobSettings
    from vsg_tf.inference.options import RenderOptions

    options = RenderOptions(
        background=background,
        follow=follow,
        variation=variation,
        dynamics=dynamics,
        overlap=overlap,
        reference_kind=reference_kind,
        gain_db=gain,
        loudness=loudness,
        seed=seed,
        renderer=renderer,
    )
    formats = given.handed_formats(session, stems, midi, markers)
    delivery = Delivery(formats, bit_depth, sample_rate, start_timecode)
    settings = JobSettings(options, overwrite, keep_original_audio, offset / 1000, span, delivery)
    plan = _plan(video, reference, output, pairs, each_reference)
    plan = plan.timed(events_in, guide, guide_options).listened(wav, events_out)
    plan = plan.measured(seconds, features).handed_over(hand_over, wanted=bool(formats))
    if not plan.is_batch:  # before the model is loaded
        check_job(plan.jobs[0], overwrite, delivery)
    if runner == "beam":
        if server is not None or not plan.is_batch:
            raise InputError("--runner beam is for batches (--pairs, folders) without --server.")
        _run_on_beam(beam_option or (), workers, model, runtime, plan.jobs, settings)
        return
    if beam_option or workers > 1:
        raise InputError("--beam-option and --workers need --runner beam.")
    synthesizer = _load_synthesizer(model, runtime, server, model_name, tls, token_file, tls_files)
    synthesizer.check_renderer(renderer)
    if plan.is_batch:
        _run_batch(synthesizer, plan.jobs, settings)
    else:
        _run_one(synthesizer, plan.jobs[0], settings)


def _check_server(server, model, *needing_a_server) -> None:
    if server is not None and model is not None:
        raise InputError("Give either --model, or --server with a model of its own.")
    if server is None and any(needing_a_server):
        raise InputError("--tls, --tls-... and --token-file need --server HOST:PORT.")


def _check_what_is_wanted(video, reference, output, pairs, events_in, guide) -> None:
    if output is None:
        raise InputError(
            "Say where the result goes: --output FILE.mp4, FILE.wav for the sound alone, or a "
            "folder for a batch."
        )
    if pairs is not None and (video is not None or reference):
        raise InputError("Give either --pairs, or --video and --reference.")
    if pairs is None and not reference:
        raise InputError(
            "Give --reference, a recording with the wanted timbre, or --pairs with a list."
        )
    if pairs is None and video is None and events_in is None and guide is None:
        raise InputError("Give --video, or a timing that needs none: --guide FILE or --events-in.")
    if events_in is not None and guide is not None:
        raise InputError("Give either --events-in or --guide: a result has one timing.")


def _guide_options(guide: str | None, *, band: str | None, **values):
    """Options of the guide from those that were given; None where there is no guide."""
    given_values = {name: value for name, value in values.items() if value is not None}
    if guide is None:
        if given_values or band is not None:
            raise InputError("--guide-... options need a --guide.")
        return None
    from vsg_tf.timing.guide import GuideOptions

    if band is not None:
        given_values |= dict(zip(("low_hz", "high_hz"), _pair(band, "--guide-band"), strict=True))
    return GuideOptions(**given_values)


def _pair(text: str, option: str) -> tuple[float, float]:
    """`A-B` as two numbers, the lower first."""
    first, _, last = text.replace(" ", "").partition("-")
    try:
        pair = float(first), float(last)
    except ValueError:
        pair = (0.0, 0.0)
    if not 0 <= pair[0] < pair[1]:
        raise InputError(
            f"{option} must be two numbers, the lower first, such as 1.5-4, not {text!r}."
        )
    return pair


def _explain(references, span, kind: ReferenceKind) -> None:
    """Print what was found in the references."""
    if not references:
        raise InputError("--explain needs --reference, the recording whose takes are listed.")

    from vsg_tf.config import Config
    from vsg_tf.grains.explanation import explanation_lines
    from vsg_tf.inference.renderers.grains import material_of
    from vsg_tf.inference.voice import Voice

    voice = Voice.open(references, Config(), span)
    print("\n".join(explanation_lines(material_of(voice, kind))))


def _load_synthesizer(model, runtime, server, model_name, tls, token_file, tls_files):
    """The model of a folder, or the one on a server."""
    from vsg_tf.inference.synthesizer import Synthesizer

    if server is None:
        return Synthesizer.load(model, runtime)

    from vsg_tf.extras import require

    require("grpc", "serving")
    from vsg_tf.serving.client import Client
    from vsg_tf.serving.remote_networks import RemoteNetworks
    from vsg_tf.serving.security import ClientTls, bearer

    security = ClientTls(*tls_files) if tls or any(tls_files) else None
    metadata = [] if token_file is None else [bearer(token_file)]
    client = Client(server, model_name, tls=security, metadata=metadata)
    return Synthesizer(RemoteNetworks(client))


def _plan(video, references, output: Path, pairs, each_reference: bool):
    from vsg_tf.inference.batch import plan_jobs

    return plan_jobs(video, references or [], output, pairs, each_reference)


def _run_one(synthesizer, job, settings) -> None:
    from vsg_tf.inference.jobs import run_job, voices_of
    from vsg_tf.progress_bar import ProgressBar

    with ProgressBar() as progress:
        voices = voices_of(synthesizer, settings)
        result = run_job(synthesizer, voices, job, settings, progress)
    for note in result.notes:
        print(f"note: {note}", file=sys.stderr)
    count = "" if result.events is None else f" ({len(result.events)} events)"
    print(f"{job.output}{count}")


def _run_batch(synthesizer, jobs: Sequence, settings) -> None:
    """Run every job; a bad one is reported and the others go on."""
    from vsg_tf.inference.jobs import attempt_job, voices_of
    from vsg_tf.progress_bar import ProgressBar

    voices, failures = voices_of(synthesizer, settings), 0
    with ProgressBar() as progress:
        for number, job in enumerate(jobs):
            progress.part(number, len(jobs))
            error, notes = attempt_job(synthesizer, voices, job, settings, progress)
            _report(progress, number, jobs, error, notes)
            failures += error is not None
    _count_failures(failures, len(jobs))


def _run_on_beam(options: Sequence[str], workers: int, model, runtime, jobs, settings) -> None:
    """The same by workers that each load the model."""
    from vsg_tf.data.beam import BeamRunner
    from vsg_tf.inference.beam_jobs import jobs_on_beam
    from vsg_tf.progress_bar import ProgressBar

    failures, done = 0, 0
    with ProgressBar() as progress:
        crew = BeamRunner(tuple(options), workers)
        for ending in jobs_on_beam(crew, model, runtime, jobs, settings):
            done += 1
            progress.part(done, len(jobs))
            _report(progress, ending.number, jobs, ending.error, ending.notes)
            failures += ending.error is not None
    _count_failures(failures, len(jobs))


def _report(progress, number: int, jobs: Sequence, error: str | None, notes) -> None:
    place = f"[{number + 1}/{len(jobs)}]"
    if error is not None:
        progress.print(f"{place} error: {error}", sys.stderr)
        return
    progress.print(f"{place} {jobs[number].output}")
    for note in notes:
        progress.print(f"{place} note: {note}", sys.stderr)


def _count_failures(failures: int, count: int) -> None:
    if failures == count:
        raise InputError(f"None of the {failures} results could be made; see the lines above.")
    if failures:
        raise InputError(
            f"{failures} of {count} results could not be made; the others are written."
        )


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
