"""The page in a real browser: what a person does there, and its pure functions."""

import json
import time

import pytest

from tests.studio.conftest import wait_until_ready

CALM = "studio.store.sending === false && studio.store.waiting === false"


def until(page, condition: str, seconds: float = 30.0) -> None:
    """Wait until a condition holds; Playwright's own way needs what the page's policy forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(f"Boolean({condition})"):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(30)


@pytest.fixture
def page(browser, address, workspace):
    wait_until_ready(workspace)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.faults = []
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    opened.on(
        "console",
        lambda message: opened.faults.append(message.text) if message.type == "error" else None,
    )
    opened.goto(address)
    until(opened, "window.studio?.axis && studio.curves.picture && studio.curves.guide")
    yield opened
    assert not opened.faults
    opened.evaluate("studio.store.unsaved = false")
    context.close()


def _times(page, layer=0) -> list[float]:
    return page.evaluate(f"studio.store.project.layers[{layer}].events.times")


def _spot(page, seconds, height=0.5, layer=0):
    """Where a time lies in a lane on the screen."""
    box = page.locator(f"canvas[data-lane='{layer}']").bounding_box()
    return box["x"] + page.evaluate(f"studio.axis.x({seconds})"), box["y"] + height * box["height"]


def _calm(page):
    until(page, CALM)


def test_events_are_added_dragged_stretched_nudged_and_undone(page, workspace):
    begin = _times(page)
    assert len(begin) == 3
    page.mouse.dblclick(*_spot(page, 1.9, 0.4))
    assert len(_times(page)) == 4 and min(abs(t - 1.9) for t in _times(page)) < 0.02
    page.mouse.move(*_spot(page, 1.905, 0.8))
    page.mouse.down()
    page.mouse.move(*_spot(page, 2.6, 0.8), steps=5)
    page.mouse.up()
    assert max(_times(page)) == pytest.approx(2.6, abs=0.03)
    page.keyboard.press("Alt+ArrowLeft")
    moved = max(_times(page))
    page.keyboard.press("Alt+ArrowLeft")
    assert max(_times(page)) == pytest.approx(moved - 0.001, abs=1e-6)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Delete")
    assert len(_times(page)) == 3
    _calm(page)
    for _ in range(12):
        page.keyboard.press("Control+z")
    assert _times(page) == begin
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+Shift+z")
    assert len(_times(page)) == 4
    _calm(page)
    assert [round(t, 6) for t in workspace.project.layers[0].events.times] == [
        round(t, 6) for t in _times(page)
    ]


def test_what_was_not_edited_stays_as_it_was_heard(page, workspace):
    before = wait_until_ready(workspace)
    heard = before["sounds"][before["layers"][0]]["events"]
    page.mouse.dblclick(*_spot(page, 2.7, 0.4))
    _calm(page)
    state = wait_until_ready(workspace)
    now = state["sounds"][state["layers"][0]]["events"]
    for name in ("takes", "pitches", "gains"):
        assert now[name][:3] == heard[name][:3], name


def test_playing_moves_the_playhead_and_is_heard(page):
    page.keyboard.press("Space")
    until(page, "studio.player.time > 0.3 && studio.player.playing.size > 0")
    assert page.locator("#play").text_content() == "Pause"
    page.keyboard.press("k")
    until(page, "studio.player.paused")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    until(page, "studio.player.time > 0.03 && studio.player.time < 0.08")


def test_taps_become_events_at_their_time(page):
    page.evaluate("studio.tapping.late = 0")
    page.keyboard.press("t")
    page.keyboard.press("Space")
    until(page, "studio.player.time > 0.8")
    before = page.evaluate("studio.player.time")
    page.keyboard.press("q")
    after = page.evaluate("studio.player.time")
    until(page, "studio.player.time > 1.0")
    page.keyboard.press("z")
    page.keyboard.press("Space")
    times = _times(page)
    assert len(times) == 5 and any(before - 0.05 < time < after + 0.05 for time in times)
    strengths = page.evaluate("studio.store.project.layers[0].events.strengths")
    assert {1.0, 0.5} <= set(strengths)
    page.locator("#tap").click()


def test_another_take_pitch_and_slider_are_in_the_project(page, workspace):
    page.mouse.click(*_spot(page, 0.51, 0.8))
    page.get_by_role("button", name="Next take").click()
    page.locator("#event-pitch").fill("-3")
    page.locator("#event-pitch").press("Enter")
    page.locator("#slider-background").fill("0.5")
    _calm(page)
    layer = workspace.project.layers[0]
    assert layer.events.pitches[0] == -3 and layer.events.takes[0] >= 1
    assert layer.options["background"] == 0.5
    wait_until_ready(workspace)


def test_a_second_layer_saved_reloaded_and_exported(page, workspace, folder):
    page.locator("#add-layer").click()
    page.locator("#files").set_input_files(str(folder / "metal.wav"))
    page.locator("#trim").wait_for(state="visible")
    page.locator("#referring-use").click()
    until(page, "studio.store.project.layers.length === 2")
    page.mouse.dblclick(*_spot(page, 1.0, 0.3, layer=1))
    _calm(page)
    assert len(_times(page, 1)) == 1
    page.locator("[data-mute='0']").click()
    _calm(page)
    assert workspace.project.layers[0].muted
    page.keyboard.press("Control+s")
    page.get_by_text("Saved as").wait_for()
    assert (folder / "clip.yaml").is_file()
    page.reload()
    until(page, "window.studio?.axis && studio.store.project.layers.length === 2")
    page.locator("#export").click()
    page.locator("#export-name").fill("made.mp4")
    page.locator("#exporting button.primary").click()
    page.get_by_text("Written:").wait_for()
    assert (folder / "made.mp4").is_file()
    page.locator("#export").click()
    page.locator("#exporting button.primary").click()
    page.get_by_text("exists; pass --overwrite").wait_for()
    page.faults.clear()  # the browser notes the refusal


def test_two_windows(page, address, workspace):
    other = page.context.new_page()
    other.goto(address)
    until(other, "window.studio?.axis")
    page.mouse.dblclick(*_spot(page, 1.9, 0.4))
    _calm(page)
    until(other, "studio.store.project.layers[0].events.times.length === 4")
    other.close()


@pytest.mark.parametrize("clip_name", ["unplayable.mp4"])
def test_a_clip_that_the_browser_cannot_play_is_shown_as_a_copy(page):
    page.get_by_text("You see a small copy").wait_for()
    page.keyboard.press("Space")
    until(page, "studio.player.time > 0.2")


def test_every_key_is_listed(page):
    page.keyboard.press("?")
    text = page.locator("#keys").text_content()
    assert "Tap mode" in text and "Undo" in text
    page.keyboard.press("Escape")


def test_a_refusal_is_a_sentence_and_the_page_goes_on(page, folder, workspace):
    wait_until_ready(workspace)
    workspace.opened.voices._held.clear()
    (folder / "wood.wav").unlink()
    page.mouse.dblclick(*_spot(page, 1.9, 0.4))
    page.get_by_text("wood.wav is missing").first.wait_for()
    page.keyboard.press("Control+z")
    _calm(page)


FUNCTIONS = """async () => {
  const { Axis } = await import("./page/axis.js");
  const events = await import("./page/events.js");
  const { History } = await import("./page/history.js");
  const timecode = await import("./page/timecode.js");
  const tap = await import("./page/tap.js");
  const axis = new Axis(100, 1000);
  const close = axis.zoomed(10, 500);
  const two = { times: [1, 2], strengths: [1, 0.5], durations: [0.5, null], takes: [], pitches: [],
    gains: [] };
  const history = new History(0);
  history.push(1); history.push(2, "a"); history.push(3, "a");
  history.undo();
  const ntsc = [30000, 1001];
  return {
    whole: [axis.start, axis.stop, axis.x(50)],
    zoomed: [close.time(500), close.stop - close.start],
    edges: [close.scrolled(1e9).stop, new Axis(5, 10, -3).start, axis.zoomed(1e9, 0).scale],
    marks: axis.marks().length <= 12 && close.marks().every((t) => t >= close.start),
    added: events.added(two, { time: 1.5 }),
    movedBeyond: events.moved(two, new Set([0, 1]), 1e9, 10)[0].times,
    movedBefore: events.moved(two, new Set([0, 1]), -1e9, 10)[0].times,
    crossing: events.moved(two, new Set([0]), 2, 10),
    hits: [
      events.hit(two, [0.5, 1], new Axis(10, 1000), 70, 101, 60)?.part,
      events.hit(two, [0.5, 1], new Axis(10, 1000), 70, 150, 60)?.part,
      events.hit(two, [0.5, 1], new Axis(10, 1000), 70, 110, 7)?.part,
      events.hit(two, [0.5, 1], new Axis(10, 1000), 70, 700, 60),
    ],
    snapped: [events.snapped(1.02, [1, 2], 0.05), events.snapped(1.2, [1, 2], 0.05)],
    undone: [history.state, history.redo(), history.state, history.undo(), history.undo(),
      history.undo(), history.state],
    codes: [
      timecode.format(timecode.parse("01:00:00;00", ntsc), ntsc, true),
      timecode.format(1800, ntsc, true), timecode.format(1799, ntsc, true),
      timecode.format(17982, ntsc, true), timecode.format(25 * 3600, [25, 1]),
      timecode.parse("no", ntsc),
    ],
    late: tap.lateness([1.05, 2.04, 3.06], [1, 2, 3]),
  };
}"""


def test_pure_functions(page):
    found = page.evaluate(FUNCTIONS)
    assert found["whole"] == [0, 100, 500]
    assert found["zoomed"] == pytest.approx([50, 10])
    assert found["edges"][:2] == [100, 0] and found["edges"][2] == pytest.approx(1 / 4000)
    assert found["marks"]
    columns, index = found["added"]
    assert (
        columns["times"] == [1, 1.5, 2] and index == 1 and columns["durations"] == [0.5, None, None]
    )
    assert found["movedBeyond"] == pytest.approx([8.999, 9.999])
    assert found["movedBefore"] == [0, 1]
    assert found["crossing"][0]["times"] == [2, 3]
    assert found["hits"] == ["body", "end", "top", None]
    assert found["snapped"] == [1, 1.2]
    assert found["undone"] == [1, True, 3, True, True, False, 0]
    assert found["codes"] == ["01:00:00;00", "00:01:00;02", "00:00:59;29", "00:10:00;00",
                              "01:00:00:00", None]  # fmt: skip
    assert found["late"] == pytest.approx(0.05)


def test_text_stands_out_in_light_and_dark(page):
    """Contrast of text and muted text with both grounds: AA asks for 4.5."""
    script = """() => {
      const probe = document.createElement("canvas").getContext("2d");
      const light = (name) => {
        probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name);
        const [r, g, b] = [1, 3, 5].map((i) => parseInt(probe.fillStyle.slice(i, i + 2), 16) / 255)
          .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) /
        (Math.min(light(a), light(b)) + 0.05);
      return [["--text", "--ground"], ["--text", "--panel"], ["--muted", "--ground"],
        ["--muted", "--panel"], ["--accent-text", "--accent"], ["--error", "--panel"]]
        .map(([a, b]) => ratio(a, b));
    }"""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert min(page.evaluate(script)) >= 4.5, (scheme, json.dumps(page.evaluate(script)))
