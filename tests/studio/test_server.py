"""The studio's server: what it gives, and what it refuses."""

import io

import httpx
import numpy as np
import pytest
import soundfile

from tests.studio.conftest import wait_until_ready
from vsg_tf.studio import file_routes
from vsg_tf.studio.exporting import export_mix
from vsg_tf.studio.opened import OpenProject


@pytest.fixture
def client(address):
    with httpx.Client(base_url=address, timeout=60) as opened:
        yield opened


def _state(client):
    return client.get("api/state").json()


def test_only_the_own_page_is_answered(client, address):
    origin = address.split("/", 3)
    root = "/".join(origin[:3])
    assert client.get("").status_code == 200
    assert client.get("api/state", headers={"Host": "evil.example"}).status_code == 403
    assert client.get("api/state", headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.get("api/state", headers={"Origin": root}).status_code == 200
    for path in ("/", "/api/state", "/guessed/api/state", "/page/app.js"):
        assert httpx.get(root + path).status_code == 404
    policy = client.get("").headers["content-security-policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy


@pytest.mark.parametrize(
    "path",
    [
        "page/../../project.py",
        "page/%2e%2e/server.py",
        "page//etc/passwd",
        "api/sounds/..%2f..%2fx/wav",
    ],
)
def test_no_other_file_is_served(client, path):
    answer = client.get(path)
    assert answer.status_code in (400, 404) and b"import" not in answer.content


def test_a_layers_sound_comes_as_wav_peaks_and_picture(client, workspace):
    state = wait_until_ready(workspace)
    key = state["layers"][0]
    stored = workspace.sound(key)
    wav = client.get(f"api/sounds/{key}/wav?first=1000&count=5000").content
    samples, rate = soundfile.read(io.BytesIO(wav))
    assert rate == stored.sample_rate
    np.testing.assert_allclose(samples, stored.read(1000, 5000)[:, 0], atol=1e-4)
    peaks = np.frombuffer(
        client.get(f"api/sounds/{key}/peaks?first=0&count=66150&bins=50").content, np.int8
    )
    assert peaks.shape == (100,) and peaks.max() > 20
    picture = client.get(f"api/sounds/{key}/spectrogram?first=0&count=9000&width=40&height=20")
    assert picture.headers["content-type"] == "image/png"
    for query in ("", "?first=x&count=1", "?first=1"):
        answer = client.get(f"api/sounds/{key}/wav{query}")
        assert answer.status_code == 400 and "whole number" in answer.json()["error"]


def test_the_video_comes_in_ranges(client, folder):
    whole = (folder / "clip.mp4").read_bytes()
    answer = client.get("api/video", headers={"Range": "bytes=10-19"})
    assert answer.status_code == 206 and answer.content == whole[10:20]


def test_a_second_window_is_told(client):
    state = _state(client)
    body = {"project": state["project"], "revision": state["revision"]}
    assert client.put("api/project", json=body).json()["revision"] == state["revision"] + 1
    late = client.put("api/project", json=body)
    assert late.status_code == 409 and "another window" in late.json()["error"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda p: p["layers"][0].update(pan=9), "pan"),
        (lambda p: p["layers"][0]["references"].clear(), "references"),
        (lambda p: p["layers"][0]["options"].update(seed=-1), "seed"),
        (lambda p: p["layers"][0]["references"][0].update(path="/etc/passwd"), "outside"),
        (lambda p: p["layers"][0]["references"][0].update(path="../x.wav"), "outside"),
        (lambda p: p["clip"].update(path="other.mp4"), "another clip"),
    ],
)
def test_bad_states_are_one_sentence(client, change, sentence):
    state = _state(client)
    change(state["project"])
    answer = client.put(
        "api/project", json={"project": state["project"], "revision": state["revision"]}
    )
    assert answer.status_code == 400 and sentence in answer.json()["error"]
    assert _state(client)["revision"] == state["revision"]


@pytest.mark.parametrize("body", [b"", b"[", b"[]", b"null", b'{"project": 3, "revision": "x"}'])
def test_what_is_no_state_is_one_sentence(client, body):
    answer = client.put("api/project", content=body)
    assert answer.status_code == 400 and answer.json()["error"]


def test_sounds_are_kept_in_the_projects_folder(client, folder, monkeypatch):
    wav = (folder / "metal.wav").read_bytes()
    answer = client.post("api/upload?name=../../é%20knock.wav", content=wav).json()
    kept = folder / answer["link"]["path"]
    assert kept.parent == folder / "sounds" and kept.read_bytes() == wav
    again = client.post("api/upload?name=é%20knock.wav", content=wav).json()
    assert again["link"] == answer["link"], "the same sound is kept once"
    other = client.post("api/upload?name=é%20knock.wav", content=(folder / "wood.wav").read_bytes())
    assert other.json()["link"]["path"] != answer["link"]["path"]
    before = sorted((folder / "sounds").iterdir())
    for content in (b"", b"no sound at all"):
        refused = client.post("api/upload?name=x.wav", content=content)
        assert refused.status_code == 400 and "/.vsg" not in refused.json()["error"]
    monkeypatch.setattr(file_routes, "LARGEST_UPLOAD", 1 << 20)
    refused = client.post("api/upload?name=x.wav", content=bytes(2 << 20))
    assert refused.status_code == 400 and "more than 1 MB" in refused.json()["error"]
    assert sorted((folder / "sounds").iterdir()) == before


def test_an_export_is_what_vsg_render_makes(client, workspace, folder, synthesizer):
    wait_until_ready(workspace)
    assert client.post("api/save", json={"name": "p.yaml"}).status_code == 200
    assert client.post("api/export", json={"name": "page.wav"}).status_code == 200
    with OpenProject.load(folder / "p.yaml", synthesizer) as opened:
        export_mix(opened, folder / "command.wav")
        export_mix(opened, folder / "command.mp4")
    assert (folder / "page.wav").read_bytes() == (folder / "command.wav").read_bytes()
    refused = client.post("api/export", json={"name": "page.wav"})
    assert refused.status_code == 400 and "exists" in refused.json()["error"]
    for name in ("../out.mp4", "/tmp/out.mp4", "", "out.wmv", "clip.mp4"):
        refused = client.post("api/export", json={"name": name})
        assert refused.status_code == 400 and refused.json()["error"], name
    assert client.post("api/save", json={"name": "../p.yaml"}).status_code == 400
    assert client.post("api/save", json={"name": "clip.mp4"}).status_code == 400


def test_curves_and_thumbnails(client):
    guide = client.get("api/guide").json()
    assert len(guide["events"]["times"]) == 3 and guide["level"]["rate"] > 10
    picture = client.get("api/picture").json()
    assert picture["estimated"] and len(picture["level"]["db"]) > 50
    for _ in range(100):
        made = client.get("api/thumbnails").json()
        if made["count"] >= 2.5 / made["step_s"]:
            break
        import time

        time.sleep(0.05)
    assert client.get("api/thumbnails/1").content[:2] == b"\xff\xd8"
    assert client.get("api/thumbnails/9999").status_code == 404


def test_a_copy_for_the_browser(client, workspace):
    import time

    import av

    assert client.get("api/proxy/video").status_code == 400
    state = client.post("api/proxy").json()
    while state["state"] == "making":
        time.sleep(0.1)
        state = client.get("api/proxy").json()
    assert state["state"] == "ready", state["message"]
    with av.open(io.BytesIO(client.get("api/proxy/video").content)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        frames = sum(1 for _ in container.decode(stream))
    assert frames == 75
