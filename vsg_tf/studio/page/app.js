// The studio: puts the parts together and holds what a person can do.

import * as api from "./api.js";
import { Axis } from "./axis.js";
import { added, changed, columns, moved, removed, rows, snapped } from "./events.js";
import { Inspector, element } from "./inspector.js";
import { KEYS, actionOf } from "./keys.js";
import { Player } from "./player.js";
import { References, upload } from "./references.js";
import { say } from "./say.js";
import { Store, newLayer } from "./store.js";
import { Tapping } from "./tap.js";
import { clock, format, frameAt, frameTime, parse } from "./timecode.js";
import { Timeline } from "./timeline.js";

const get = (id) => document.getElementById(id);
const SHUTTLE = [-8, -4, -2, -1, 0, 1, 2, 4, 8];

class Studio {
  constructor() {
    this.store = new Store();
    this.player = new Player(get("video"));
    this.references = new References();
    this.axis = null;
    this.layer = 0;
    this.chosen = new Set();
    this.solo = new Set();
    this.heard = new Map(); // layer -> the sound that is shown
    this.before = null; // the project before the last edit
    this.hearing = "result";
    this.curves = { picture: null, guide: null };
    this.guideSound = null;
    this.originalSound = null;
    this.thumbnails = null;
    this.spectrogram = false;
    this.timeline = new Timeline(this);
    this.inspector = new Inspector(get("inspector"), this.store, {
      run: (name) => this.run(name),
      addReference: (index) => this.addReference(index),
      hearReference: (link) => this.hearReference(link),
      setEvents: (name, value) => this.setEvents(name, value),
    });
    this.tapping = new Tapping(this.player, (time, strength) => {
      if (this.current) this.addAt(this.layer, time, strength, "tap");
    });
    this.store.addEventListener("change", () => this.refresh());
    this.store.addEventListener("error", ({ detail }) => say(detail.message, "error"));
  }

  get current() { return this.store.project.layers[this.layer] ?? null; }

  async open() {
    await this.store.open();
    const { clip } = this.store;
    document.title = `${clip.name} – vsg studio`;
    get("clip-name").textContent = clip.name;
    this.drop = clip.timecode?.includes(";") ?? false;
    this.startFrame = parse(clip.timecode, clip.frame_rate);
    this.axis = new Axis(clip.duration_s, this.timeline.width);
    this.showVideo("api/video");
    this.wire();
    this.refresh();
    this.load();
  }

  showVideo(address) {
    const video = get("video");
    video.addEventListener("error", () => this.useProxy(), { once: true });
    video.addEventListener("loadedmetadata", () => {
      if (!video.videoWidth && address === "api/video") this.useProxy();
    }, { once: true });
    video.src = address;
  }

  async useProxy() {
    if (this.proxied) return say("The browser cannot play this clip; its sound can be exported.",
      "error");
    this.proxied = true;
    get("video-note").textContent = "The browser cannot play this clip: a small copy is being made.";
    try {
      let { state, message } = await api.makeProxy();
      while (state === "making") {
        await new Promise((resolve) => setTimeout(resolve, 400));
        ({ state, message } = await api.proxyState());
      }
      if (state !== "ready") throw new Error(message);
      get("video-note").textContent =
        "You see a small copy that the browser can play; exports hold the clip itself.";
      this.showVideo("api/proxy/video");
    } catch (error) {
      get("video-note").textContent = "";
      say(error.message, "error");
    }
  }

  async load() {
    this.loadCurves("picture");
    if (this.store.project.guide) this.loadGuide();
    if (this.store.clip.has_sound) {
      api.soundInfo("original").then((info) => {
        this.originalSound = { key: "original", ...info };
      }).catch(() => {});
    }
    for (;;) { // thumbnails come as they are made
      const made = await api.thumbnails().catch(() => null);
      if (made) {
        const done = this.thumbnails?.count === made.count;
        this.thumbnails = made;
        this.timeline.later();
        if (done) return;
      }
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
  }

  async loadCurves(name) {
    try {
      this.curves[name] = await (name === "picture" ? api.picture() : api.guide());
      for (const note of this.curves[name].notes) say(note);
    } catch (error) {
      this.curves[name] = null;
      say(error.message, "error");
    }
    this.timeline.later();
  }

  async loadGuide() {
    await this.loadCurves("guide");
    try {
      const info = await api.soundInfo("guide");
      this.guideSound = { key: "guide", rate: info.sample_rate, ...info };
    } catch { this.guideSound = null; }
    this.timeline.later();
  }

  refresh() {
    if (!this.axis) return;
    this.layer = Math.min(this.layer, Math.max(0, this.store.project.layers.length - 1));
    const count = this.current?.events.times.length ?? 0;
    if ([...this.chosen].some((index) => index >= count)) this.chosen = new Set();
    this.inspector.draw(this.layer, this.chosen);
    this.timeline.later();
    this.player.setVoices(this.voices());
    get("undo").disabled = !this.store.history.past.length;
    get("redo").disabled = !this.store.history.future.length;
    get("saved").textContent = this.store.unsaved ? "changes not saved" : "";
    get("use-guide").disabled = !this.store.project.guide || !this.current;
    get("use-picture").disabled = !this.current;
    get("hint").textContent = this.tapping.active ?
      "Tap mode: play, and tap letters (upper row loud, lower row soft) or a MIDI pad." : "";
  }

  voices() {
    const whole = (sound, gain = 1) => [{ key: sound.key, rate: sound.sample_rate,
      samples: sound.samples, gain, pan: 0 }];
    if (this.hearing === "guide") return this.guideSound ? whole(this.guideSound) : [];
    if (this.hearing === "original") return this.originalSound ? whole(this.originalSound) : [];
    const project = this.hearing === "before" ?
      this.store.history.past.at(-1) ?? this.store.project : this.store.project;
    return project.layers.flatMap((layer, index) => {
      let sound = this.store.soundOf(layer, project.guide);
      if (sound?.state === "ready") this.lastHeard = { ...this.lastHeard, [index]: sound };
      else if (this.hearing === "result") sound = this.lastHeard?.[index];
      if (sound?.state !== "ready") return [];
      const silent = this.solo.size ? !this.solo.has(index) : layer.muted;
      return [{ key: sound.key, rate: sound.sample_rate, samples: sound.samples,
        gain: silent ? 0 : 10 ** (layer.gain_db / 20), pan: layer.pan }];
    });
  }

  moved() { this.timeline.later(); this.showTime(); }

  showTime() {
    const { time } = this.player, { clip } = this.store;
    get("timecode").textContent = this.startFrame === null ? clock(time) :
      format(this.startFrame + frameAt(time, clip.frame_rate), clip.frame_rate, this.drop);
    get("play").textContent = this.player.paused ? "Play" : "Pause";
  }

  setAxis(axis) { this.axis = axis; this.timeline.later(); }
  choose(index) {
    if (index === this.layer) return;
    this.layer = index;
    this.chosen = new Set();
    this.refresh();
  }
  setChosen(chosen) { this.chosen = chosen; this.refresh(); }
  toggleChosen(index) {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(index)) chosen.add(index);
    this.setChosen(chosen);
  }
  toggleSolo(index) {
    if (!this.solo.delete(index)) this.solo.add(index);
    this.refresh();
  }
  setLoop(loop) {
    this.player.loop = loop && loop[1] - loop[0] > 0.02 ? loop : null;
    get("loop").setAttribute("aria-pressed", this.player.loop !== null);
    this.timeline.later();
  }

  /** Times that an event snaps to: guide, picture, playhead. */
  targets() {
    return [this.player.time, ...(this.curves.guide?.events.times ?? []),
      ...(this.curves.picture?.events.times ?? [])];
  }
  snap(time, reach) { return snapped(time, this.targets(), reach); }

  /** Before the first edit, what the renderer chose is written down, so that the rest stays. */
  adopt(index) {
    const layer = this.store.project.layers[index];
    const heard = this.store.performed(layer);
    if (!heard || JSON.stringify(heard) === JSON.stringify(layer.events)) return;
    this.store.editLayer(index, (one) => ({ ...one, events: heard, estimated: false }), "adopt");
  }

  editEvents(change, merge = null) {
    if (!this.current) return;
    this.adopt(this.layer);
    const [events, chosen] = change(this.current.events);
    this.store.editLayer(this.layer, (layer) => ({ ...layer, events }), merge);
    this.setChosen(chosen);
  }

  addAt(index, time, strength = 0.8, merge = null) {
    this.choose(index);
    if (time >= this.store.clip.duration_s) return;
    this.editEvents((events) => {
      const [result, place] = added(events, { time, strength });
      return [result, new Set([place])];
    }, merge);
  }

  setEvents(name, value) {
    if (value === null && (name === "time" || name === "strength")) return this.refresh();
    const limits = { time: [0, this.store.clip.duration_s - 1e-3], strength: [0, 1],
      duration: [0.01, 1e6], take: [1, 1e4], pitch: [-24, 24], gain: [-60, 24] };
    const [low, high] = limits[name];
    const clamped = value === null ? null : Math.min(high, Math.max(low, value));
    this.editEvents((events) => changed(events, this.chosen, () => ({ [name]: clamped })));
  }

  nudge(seconds) {
    if (!this.chosen.size) return false;
    this.editEvents((events) =>
      moved(events, this.chosen, seconds, this.store.clip.duration_s), "nudge");
    return true;
  }

  strengthen(by) {
    this.editEvents((events) => changed(events, this.chosen, (row) => ({
      strength: Math.min(1, Math.max(0, row.strength + by)) })), "strengthen");
  }

  snapTo(targets) {
    if (!targets.length) return say("There is nothing to snap to.");
    this.editEvents((events) => changed(events, this.chosen, (row) => ({
      time: snapped(row.time, targets, 0.25) })));
  }

  frame(by) {
    const rate = this.store.clip.frame_rate;
    const step = frameTime(1, rate) * by;
    if (this.nudge(step)) return;
    this.player.pause();
    const now = frameAt(this.player.time + 1e-4, rate);
    this.player.seek(frameTime(now + by, rate) + frameTime(1, rate) / 4);
    this.moved();
  }

  nextTake() {
    this.adopt(this.layer);
    this.editEvents((events) => changed(events, this.chosen, (row) => ({
      take: (row.take ?? 0) + 1, pitch: 0, gain: row.gain })));
  }

  useTiming(name) {
    const curves = this.curves[name];
    if (!curves || !this.current) return;
    const list = rows({ ...columns([]), ...curves.events });
    this.store.editLayer(this.layer, (layer) => ({
      ...layer, events: columns(list), estimated: curves.estimated,
      level: name === "guide" ? "guide" : "none" }));
    this.setChosen(new Set());
    say(`The layer is timed by the ${name}: ${list.length} events.`);
  }

  async chooseGuide() {
    const own = this.store.clip.has_sound && !this.store.project.guide;
    if (own && confirm("Use the clip's own sound as guide? Cancel to choose a file.")) {
      this.store.edit((project) => ({ ...project, guide: { file: null, options: {} } }));
    } else {
      const [chosen] = await this.references.choose("A guide: a sound that decides the timing");
      if (!chosen) return;
      this.store.edit((project) => ({ ...project, guide: { file: chosen.link, options: {} } }));
    }
    await this.settled();
    this.loadGuide();
  }

  /** Once the server has the state of the page. */
  async settled() {
    while (this.store.sending || this.store.waiting) {
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  async addLayer(files = null) {
    const kept = files ? await upload(files.map((file) => [file, file.name])) :
      await this.references.choose("A recording with the wanted timbre");
    if (!kept.length) return;
    const name = kept[0].link.path.split("/").at(-1).replace(/\.[^.]+$/, "");
    const layer = newLayer(name, kept.map(({ link }) => link));
    const source = this.curves.guide ?? this.curves.picture;
    if (source && !this.store.project.layers.length) {
      layer.events = columns(rows({ ...columns([]), ...source.events }));
      layer.estimated = source.estimated;
      layer.level = source === this.curves.guide ? "guide" : "none";
    }
    this.store.edit((project) => ({ ...project, layers: [...project.layers, layer] }));
    this.layer = this.store.project.layers.length - 1;
    this.setChosen(new Set());
  }

  removeLayer(index) {
    this.store.edit((project) => ({
      ...project, layers: project.layers.filter((_, other) => other !== index) }));
    this.heard.clear();
    this.lastHeard = {};
    this.solo.clear();
    this.setChosen(new Set());
  }

  async addReference(index) {
    const kept = await this.references.choose("Another take of the same thing");
    if (!kept.length) return;
    this.store.editLayer(index, (layer) => ({
      ...layer, references: [...layer.references, ...kept.map(({ link }) => link)] }));
  }

  async hearReference(link) {
    try {
      const info = await api.soundInfo(link.sha256);
      const audio = new Audio(
        `api/sounds/${link.sha256}/wav?first=0&count=${Math.min(info.samples, 20 * info.sample_rate)}`);
      await audio.play();
    } catch (error) { say(error.message, "error"); }
  }

  /** Other performances of a layer: each press goes on to the next one. */
  candidates(index) {
    this.store.editLayer(index, (layer) => ({
      ...layer,
      events: columns(rows(layer.events).map((row) => ({ ...row, take: null, pitch: null, gain: null }))),
      options: { ...layer.options, seed: (layer.options.seed ?? 0) + 1 } }));
    say(`Performance ${(this.store.project.layers[index].options.seed ?? 0)}; undo goes back.`);
  }

  async save() {
    await this.settled();
    try {
      const name = this.store.server.path ? null :
        `${this.store.clip.name.replace(/\.[^.]+$/, "")}.yaml`;
      say(`Saved as ${await this.store.save(name)}.`);
    } catch (error) { say(error.message, "error"); }
  }

  async export() {
    const dialog = get("exporting");
    get("export-name").value ||= `${this.store.clip.name.replace(/\.[^.]+$/, "")}-sound.mp4`;
    dialog.returnValue = "no";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    if (dialog.returnValue !== "yes") return;
    await this.settled();
    get("export").disabled = true;
    get("export").textContent = "Exporting…";
    try {
      const { path, notes } = await api.exported(get("export-name").value,
        get("export-overwrite").checked);
      say(`Written: ${path}`);
      for (const note of notes) say(note);
    } catch (error) { say(error.message, "error"); }
    get("export").disabled = false;
    get("export").textContent = "Export…";
  }

  hear(name) {
    this.hearing = name;
    document.querySelector(`input[name=hear][value=${name}]`).checked = true;
    if (name === "guide" && !this.guideSound) say("There is no guide; choose one first.");
    if (name === "original" && !this.originalSound) say("The clip has no sound of its own.");
    this.refresh();
  }

  shuttle(direction) {
    const at = SHUTTLE.indexOf(this.player.paused && this.player.rate > 0 ? 0 : this.player.rate);
    const next = SHUTTLE[Math.min(SHUTTLE.length - 1, Math.max(0, at + direction))];
    this.player.speed(next);
  }

  async toggleTap() {
    if (this.tapping.active) this.tapping.stop();
    else if (this.current) await this.tapping.start();
    else say("Add a layer first: taps become its events.");
    get("tap").setAttribute("aria-pressed", this.tapping.active);
    this.store.history.settle();
    this.refresh();
  }

  async calibrate() {
    say("Tap any letter with the light, twelve times.");
    const late = await this.tapping.calibrate((on) => get("beat").classList.toggle("on", on));
    say(late === null ? "Too few taps; try again." :
      `You tap ${Math.round(late * 1000)} ms late; that is subtracted from now on.`);
  }

  run(name) {
    const { player, store } = this;
    const duration = store.clip.duration_s;
    const actions = {
      toggle: () => { player.rate = 1; player.video.playbackRate = 1;
        return player.paused ? player.play() : player.pause(); },
      stop: () => player.speed(0), forwards: () => this.shuttle(1),
      backwards: () => this.shuttle(-1),
      frameBack: () => this.frame(-1), frameOn: () => this.frame(1),
      earlier: () => this.nudge(-0.001), later: () => this.nudge(0.001),
      stronger: () => this.strengthen(0.05), weaker: () => this.strengthen(-0.05),
      toStart: () => player.seek(0), toEnd: () => player.seek(duration - 0.05),
      addEvent: () => this.current && this.addAt(this.layer, player.time),
      deleteEvents: () => this.chosen.size &&
        this.editEvents((events) => [removed(events, this.chosen), new Set()]),
      nextEvent: () => {
        const count = this.current?.events.times.length;
        if (count) this.setChosen(new Set([((Math.max(-1, ...this.chosen)) + 1) % count]));
      },
      allEvents: () => this.setChosen(new Set(this.current?.events.times.keys() ?? [])),
      noEvents: () => this.setChosen(new Set()),
      snapFrame: () => {
        const rate = store.clip.frame_rate;
        this.editEvents((events) => changed(events, this.chosen, (row) => ({
          time: frameTime(Math.round(row.time * rate[0] / rate[1]), rate) })));
      },
      snapGuide: () => this.snapTo(this.curves.guide?.events.times ?? []),
      snapPicture: () => this.snapTo(this.curves.picture?.events.times ?? []),
      nextTake: () => this.chosen.size && this.nextTake(),
      tap: () => this.toggleTap(),
      loopIn: () => this.setLoop([player.time, player.loop?.[1] ?? duration]),
      loopOut: () => this.setLoop([player.loop?.[0] ?? 0, player.time]),
      loopOff: () => this.setLoop(null),
      before: () => this.hear(this.hearing === "before" ? "result" : "before"),
      hearResult: () => this.hear("result"), hearGuide: () => this.hear("guide"),
      hearOriginal: () => this.hear("original"),
      zoomIn: () => this.setAxis(this.axis.zoomed(1.6, this.axis.x(player.time))),
      zoomOut: () => this.setAxis(this.axis.zoomed(1 / 1.6, this.axis.x(player.time))),
      zoomAll: () => this.setAxis(new Axis(duration, this.timeline.width)),
      undo: () => store.undo(), redo: () => store.redo(), save: () => this.save(),
      help: () => get("keys").showModal(),
    };
    actions[name]?.();
    this.moved();
  }

  wire() {
    const on = (id, action) => get(id).addEventListener("click", action);
    for (const [id, name] of [["undo", "undo"], ["redo", "redo"], ["save", "save"],
      ["help", "help"], ["play", "toggle"], ["to-start", "toStart"], ["zoom-in", "zoomIn"],
      ["zoom-out", "zoomOut"], ["zoom-all", "zoomAll"], ["tap", "tap"]]) {
      on(id, () => this.run(name));
    }
    on("export", () => this.export());
    on("calibrate", () => this.calibrate());
    on("add-layer", () => this.addLayer());
    on("use-picture", () => this.useTiming("picture"));
    on("use-guide", () => this.useTiming("guide"));
    on("choose-guide", () => this.chooseGuide());
    on("loop", () => {
      const times = [...this.chosen].map((index) => this.current.events.times[index]);
      this.setLoop(this.player.loop ? null : times.length > 1 ?
        [Math.min(...times), Math.max(...times) + 0.5] : [this.axis.start, this.axis.stop]);
    });
    get("show-spectrogram").addEventListener("change", (event) => {
      this.spectrogram = event.target.checked;
      this.timeline.later();
    });
    for (const input of document.querySelectorAll("input[name=hear]")) {
      input.addEventListener("change", () => this.hear(input.value));
    }
    get("keys").querySelector("table").append(...KEYS.map(([keys, text]) => element("tr", {},
      element("td", {}, ...keys.flatMap((key) => [element("kbd", {}, key), " "])),
      element("td", {}, text))));
    window.addEventListener("keydown", (event) => {
      if (document.querySelector("dialog[open]")) return;
      if (event.target.matches?.("input, select, textarea") ? false : this.tapping.key(event)) {
        event.preventDefault();
        return;
      }
      const action = actionOf(event);
      if (action === null) return;
      event.preventDefault();
      this.run(action);
    });
    for (const name of ["dragover", "drop"]) {
      window.addEventListener(name, (event) => {
        event.preventDefault();
        if (name === "drop" && event.dataTransfer.files.length) {
          this.addLayer([...event.dataTransfer.files]);
        }
      });
    }
    window.addEventListener("beforeunload", (event) => {
      if (this.store.unsaved) event.preventDefault();
    });
    window.addEventListener("resize", () => this.setAxis(this.axis.resized(this.timeline.width)));
    const follow = () => {
      if (!this.player.paused || this.shownTime !== this.player.time) {
        this.shownTime = this.player.time;
        if (!this.player.paused) this.axis = this.axis.showing(this.player.time);
        this.moved();
      }
      requestAnimationFrame(follow);
    };
    follow();
  }
}

const studio = new Studio();
window.studio = studio; // for the tests
studio.open().catch((error) => say(error.message, "error"));
