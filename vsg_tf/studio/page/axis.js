// The time axis: which stretch of the clip is shown, and where a time lies in it. Immutable.

const MOST_ZOOM = 1 / 4000; // seconds a pixel
const STEPS = [1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300,
  600, 1800, 3600];

export class Axis {
  /** Shows `width` pixels from `start` seconds on, `scale` seconds a pixel, of `duration` s. */
  constructor(duration, width, start = 0, scale = duration / Math.max(1, width)) {
    this.duration = duration;
    this.width = Math.max(1, width);
    this.scale = Math.min(Math.max(scale, MOST_ZOOM), Math.max(duration, 1e-3) / this.width);
    this.start = Math.min(Math.max(0, start), Math.max(0, duration - this.scale * this.width));
  }

  get stop() { return this.start + this.scale * this.width; }
  x(time) { return (time - this.start) / this.scale; }
  time(x) { return this.start + x * this.scale; }

  /** Zoomed by `factor` (above 1: closer) so that the time under pixel `x` stays there. */
  zoomed(factor, x) {
    const at = this.time(x);
    const scale = this.scale / factor;
    const clamped = new Axis(this.duration, this.width, 0, scale).scale;
    return new Axis(this.duration, this.width, at - x * clamped, scale);
  }

  /** Scrolled by so many pixels. */
  scrolled(pixels) {
    return new Axis(this.duration, this.width, this.start + pixels * this.scale, this.scale);
  }

  /** The same stretch over another width. */
  resized(width) {
    const whole = Math.abs(this.scale * this.width - this.duration) < 1e-6;
    return whole ? new Axis(this.duration, width) :
      new Axis(this.duration, width, this.start, this.scale);
  }

  /** The nearest axis that shows `time`, moved only if it lies outside. */
  showing(time) {
    if (time >= this.start && time <= this.stop) return this;
    return new Axis(this.duration, this.width, time - 0.1 * this.width * this.scale, this.scale);
  }

  /** Times of the marks of a ruler, at least `apart` pixels apart. */
  marks(apart = 90) {
    const step = STEPS.find((value) => value / this.scale >= apart) ?? STEPS.at(-1);
    const marks = [];
    for (let index = Math.ceil(this.start / step - 1e-9); index * step <= this.stop; index++) {
      marks.push(index * step);
    }
    return marks;
  }
}
