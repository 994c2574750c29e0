// Playing: the muted <video> is the only clock, sounds are scheduled against it in tiles.

import * as api from "./api.js";

const TILE = 10; // s of sound fetched at once
const AHEAD = 2.5; // s that are scheduled
const DRIFT = 0.045; // s by which sound and picture may part before sound starts anew
const FADE = 0.008; // s when a sound is exchanged
const KEPT = 60; // tiles

/** Sounds that are heard together: `[{key, rate, samples, gain, pan}]`; changed at any time. */
export class Player {
  constructor(video) {
    this.video = video;
    this.context = null;
    this.tiles = new Map(); // `key/tile` -> AudioBuffer or a promise of one
    this.playing = new Map(); // `key/tile` -> {source, level, voice}
    this.voices = [];
    this.base = null; // context time at which clip time 0 was
    this.loop = null; // [first, last] in s
    this.rate = 1;
    video.muted = true;
    video.addEventListener("playing", () => this.begin());
    for (const name of ["pause", "seeking", "waiting", "ended", "ratechange"]) {
      video.addEventListener(name, () => this.silence());
    }
    setInterval(() => this.tick(), 60);
  }

  get time() { return this.video.currentTime; }
  get paused() { return this.video.paused; }

  async play() {
    this.context ??= new AudioContext();
    await this.context.resume();
    if (this.video.ended) this.video.currentTime = this.loop?.[0] ?? 0;
    await this.video.play();
  }

  pause() { this.video.pause(); }

  seek(time) {
    this.video.currentTime = Math.min(Math.max(0, time), this.video.duration || time);
  }

  /** Shuttle: 0 stops, 1 is real time; sound is heard at real time alone. */
  async speed(rate) {
    this.rate = rate;
    if (rate === 0) return this.pause();
    if (rate > 0) {
      this.video.playbackRate = Math.min(rate, 8);
      return this.play();
    }
    this.pause(); // browsers do not play backwards: `tick` steps
  }

  setVoices(voices) {
    this.voices = voices;
    for (const [name, playing] of this.playing) {
      const voice = voices.find((one) => name.startsWith(`${one.key}/`));
      if (voice) this.place(playing, voice);
    }
  }

  begin() {
    if (this.video.playbackRate !== 1 || !this.context) return;
    this.silence();
    this.base = this.context.currentTime + 0.02 - this.video.currentTime;
    this.tick();
  }

  silence() {
    this.base = null;
    for (const name of [...this.playing.keys()]) this.stop(name);
  }

  stop(name) {
    const playing = this.playing.get(name);
    if (!playing) return;
    this.playing.delete(name);
    const now = this.context.currentTime;
    playing.level.gain.setTargetAtTime(0, now, FADE / 3);
    playing.source.stop(now + FADE * 2);
  }

  tick() {
    if (this.rate < 0 && this.video.paused) {
      this.seek(this.time + 0.06 * this.rate);
      if (this.time <= 0) this.rate = 1;
    }
    if (this.loop && !this.paused && this.time >= this.loop[1]) this.seek(this.loop[0]);
    if (this.base === null || this.paused) return;
    const heard = this.context.currentTime - this.base;
    if (Math.abs(heard - this.time) > DRIFT) return this.begin();
    const wanted = new Set();
    for (const voice of this.voices) {
      const seconds = voice.samples / voice.rate;
      const last = Math.min(seconds, heard + AHEAD);
      for (let tile = Math.max(0, Math.floor(heard / TILE)); tile * TILE < last; tile++) {
        const name = `${voice.key}/${tile}`;
        wanted.add(name);
        if (!this.playing.has(name)) this.schedule(name, voice, tile);
      }
    }
    const missing = [...wanted].some((name) => !this.playing.has(name));
    for (const name of [...this.playing.keys()]) {
      // The old sound plays on until the new one is there.
      if (!wanted.has(name) && !missing) this.stop(name);
    }
  }

  schedule(name, voice, tile) {
    const buffer = this.tiles.get(name);
    if (buffer === undefined) return void this.fetch(name, voice, tile);
    if (!(buffer instanceof AudioBuffer)) return;
    const source = new AudioBufferSourceNode(this.context, { buffer });
    const level = new GainNode(this.context, { gain: 0 });
    const pan = new StereoPannerNode(this.context);
    source.connect(level).connect(pan).connect(this.context.destination);
    const now = this.context.currentTime;
    const begin = this.base + tile * TILE;
    const when = Math.max(now, begin);
    source.start(when, Math.max(0, when - begin));
    const playing = { source, level, pan };
    this.playing.set(name, playing);
    this.place(playing, voice);
    source.onended = () => { if (this.playing.get(name) === playing) this.playing.delete(name); };
  }

  place({ level, pan }, voice) {
    level.gain.setTargetAtTime(voice.gain, this.context.currentTime, FADE / 3);
    pan.pan.value = voice.pan;
  }

  fetch(name, voice, tile) {
    this.tiles.set(name, "coming");
    const first = tile * TILE * voice.rate;
    api.wav(voice.key, first, Math.min(TILE * voice.rate, voice.samples - first))
      .then((bytes) => this.context.decodeAudioData(bytes))
      .then((buffer) => { this.tiles.set(name, buffer); this.forget(); })
      .catch(() => this.tiles.delete(name));
  }

  forget() {
    for (const name of this.tiles.keys()) {
      if (this.tiles.size <= KEPT) return;
      if (!this.playing.has(name)) this.tiles.delete(name);
    }
  }
}
