// The time line: what is drawn along the axis, and what pointer and wheel do there.

import * as api from "./api.js";
import { added, between, changed, empty, hit, moved, rows } from "./events.js";
import { element } from "./inspector.js";
import { Waveform, colour, drawCurve, drawEvents, drawPlayhead, drawRuler, drawThumbnails,
  prepare } from "./lanes.js";

const LANE = 78, WAVE = 56; // pixels
const REACH = 7; // pixels within which a dragged event snaps, with Shift not at all

export class Timeline {
  /** `studio` has `store`, `axis`, `player`, `chosen`, `layer`, `curves` and the actions. */
  constructor(studio) {
    this.studio = studio;
    this.rulers = Object.fromEntries(["ruler", "thumbnails", "picture", "guide"]
      .map((name) => [name, document.getElementById(name)]));
    this.place = document.getElementById("layers");
    this.waves = new Map();
    this.guideWave = new Waveform(() => this.later());
    this.built = "";
    this.pending = false;
    for (const canvas of Object.values(this.rulers)) {
      canvas.style.height = `${canvas.getAttribute("height")}px`;
      this.listen(canvas);
      canvas.addEventListener("pointerdown", (event) => this.scrub(event, canvas));
    }
    new ResizeObserver(() => this.later()).observe(this.place);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change",
      () => this.later());
  }

  get width() { return Math.max(1, this.rulers.ruler.clientWidth); }

  later() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => { this.pending = false; this.draw(); });
  }

  listen(canvas) {
    canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY) &&
        !event.shiftKey) return; // the page scrolls
      event.preventDefault();
      const { studio } = this;
      if (event.ctrlKey || event.metaKey) {
        studio.setAxis(studio.axis.zoomed(Math.exp(-event.deltaY / 300), event.offsetX));
      } else studio.setAxis(studio.axis.scrolled(event.deltaX || event.deltaY));
    }, { passive: false });
  }

  scrub(event, canvas) {
    canvas.setPointerCapture(event.pointerId);
    const { studio } = this;
    const from = studio.axis.time(event.offsetX);
    studio.player.seek(from);
    const move = (next) => {
      const time = studio.axis.time(next.offsetX);
      if (event.shiftKey && Math.abs(next.offsetX - event.offsetX) > 4) {
        studio.setLoop([Math.max(0, Math.min(from, time)), Math.max(from, time)]);
      } else studio.player.seek(time);
      studio.moved();
    };
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("lostpointercapture",
      () => canvas.removeEventListener("pointermove", move), { once: true });
    studio.moved();
  }

  /** Rows of the layers, made anew when layers come and go. */
  build() {
    const { store } = this.studio;
    const layers = store.project.layers;
    const name = `${layers.length} ${this.studio.spectrogram}`;
    if (name === this.built) return;
    this.built = name;
    this.place.replaceChildren(...layers.map((_, index) => this.row(index)));
    this.waves = new Map(layers.map((_, index) => [index, new Waveform(() => this.later())]));
  }

  row(index) {
    const { studio } = this, { store } = studio;
    const change = (part) => store.editLayer(index, (layer) => ({ ...layer, ...part(layer) }),
      `head ${Object.keys(part(store.project.layers[index]))[0]}`);
    const lane = element("canvas", { tabindex: "0", role: "application", "data-lane": index,
      style: `height: ${LANE}px` });
    const wave = element("canvas", { style: `height: ${WAVE}px`, "data-wave": index,
      "aria-hidden": "true" });
    this.listen(lane);
    this.listen(wave);
    wave.addEventListener("pointerdown", (event) => this.scrub(event, wave));
    lane.addEventListener("focus", () => studio.choose(index));
    lane.addEventListener("pointerdown", (event) => this.grab(event, lane, index));
    lane.addEventListener("dblclick", (event) => this.add(event, lane, index));
    lane.addEventListener("pointermove", (event) => this.hover(event, lane, index));
    const head = element("div", { class: "head" },
      element("input", { type: "text", "data-name": index, "aria-label": "Name of the layer",
        onfocus: () => studio.choose(index),
        onchange: (event) => change(() => ({ name: event.target.value || "layer" })) }),
      element("button", { "data-mute": index, title: "Mute",
        onclick: () => change((layer) => ({ muted: !layer.muted })) }, "M"),
      element("button", { "data-solo": index, title: "Solo",
        onclick: () => studio.toggleSolo(index) }, "S"),
      element("button", { title: "Other versions of this layer, best first",
        onclick: () => studio.candidates(index) }, "Versions"),
      element("button", { "aria-label": "Remove the layer", title: "Remove the layer",
        onclick: () => studio.removeLayer(index) }, "×"),
      element("label", { title: "Gain" }, "dB ",
        element("input", { type: "number", min: -60, max: 40, step: 0.5, "data-gain": index,
          onchange: (event) => change(() => ({ gain_db: Number(event.target.value) })) })),
      element("label", { title: "Pan" }, "L ",
        element("input", { type: "range", min: -1, max: 1, step: 0.05, "data-pan": index,
          style: "width: 60px",
          oninput: (event) => change(() => ({ pan: Number(event.target.value) })) }), " R"));
    const lanes = element("div", { class: "lanes" }, lane, wave);
    if (studio.spectrogram) lanes.append(element("img", { "data-spectrum": index, alt: "" }));
    lanes.append(element("span", { class: "state", "data-state": index, role: "status" }));
    return element("div", { class: "row layer", "data-layer": index }, head, lanes);
  }

  find(name, index) { return this.place.querySelector(`[data-${name}="${index}"]`); }

  shown(layer) {
    return this.studio.store.performed(layer)?.durations ?? layer.events.durations;
  }

  spot(event, lane, index) {
    const layer = this.studio.store.project.layers[index];
    return hit(layer.events, this.shown(layer), this.studio.axis, LANE, event.offsetX,
      event.offsetY);
  }

  hover(event, lane, index) {
    if (event.buttons) return;
    const found = this.spot(event, lane, index);
    lane.style.cursor = { body: "grab", end: "ew-resize", top: "ns-resize" }[found?.part] ??
      "default";
  }

  add(event, lane, index) {
    if (this.spot(event, lane, index)) return;
    this.studio.addAt(index, this.studio.axis.time(event.offsetX),
      Math.min(1, Math.max(0.05, 1 - event.offsetY / LANE)));
  }

  grab(event, lane, index) {
    const { studio } = this, { store } = studio;
    lane.focus({ preventScroll: true });
    studio.choose(index);
    const found = this.spot(event, lane, index);
    lane.setPointerCapture(event.pointerId);
    if (!found) return this.sweep(event, lane, index);
    if (event.shiftKey || event.ctrlKey || event.metaKey) studio.toggleChosen(found.index);
    else if (!studio.chosen.has(found.index)) studio.setChosen(new Set([found.index]));
    if (!studio.chosen.has(found.index)) return;
    studio.adopt(index);
    const begin = store.project.layers[index].events;
    const chosen = new Set(studio.chosen);
    const shown = this.shown(store.project.layers[index]);
    const held = rows(begin)[found.index];
    let dragged = false;
    const move = (next) => {
      const across = next.offsetX - event.offsetX, down = next.offsetY - event.offsetY;
      if (!dragged && Math.hypot(across, down) < 3) return;
      dragged = true;
      const seconds = across * studio.axis.scale;
      let result;
      if (found.part === "end") {
        result = changed(begin, chosen, (row) => ({
          duration: Math.max(0.01, (shown?.[row.index] ?? row.duration ?? 0.1) + seconds) }));
      } else if (found.part === "top") {
        result = changed(begin, chosen, (row) => ({
          strength: Math.min(1, Math.max(0, row.strength - down / LANE)) }));
      } else {
        const wanted = held.time + seconds;
        const near = next.shiftKey ? wanted : studio.snap(wanted, REACH * studio.axis.scale);
        result = moved(begin, chosen, near - held.time, store.clip.duration_s);
      }
      const [events, indices] = result;
      studio.setChosen(indices);
      store.editLayer(index, (layer) => ({ ...layer, events }), `drag ${event.timeStamp}`);
    };
    lane.addEventListener("pointermove", move);
    lane.addEventListener("lostpointercapture", () => {
      lane.removeEventListener("pointermove", move);
      store.history.settle();
    }, { once: true });
  }

  /** Choose what lies under a stretch that is dragged over the empty lane. */
  sweep(event, lane, index) {
    const { studio } = this;
    const keep = event.shiftKey ? studio.chosen : new Set();
    const from = studio.axis.time(event.offsetX);
    studio.setChosen(keep);
    const move = (next) => {
      const { events } = studio.store.project.layers[index];
      studio.setChosen(new Set([...keep,
        ...between(events, from, studio.axis.time(next.offsetX))]));
    };
    lane.addEventListener("pointermove", move);
    lane.addEventListener("lostpointercapture",
      () => lane.removeEventListener("pointermove", move), { once: true });
  }

  draw() {
    const { studio } = this, { store, axis, player } = studio;
    if (!axis) return;
    this.build();
    const { clip, project } = store;
    drawRuler(this.rulers.ruler, axis, clip.frame_rate, studio.startFrame, studio.drop);
    drawThumbnails(this.rulers.thumbnails, axis, studio.thumbnails, () => this.later());
    for (const name of ["picture", "guide"]) {
      const { context, height } = prepare(this.rulers[name]);
      const curves = studio.curves[name];
      drawCurve(context, axis, curves?.level, height, colour("curve"));
      if (name === "guide" && project.guide) {
        this.guideWave.draw(context, axis, studio.guideSound, height, colour("guide-wave"),
          true);
      }
      if (curves) {
        drawEvents(context, axis, { ...empty(), ...curves.events },
          curves.events.times.map(() => 0.02), new Set(), null, height);
      }
      drawPlayhead(context, axis, player.time, player.loop, height);
    }
    for (const name of ["ruler", "thumbnails"]) {
      const canvas = this.rulers[name];
      drawPlayhead(canvas.getContext("2d"), axis, player.time, player.loop, canvas.clientHeight);
    }
    project.layers.forEach((layer, index) => this.drawLayer(layer, index));
  }

  drawLayer(layer, index) {
    const { studio } = this, { axis, player, store } = studio;
    const sound = store.soundOf(layer);
    const lane = this.find("lane", index);
    const chosen = studio.layer === index ? studio.chosen : new Set();
    const { context, height } = prepare(lane);
    drawEvents(context, axis, layer.events, this.shown(layer), chosen, null, height);
    drawPlayhead(context, axis, player.time, player.loop, height);
    lane.setAttribute("aria-label",
      `Events of ${layer.name}: ${layer.events.times.length}, ${chosen.size} chosen`);
    const wave = prepare(this.find("wave", index));
    const ready = sound?.state === "ready" ? { key: sound.key, rate: sound.sample_rate } : null;
    if (ready) studio.heard.set(index, ready); // the old one is shown until the new one is there
    this.waves.get(index).draw(wave.context, axis, ready ?? studio.heard.get(index), wave.height,
      colour("wave"));
    drawPlayhead(wave.context, axis, player.time, player.loop, wave.height);
    this.find("layer", index).classList.toggle("chosen", studio.layer === index);
    this.set(this.find("name", index), layer.name);
    this.set(this.find("gain", index), layer.gain_db);
    this.set(this.find("pan", index), layer.pan);
    this.find("mute", index).setAttribute("aria-pressed", layer.muted);
    this.find("solo", index).setAttribute("aria-pressed", studio.solo.has(index));
    const state = this.find("state", index);
    state.classList.toggle("failed", sound?.state === "failed");
    state.textContent = sound?.state === "failed" ? sound.message :
      sound?.state === "ready" ? "" : `making ${Math.round(100 * (sound?.done ?? 0))} %`;
    const spectrum = this.find("spectrum", index);
    if (spectrum && ready) {
      const address = api.spectrogram(ready.key, axis.start * ready.rate,
        axis.width * axis.scale * ready.rate, Math.min(1600, Math.round(axis.width)), 90);
      if (spectrum.getAttribute("src") !== address) spectrum.setAttribute("src", address);
    }
  }

  set(input, value) {
    if (document.activeElement !== input && input.value !== String(value)) input.value = value;
  }
}
