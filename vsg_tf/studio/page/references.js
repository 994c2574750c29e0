// The dialog in which a reference or a guide is chosen: dropped, picked, recorded, trimmed, heard.

import * as api from "./api.js";
import { colour, prepare } from "./lanes.js";
import { say } from "./say.js";

const get = (id) => document.getElementById(id);

/** Samples of a buffer from `first` to `last` seconds as a 16-bit WAV file. */
export function wavOf(buffer, first, last) {
  const from = Math.floor(first * buffer.sampleRate), to = Math.ceil(last * buffer.sampleRate);
  const channels = Math.min(2, buffer.numberOfChannels), count = Math.max(1, to - from);
  const view = new DataView(new ArrayBuffer(44 + 2 * channels * count));
  const text = (at, value) => [...value].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF"); view.setUint32(4, 36 + 2 * channels * count, true); text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, channels, true);
  view.setUint32(24, buffer.sampleRate, true);
  view.setUint32(28, 2 * channels * buffer.sampleRate, true);
  view.setUint16(32, 2 * channels, true); view.setUint16(34, 16, true); text(36, "data");
  view.setUint32(40, 2 * channels * count, true);
  for (let channel = 0; channel < channels; channel++) {
    const data = buffer.getChannelData(channel);
    for (let index = 0; index < count; index++) {
      const value = Math.min(1, Math.max(-1, data[from + index] ?? 0));
      view.setInt16(44 + 2 * (index * channels + channel), Math.round(value * 32767), true);
    }
  }
  return new Blob([view.buffer], { type: "audio/wav" });
}

export class References {
  constructor() {
    this.dialog = get("referring");
    this.context = null;
    this.recorder = null;
    get("files").addEventListener("change", (event) => this.give([...event.target.files]));
    get("record").addEventListener("click", () => this.record());
    get("trim-hear").addEventListener("click", () => this.hear());
    for (const id of ["trim-from", "trim-to"]) get(id).addEventListener("input", () => this.draw());
    for (const name of ["dragover", "drop"]) {
      this.dialog.addEventListener(name, (event) => {
        event.preventDefault();
        event.stopPropagation();
        if (name === "drop") this.give([...event.dataTransfer.files]);
      });
    }
    get("trim-wave").addEventListener("pointerdown", (event) => this.handle(event));
  }

  /** Ask for sounds; gives what the server keeps: `[{link, seconds}]`, none if cancelled. */
  async choose(title) {
    get("referring-title").textContent = title;
    this.files = [];
    this.buffer = null;
    get("files").value = "";
    get("recording").textContent = "";
    get("trim").hidden = true;
    get("referring-use").disabled = true;
    this.dialog.returnValue = "no";
    this.dialog.showModal();
    await new Promise((resolve) => this.dialog.addEventListener("close", resolve, { once: true }));
    this.stop();
    if (this.dialog.returnValue !== "yes" || !this.files.length) return [];
    return upload(this.buffer ? [[this.cut(), this.files[0].name]] :
      this.files.map((file) => [file, file.name]));
  }

  async give(files) {
    if (!files.length) return;
    this.files = files;
    this.buffer = null;
    get("referring-use").disabled = false;
    get("trim").hidden = true;
    if (files.length > 1) {
      get("recording").textContent = `${files.length} files`;
      return;
    }
    try { // what the browser can decode can be trimmed here
      this.context ??= new AudioContext();
      this.buffer = await this.context.decodeAudioData(await files[0].arrayBuffer());
    } catch { return; }
    get("trim").hidden = false;
    get("trim-from").value = 0;
    get("trim-to").value = this.buffer.duration.toFixed(3);
    this.whole = true;
    this.draw();
  }

  get span() {
    const first = Math.max(0, Number(get("trim-from").value) || 0);
    const last = Math.min(this.buffer.duration, Number(get("trim-to").value) || 0);
    return first < last ? [first, last] : [0, this.buffer.duration];
  }

  cut() {
    const [first, last] = this.span;
    const whole = first === 0 && Math.abs(last - this.buffer.duration) < 0.002;
    return whole ? this.files[0] : wavOf(this.buffer, first, last);
  }

  handle(event) {
    const canvas = event.currentTarget;
    canvas.setPointerCapture(event.pointerId);
    const time = (x) => Math.min(1, Math.max(0, x / canvas.clientWidth)) * this.buffer.duration;
    const [first, last] = this.span;
    const at = time(event.offsetX);
    const id = Math.abs(at - first) < Math.abs(at - last) ? "trim-from" : "trim-to";
    const move = (next) => { get(id).value = time(next.offsetX).toFixed(3); this.draw(); };
    move(event);
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("lostpointercapture",
      () => canvas.removeEventListener("pointermove", move), { once: true });
  }

  draw() {
    const { context, width, height } = prepare(get("trim-wave"));
    const data = this.buffer.getChannelData(0);
    const [first, last] = this.span;
    context.fillStyle = colour("wave");
    for (let x = 0; x < width; x++) {
      const from = Math.floor(x / width * data.length), to = Math.floor((x + 1) / width * data.length);
      let most = 0;
      for (let index = from; index < to; index += 8) most = Math.max(most, Math.abs(data[index]));
      const inside = x / width * this.buffer.duration;
      context.globalAlpha = inside >= first && inside <= last ? 1 : 0.25;
      context.fillRect(x, height / 2 * (1 - most), 1, Math.max(1, height * most));
    }
    context.globalAlpha = 1;
  }

  async hear() {
    await this.context.resume();
    const [first, last] = this.span;
    const source = new AudioBufferSourceNode(this.context, { buffer: this.buffer });
    source.connect(this.context.destination);
    source.start(0, first, last - first);
  }

  async record() {
    if (this.recorder) return this.stop();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const parts = [];
      this.recorder = new MediaRecorder(stream);
      this.recorder.ondataavailable = (event) => parts.push(event.data);
      this.recorder.onstop = () => {
        stream.getTracks().forEach((track) => track.stop());
        const kind = this.recorder.mimeType.includes("ogg") ? "ogg" : "webm";
        this.recorder = null;
        get("record").setAttribute("aria-pressed", "false");
        get("recording").textContent = "";
        if (this.dialog.open) this.give([new File(parts, `recording.${kind}`)]);
      };
      this.recorder.start();
      get("record").setAttribute("aria-pressed", "true");
      get("recording").textContent = "recording; press again to stop";
    } catch {
      say("The microphone cannot be used; allow it for this page, or choose a file.", "error");
    }
  }

  stop() { if (this.recorder?.state === "recording") this.recorder.stop(); }
}

/** Send files to the server: `[[file, name]]`; what it refuses is said. */
export async function upload(files) {
  const kept = [];
  for (const [file, name] of files) {
    try {
      kept.push(await api.upload(file, name));
    } catch (error) {
      say(`${name}: ${error.message}`, "error");
    }
  }
  return kept;
}
