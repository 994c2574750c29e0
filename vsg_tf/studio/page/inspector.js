// The settings of the chosen layer and of the chosen events.

import { rows } from "./events.js";

const SLIDERS = [
  ["background", "Background", 0, 1, 0.05, 0, "how much of the reference's background is heard"],
  ["follow", "Follow", 0, 1, 0.05, null, "how far the loudness follows the guide or the picture"],
  ["variation", "Variation", 0, 1, 0.05, 1, "how far one take varies from hit to hit"],
  ["dynamics", "Dynamics", 0, 1, 0.05, null, "how far strengths spread"],
  ["seed", "Performance", 0, 99, 1, 0, "another number is another performance"],
];
const EVENT_FIELDS = [
  ["time", "Time", "s", 0.001], ["strength", "Strength", "0–1", 0.05],
  ["duration", "Duration", "s", 0.01], ["take", "Take", "", 1],
  ["pitch", "Pitch", "semitones", 0.5], ["gain", "Gain", "dB", 0.5],
];

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "style") made.style.cssText = value; // an attribute would be blocked
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** `actions`: what can be done, see app.js. */
export class Inspector {
  constructor(place, store, actions) {
    Object.assign(this, { place, store, actions, shown: "" });
    // What is being typed is never replaced; what changed meanwhile is shown afterwards.
    place.addEventListener("focusout", () => setTimeout(() => this.again?.()));
  }

  /** Show a layer and its chosen events; what has the focus is left alone. */
  draw(index, chosen) {
    const layer = this.store.project.layers[index];
    if (!layer) {
      this.shown = "";
      this.place.replaceChildren(
        element("h2", {}, "No layer yet"),
        element("p", {}, "Add a layer and give it a recording: the clip gets its sound from it."));
      return;
    }
    const name = JSON.stringify([index, layer, [...chosen], this.store.performed(layer)]);
    if (name === this.shown) return;
    const kept = `${index} ${[...chosen]}`;
    const typing = this.place.contains(document.activeElement) &&
      document.activeElement.matches("input");
    this.again = typing && this.kept === kept ? () => this.draw(index, chosen) : null;
    if (this.again) return;
    this.fill(index, layer, chosen);
    this.shown = name;
    this.kept = kept;
  }

  fill(index, layer, chosen) {
    const parts = [element("h2", {}, layer.name)];
    parts.push(this.references(index, layer));
    parts.push(element("h3", {}, "Sound"));
    for (const slider of SLIDERS) parts.push(this.slider(index, layer, slider));
    parts.push(this.levels(index, layer));
    parts.push(element("h3", {}, chosen.size === 1 ? "The chosen event" :
      chosen.size ? `${chosen.size} chosen events` : "Events"));
    if (chosen.size) parts.push(...this.events(index, layer, chosen));
    else {
      parts.push(element("p", { class: "muted" },
        `${layer.events.times.length} events. Double click in the lane, or press E, to add one; ` +
        "drag to move, drag the right edge to stretch, the top to change the strength."));
    }
    const sound = this.store.soundOf(layer);
    for (const note of sound?.notes ?? []) parts.push(element("p", { class: "muted" }, note));
    this.place.replaceChildren(...parts);
  }

  references(index, layer) {
    const list = element("ul", { "aria-label": "References" });
    layer.references.forEach((link, at) => list.append(element("li", {},
      element("span", { title: link.path }, link.path.split("/").at(-1)),
      element("button", { onclick: () => this.actions.hearReference(link),
        "aria-label": `Hear ${link.path}` }, "Hear"),
      element("button", { disabled: layer.references.length === 1,
        "aria-label": `Remove ${link.path}`,
        onclick: () => this.store.editLayer(index, (one) => ({
          ...one, references: one.references.filter((_, other) => other !== at) })) }, "×"))));
    list.append(element("li", {},
      element("button", { onclick: () => this.actions.addReference(index) }, "Add a take…")));
    return list;
  }

  slider(index, layer, [name, label, low, high, step, usual, title]) {
    const value = layer.options[name] ?? usual;
    const output = element("output", {}, value === null ? "auto" : String(value));
    const input = element("input", { type: "range", min: low, max: high, step, title,
      id: `slider-${name}`, value: value ?? (low + high) / 2,
      oninput: (event) => {
        output.textContent = event.target.value;
        const number = Number(event.target.value);
        this.store.editLayer(index, (one) => ({
          ...one, options: { ...one.options, [name]: number } }), `slider ${name}`);
      },
      onchange: () => this.store.history.settle() });
    return element("div", { class: "field" },
      element("label", { for: `slider-${name}`, title }, label), input, output);
  }

  levels(index, layer) {
    const select = element("select", { id: "level",
      onchange: (event) => this.store.editLayer(index, (one) => ({
        ...one, level: event.target.value })) });
    for (const [value, label] of [["none", "nothing"], ["guide", "the guide"],
      ["picture", "the picture"]]) {
      select.append(element("option", { value, selected: layer.level === value,
        disabled: value === "guide" && !this.store.project.guide }, label));
    }
    return element("div", { class: "field" },
      element("label", { for: "level" }, "Level from"), select);
  }

  events(index, layer, chosen) {
    const list = rows(layer.events).filter((row) => chosen.has(row.index));
    const heard = this.store.performed(layer);
    const parts = EVENT_FIELDS.map(([name, label, unit, step]) => {
      const values = new Set(list.map((row) => row[name]));
      const value = values.size === 1 ? [...values][0] : null;
      const played = list.length === 1 ? heard?.[`${name}s`]?.[list[0].index] : null;
      const input = element("input", { type: "number", step, id: `event-${name}`,
        value: value === null ? "" : Number(value.toFixed(4)),
        placeholder: values.size > 1 ? "various" : (played?.toFixed?.(2) ?? "auto"),
        onchange: (event) => this.actions.setEvents(name,
          event.target.value === "" ? null : Number(event.target.value)) });
      return element("div", { class: "field" },
        element("label", { for: `event-${name}` }, label), input,
        element("span", { class: "muted" }, unit));
    });
    parts.push(element("p", {},
      element("button", { onclick: () => this.actions.run("nextTake") }, "Next take"), " ",
      element("button", { onclick: () => this.actions.run("snapFrame") }, "To frame"), " ",
      element("button", { onclick: () => this.actions.run("snapGuide") }, "To guide"), " ",
      element("button", { onclick: () => this.actions.run("deleteEvents") }, "Delete")));
    return parts;
  }
}

export { element };
