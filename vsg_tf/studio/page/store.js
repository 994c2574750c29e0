// The project as the page has it, and as the server has it. Edits go to the server one at a time,
// the latest state each time, so that a hundred edits a second are a few requests.

import * as api from "./api.js";
import { empty } from "./events.js";
import { History } from "./history.js";

export class Store extends EventTarget {
  constructor() {
    super();
    this.history = null;
    this.server = null; // the last state that the server told
    this.keys = new Map(); // what a layer's sound is made from, as text -> its key
    this.sounds = {}; // key -> what the server tells of it
    this.sending = false;
    this.waiting = false;
    this.unsaved = false;
  }

  get project() { return this.history.state; }
  get clip() { return this.server.clip; }

  /** Read everything, and then whatever changes, for as long as the page is open. */
  async open() {
    this.take(await api.state(), true);
    this.follow();
  }

  async follow() {
    for (let pause = 0; ; ) {
      try {
        this.take(await api.changes(this.server.mark), false);
        pause = 0;
      } catch (error) {
        if (pause === 0) this.tell("error", error);
        pause = Math.min(10000, pause + 1000);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  take(state, replace) {
    if (this.server && state.revision < this.server.revision && !replace) return; // overtaken
    const foreign = this.server && state.revision > this.server.revision &&
      !this.sending && !this.waiting;
    this.server = state;
    Object.assign(this.sounds, state.sounds);
    state.project.layers.forEach((layer, index) => {
      this.keys.set(made(layer, state.project.guide), state.layers[index]);
    });
    if (this.history === null || replace) this.history = new History(state.project);
    else if (foreign) this.history.push(state.project);
    this.tell("change");
  }

  /** Change the project: `change(project)` gives the next one. */
  edit(change, merge = null) {
    const next = change(this.project);
    if (next === this.project) return;
    this.history.push(next, merge);
    this.unsaved = true;
    this.tell("change");
    this.send();
  }

  /** Change one layer. */
  editLayer(index, change, merge = null) {
    this.edit((project) => ({
      ...project,
      layers: project.layers.map((layer, at) => (at === index ? change(layer) : layer)),
    }), merge === null ? null : `${merge} ${index}`);
  }

  undo() { if (this.history.undo()) this.changed(); }
  redo() { if (this.history.redo()) this.changed(); }

  changed() {
    this.unsaved = true;
    this.tell("change");
    this.send();
  }

  async send() {
    this.waiting = true;
    if (this.sending) return;
    this.sending = true;
    while (this.waiting) {
      this.waiting = false;
      const project = this.project;
      try {
        const { revision } = await api.putProject(project, this.server.revision);
        this.server.revision = revision;
        this.take(await api.state(), false);
      } catch (error) {
        this.tell("error", error);
        if (error.status === 409) this.take(await api.state(), true);
        else if (error.status === 400) {
          this.history.undo(); // what the server does not take is not kept
          this.history.future.pop();
          this.tell("change");
        }
      }
    }
    this.sending = false;
  }

  /** The sound of a layer, or null while it is not known which: `{key, state, ...}`. */
  soundOf(layer, guide = this.project.guide) {
    const key = this.keys.get(made(layer, guide));
    return key && this.sounds[key] ? { key, ...this.sounds[key] } : null;
  }

  /** The events of a layer as they are heard, column by column, once its sound is there. */
  performed(layer) {
    const found = this.soundOf(layer)?.events;
    return found && found.times.length === layer.events.times.length ? found : null;
  }

  async save(name) {
    const { path } = await api.save(name);
    this.unsaved = false;
    this.tell("change");
    return path;
  }

  tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}

/** What the sound of a layer is made from, as text. */
function made(layer, guide) {
  const { references, events, level, estimated, options } = layer;
  return JSON.stringify([references, events, level, estimated, options,
    level === "guide" ? guide : null]);
}

/** A new layer with its references. */
export const newLayer = (name, references) => ({
  name, references, events: empty(), level: "none", estimated: false, options: {},
  gain_db: 0, pan: 0, muted: false,
});
