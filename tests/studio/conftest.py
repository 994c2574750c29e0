"""A studio on a short clip with two recordings, and a browser if there is one."""

import os
import shutil
import socket
import threading
import time
from pathlib import Path

import pytest
import soundfile

from tests.media_writing import hits, write_video
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.studio.beginning import begin_project
from vsg_tf.studio.running import StudioServer
from vsg_tf.studio.server import Studio
from vsg_tf.studio.workspace import Workspace

SECONDS = 3.0


@pytest.fixture(scope="session")
def synthesizer():
    return Synthesizer.load()


@pytest.fixture(scope="session")
def material(tmp_path_factory) -> Path:
    """A clip with sound, a guide, and two recordings."""
    folder = tmp_path_factory.mktemp("material")
    times = [i / 25 for i in range(round(25 * SECONDS))]
    write_video(folder / "clip.mp4", times=times, codec="libx264", pixels="yuv420p")
    write_video(folder / "unplayable.mp4", times=times, codec="mpeg4")
    soundfile.write(folder / "wood.wav", hits(seconds=2.0, times=(0.1, 0.9)), 22050)
    soundfile.write(folder / "metal.wav", hits(seconds=1.5, times=(0.2,)), 44100)
    soundfile.write(folder / "guide.wav", hits(seconds=SECONDS, times=(0.5, 1.4, 2.2)), 22050)
    return folder


@pytest.fixture
def folder(material, tmp_path) -> Path:
    shutil.copytree(material, tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def clip_name() -> str:
    """Of the clip that is worked on; a test may have another."""
    return "clip.mp4"


@pytest.fixture
def workspace(folder, synthesizer, clip_name):
    project, base, path = begin_project(
        folder / clip_name, [folder / "wood.wav"], str(folder / "guide.wav"), None, synthesizer
    )
    made = Workspace(project, base, synthesizer, path)
    yield made
    made.close()


def wait_until_ready(workspace: Workspace, seconds: float = 60.0) -> dict:
    """The state once no sound is being made."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        state = workspace.describe()
        sounds = [state["sounds"].get(key, {}) for key in state["layers"]]
        if all(sound.get("state") in ("ready", "failed") for sound in sounds):
            return state
        workspace.wait_for_change(workspace.progress_mark(), 0.5)
    raise AssertionError("the sounds were not made in time")


@pytest.fixture
def address(workspace):
    """Where a running studio's page is."""
    bound = socket.create_server(("127.0.0.1", 0))
    port = bound.getsockname()[1]
    studio = Studio(workspace, {f"127.0.0.1:{port}"})
    server = StudioServer(studio)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}/{studio.token}/"
    server.should_exit = True
    thread.join(timeout=20)
    studio.close()
    bound.close()


@pytest.fixture(scope="session")
def browser():
    """Debian's chromium, or another that CHROMIUM names."""
    place = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not place:
        pytest.skip("no browser: install chromium, or name one in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        opened = running.chromium.launch(executable_path=place, args=arguments)
        yield opened
        opened.close()
