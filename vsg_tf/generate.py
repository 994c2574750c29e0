"""`vsg generate`: a silent video and a reference recording into a video with sound."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from vsg_tf.errors import InputError, VsgError
from vsg_tf.inference.renderers.names import DEFAULT_RENDERER, RendererName

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
_SERVER = "Model server"  # heading of these options in the help


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise InputError(f"{name} must be from {low:g} to {high:g}, not {value:g}.")


def _check_server_options(server, model, *needing_a_server) -> None:
    if server is not None and model is not None:
        raise InputError("Give either --model, or --server with a model of its own.")
    if server is None and any(needing_a_server):
        raise InputError("--tls, --tls-... and --token-file need --server HOST:PORT.")


def _load_synthesizer(model, server, model_name, tls, token_file, tls_files):
    """The model of a folder, or the one on a server."""
    from vsg_tf.extras import require
    from vsg_tf.inference.synthesizer import Synthesizer

    if server is None:
        return Synthesizer.load(model)

    require("grpc", "serving")
    from vsg_tf.serving.client import Client
    from vsg_tf.serving.remote_networks import RemoteNetworks
    from vsg_tf.serving.security import ClientTls, bearer

    security = ClientTls(*tls_files) if tls or any(tls_files) else None
    metadata = [] if token_file is None else [bearer(token_file)]
    client = Client(server, model_name, tls=security, metadata=metadata)
    return Synthesizer(RemoteNetworks(client))


def _render_batch(synthesizer, pairs, options) -> int:
    """Render every pair; a bad one is reported and the others go on. Returns the failures."""
    from vsg_tf.inference.rendering import render_pair

    failures = 0
    for number, pair in enumerate(pairs, start=1):
        try:
            render_pair(synthesizer, pair.video, pair.reference, pair.output, options=options)
            print(f"[{number}/{len(pairs)}] {pair.output}")
        except Exception as error:  # whatever is wrong with one pair, the others are rendered
            failures += 1
            reason = error if isinstance(error, VsgError) else repr(error)
            print(f"[{number}/{len(pairs)}] error: {reason}", file=sys.stderr)
    return failures


@app.command()
def generate(
    video: Annotated[
        Path | None, typer.Option(help="Video to be given a sound, or a folder of videos.")
    ] = None,
    reference: Annotated[
        Path | None,
        typer.Option(
            help="Recording with the wanted timbre (audio, or a video's track; its first 60 s), or "
            "a folder with one for each video, of the same name."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Video to write (.mp4, .mov or .mkv), or a folder for a batch."),
    ] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(
            help="CSV list of pairs with the columns video, reference and, if wanted, output, "
            "instead of --video and --reference."
        ),
    ] = None,
    wav: Annotated[Path | None, typer.Option(help="Also write the sound as 16-bit WAV.")] = None,
    model: Annotated[
        Path | None, typer.Option(help="Model folder; default: the model that ships.")
    ] = None,
    background: Annotated[
        float, typer.Option(help="Background of the reference: 0 (none) to 1 (as recorded).")
    ] = 0.0,
    gain: Annotated[
        float, typer.Option(help="Gain in dB, -60 to 40; the peak stays below full scale.")
    ] = 0.0,
    seed: Annotated[
        int, typer.Option(min=0, help="Seed of all that is random; same seed, same bytes.")
    ] = 0,
    renderer: Annotated[
        RendererName, typer.Option(help="How the waveform is made; see docs/renderers.md.")
    ] = DEFAULT_RENDERER,
    events_in: Annotated[
        Path | None,
        typer.Option(
            help="CSV to play instead of detection: time_s (s from the first frame), strength "
            "(0 to 1, over 30 dB), duration_s (s)."
        ),
    ] = None,
    events_out: Annotated[
        Path | None, typer.Option(help="Write the events that are played as CSV, to be edited.")
    ] = None,
    features: Annotated[
        list[str] | None,
        typer.Option(
            help="For models on REGNET features: the RGB file, then once more the flow file."
        ),
    ] = None,
    keep_original_audio: Annotated[
        float | None,
        typer.Option(
            help="Mix the clip's own sound under the new one at this gain in dB, -60 to 20; "
            "default: leave it out."
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option(help="Replace outputs that exist.")] = False,
    server: Annotated[
        str | None,
        typer.Option(
            help="HOST:PORT of TensorFlow Serving or vsg serve, whose model is used instead of "
            "--model; pictures and sounds are read and written here.",
            rich_help_panel=_SERVER,
        ),
    ] = None,
    model_name: Annotated[
        str, typer.Option(help="Name of the model on the server.", rich_help_panel=_SERVER)
    ] = "default",
    tls: Annotated[
        bool, typer.Option("--tls", help="Encrypt, and know the server.", rich_help_panel=_SERVER)
    ] = False,
    tls_ca: Annotated[
        Path | None,
        typer.Option(
            help="PEM certificates to trust instead of the system's; means --tls.",
            rich_help_panel=_SERVER,
        ),
    ] = None,
    tls_cert: Annotated[
        Path | None,
        typer.Option(help="PEM certificate for mutual TLS; means --tls.", rich_help_panel=_SERVER),
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(help="PEM key of --tls-cert.", rich_help_panel=_SERVER)
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(
            help="File with a token, sent with every call as authorization: Bearer.",
            rich_help_panel=_SERVER,
        ),
    ] = None,
) -> None:
    """Sound for a video, in the timbre of a reference recording.

    A folder or a list of pairs is rendered as a batch: one bad pair does not stop the others, and
    the exit code is 2 if any failed.
    """
    tls_files = (tls_ca, tls_cert, tls_key)
    _check_server_options(server, model, tls, token_file, *tls_files)
    _check_range("--background", background, 0, 1)
    _check_range("--gain", gain, -60, 40)
    if keep_original_audio is not None:
        _check_range("--keep-original-audio", keep_original_audio, -60, 20)
    if output is None:
        raise InputError("Say where the result goes: --output FILE.mp4, or a folder for a batch.")
    if pairs is not None and (video is not None or reference is not None):
        raise InputError("Give either --pairs, or --video and --reference.")
    if pairs is None and (video is None or reference is None):
        raise InputError("Give --video and --reference, or --pairs with a list of both.")

    from vsg_tf.inference.batch import folder_pairs, listed_pairs
    from vsg_tf.video.muxing import SUFFIXES

    batch = None
    if pairs is not None:
        batch = listed_pairs(pairs, output)
    elif video.is_dir():
        batch = folder_pairs(video, reference, output)
    if batch is not None and any((wav, events_in, events_out, features)):
        raise InputError(
            "--wav, --events-in, --events-out and --features are for one pair, not for a batch."
        )

    if batch is not None and (output.is_file() or output.suffix.lower() in SUFFIXES):
        raise InputError(f"A batch is written into a folder; --output {output} names a file.")

    from vsg_tf.events import read_events
    from vsg_tf.inference.rendering import RenderOptions, check_pair, render_pair

    options = RenderOptions(background, gain, seed, keep_original_audio, overwrite, renderer)
    track = read_events(events_in) if events_in is not None else None
    files = {"wav": wav, "feature_files": features, "events_out": events_out}
    if batch is None:  # before the model is loaded, which takes seconds
        check_pair(video, reference, output, **files, overwrite=overwrite)
    synthesizer = _load_synthesizer(model, server, model_name, tls, token_file, tls_files)
    synthesizer.check_renderer(renderer)
    if batch is not None:
        failures = _render_batch(synthesizer, batch, options)
        if failures:
            raise InputError(f"{failures} of {len(batch)} pairs failed; the others are written.")
        return
    events = render_pair(
        synthesizer,
        video,
        reference,
        output,
        **files,
        events_in=track,
        options=options,
    )
    count = "" if events is None else f" ({len(events)} events)"
    print(f"{output}{count}")


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
