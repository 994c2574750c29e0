// Tap mode: events performed while the clip runs, with keys or MIDI pads.

const PERFORMING = /^[a-z]$/;
export const CALIBRATION_BEATS = 12;
const BEAT = 0.6; // s

/** The median, 0 of nothing. */
export function median(values) {
  if (!values.length) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How late taps are against beats: the median distance to the nearest beat, in s. */
export const lateness = (taps, beats) => median(taps.map((tap) => {
  const nearest = beats.reduce((a, b) => (Math.abs(b - tap) < Math.abs(a - tap) ? b : a));
  return tap - nearest;
}));

/** Strength from how a key was struck: the top row is loud, the bottom row soft. */
export function keyStrength(key) {
  if ("qwertyuiop".includes(key)) return 1;
  if ("asdfghjkl".includes(key)) return 0.75;
  return 0.5;
}

export class Tapping {
  /** `onTap(time, strength)` is called with the corrected time. */
  constructor(player, onTap) {
    this.player = player;
    this.onTap = onTap;
    this.active = false;
    this.late = Number(localStorage.getItem("vsg-late") ?? 0.03); // s of reaction and device
    this.midi = null;
  }

  async start() {
    this.active = true;
    if (this.midi === null && navigator.requestMIDIAccess) {
      try {
        this.midi = await navigator.requestMIDIAccess();
        for (const input of this.midi.inputs.values()) {
          input.onmidimessage = (message) => this.note(message.data);
        }
      } catch {
        this.midi = false; // not allowed: keys are enough
      }
    }
  }

  stop() { this.active = false; }

  note([status, , velocity]) {
    if (this.active && (status & 0xf0) === 0x90 && velocity > 0) this.tap(velocity / 127);
  }

  /** Whether the key press was a tap. */
  key(event) {
    const key = event.key.toLowerCase();
    if (!this.active || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (!PERFORMING.test(key)) return false;
    this.tap(keyStrength(key));
    return true;
  }

  tap(strength) {
    if (!this.player.paused) this.onTap(Math.max(0, this.player.time - this.late), strength);
  }

  /** Measure how late a person taps to a beat that is shown; `show(on)` is told of each beat. */
  calibrate(show) {
    const begin = performance.now() / 1000 + BEAT;
    const beats = Array.from({ length: CALIBRATION_BEATS }, (_, index) => begin + index * BEAT);
    const taps = [];
    const heard = (event) => {
      if (!PERFORMING.test(event.key.toLowerCase()) && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      taps.push(performance.now() / 1000);
    };
    window.addEventListener("keydown", heard, true);
    for (const beat of beats) {
      const wait = (beat - performance.now() / 1000) * 1000;
      setTimeout(() => show(true), wait);
      setTimeout(() => show(false), wait + 120);
    }
    return new Promise((resolve) => {
      setTimeout(() => {
        window.removeEventListener("keydown", heard, true);
        const steady = taps.filter((tap) => tap > beats[2] - BEAT / 2); // the first ones are late
        if (steady.length >= 4) {
          this.late = Math.min(0.4, Math.max(-0.1, lateness(steady, beats)));
          localStorage.setItem("vsg-late", String(this.late));
        }
        resolve(steady.length >= 4 ? this.late : null);
      }, (CALIBRATION_BEATS + 1.5) * BEAT * 1000);
    });
  }
}
