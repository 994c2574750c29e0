// What is drawn along the time axis: ruler, thumbnails, curves, waveforms, events.

import * as api from "./api.js";
import { bounds, rows } from "./events.js";
import { clock, format, frameAt, nominal } from "./timecode.js";

/** A canvas' context in CSS pixels, cleared; sharp on every screen. */
export function prepare(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/** A colour of the style sheet by its name. */
export const colour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export function drawRuler(canvas, axis, rate, startFrame, drop) {
  const { context, height } = prepare(canvas);
  context.font = "11px system-ui, sans-serif";
  context.fillStyle = colour("muted");
  context.strokeStyle = colour("line");
  const frames = axis.scale < 1 / (8 * nominal(rate));
  for (const time of axis.marks(frames ? 130 : 100)) {
    const x = Math.round(axis.x(time)) + 0.5;
    context.beginPath();
    context.moveTo(x, height - 6);
    context.lineTo(x, height);
    context.stroke();
    const text = startFrame === null ? clock(time) :
      format(startFrame + frameAt(time, rate), rate, drop);
    context.fillText(text, x + 3, height - 8);
  }
}

/** Pictures that were fetched, by number. */
const pictures = new Map();

export function drawThumbnails(canvas, axis, made, again) {
  const { context, width, height } = prepare(canvas);
  if (!made) return;
  const shown = made.width * height / 54;
  for (let x = -(axis.start / axis.scale % shown); x < width; x += shown) {
    const index = Math.min(made.count - 1, Math.max(0, Math.round(axis.time(x) / made.step_s)));
    if (index < 0) continue;
    let picture = pictures.get(index);
    if (!picture) {
      picture = new Image();
      picture.onload = again;
      picture.src = `api/thumbnails/${index}`;
      pictures.set(index, picture);
    }
    if (picture.complete && picture.naturalWidth) context.drawImage(picture, x, 0, shown, height);
  }
}

/** A level curve in dB as a filled shape. */
export function drawCurve(context, axis, level, height, fill) {
  if (!level?.db?.length) return;
  context.beginPath();
  context.moveTo(axis.x(0), height);
  const step = Math.max(1, Math.floor(axis.scale * level.rate));
  const first = Math.max(0, Math.floor(axis.start * level.rate) - step);
  const last = Math.min(level.db.length - 1, Math.ceil(axis.stop * level.rate) + step);
  for (let index = first; index <= last; index += step) {
    let loudest = -120;
    for (let inner = index; inner < Math.min(index + step, level.db.length); inner++) {
      loudest = Math.max(loudest, level.db[inner]);
    }
    context.lineTo(axis.x(index / level.rate), height * Math.min(1, Math.max(0, -loudest / 50)));
  }
  context.lineTo(axis.x(last / level.rate), height);
  context.closePath();
  context.fillStyle = fill;
  context.fill();
}

/** Peaks of one stretch of one sound; fetched again when the stretch or the sound changes. */
export class Waveform {
  constructor(again) {
    this.again = again;
    this.wanted = "";
    this.values = null;
  }

  /** `own`: as tall as the lane whatever its level. */
  draw(context, axis, sound, height, stroke, own = false) {
    if (!sound) return;
    const width = Math.ceil(axis.width);
    const name = `${sound.key} ${axis.start} ${axis.scale} ${width}`;
    if (name !== this.wanted) {
      this.wanted = name;
      api.peaks(sound.key, axis.start * sound.rate, width * axis.scale * sound.rate, width)
        .then((values) => {
          if (this.wanted !== name) return;
          this.values = { values, start: axis.start, scale: axis.scale };
          this.again();
        })
        .catch(() => { if (this.wanted === name) this.wanted = ""; });
    }
    if (!this.values) return;
    const { values, start, scale } = this.values; // maybe of the stretch before: drawn in place
    context.strokeStyle = stroke;
    context.beginPath();
    const middle = height / 2;
    const tallest = own ? Math.max(0.05, ...values.map(Math.abs)) : 1;
    for (let bin = 0; bin < values.length / 2; bin++) {
      const x = axis.x(start + bin * scale) + 0.5;
      if (x < 0 || x > axis.width) continue;
      const high = middle - middle * values[2 * bin + 1] / tallest;
      const low = middle - middle * values[2 * bin] / tallest;
      context.moveTo(x, Math.min(high, low - 0.5));
      context.lineTo(x, Math.max(low, high + 0.5));
    }
    context.stroke();
  }
}

export function drawEvents(context, axis, events, shown, chosen, locked, height) {
  const list = rows(events);
  context.font = "10px system-ui, sans-serif";
  for (const row of list) {
    const box = bounds(row, shown?.[row.index], axis, height);
    if (box.right < 0 || box.left > axis.width) continue;
    const selected = chosen.has(row.index);
    context.fillStyle = colour(selected ? "event-chosen" : "event");
    context.globalAlpha = selected ? 0.75 : 0.45;
    context.beginPath();
    context.moveTo(box.left, box.top);
    context.lineTo(box.right, Math.min(height, box.top + (height - box.top) * 0.7));
    context.lineTo(box.right, height);
    context.lineTo(box.left, height);
    context.closePath();
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = colour(selected ? "event-chosen" : "event");
    context.lineWidth = selected ? 2 : 1;
    context.beginPath();
    context.moveTo(box.left + 0.5, height);
    context.lineTo(box.left + 0.5, box.top);
    context.lineTo(box.right, Math.min(height, box.top + (height - box.top) * 0.7));
    context.stroke();
    context.lineWidth = 1;
    if (row.take !== null && box.right - box.left > 18) {
      context.fillStyle = colour("text");
      context.fillText(`${Math.round(row.take)}`, box.left + 4, height - 4);
    }
  }
}

export function drawPlayhead(context, axis, time, loop, height) {
  if (loop) {
    context.fillStyle = colour("loop");
    context.globalAlpha = 0.2;
    context.fillRect(axis.x(loop[0]), 0, (loop[1] - loop[0]) / axis.scale, height);
    context.globalAlpha = 1;
  }
  const x = Math.round(axis.x(time)) + 0.5;
  context.strokeStyle = colour("playhead");
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, height);
  context.stroke();
}
