// Timecode and clock text from seconds, at exact frame rates. Pure functions.

/** The nominal whole rate of an exact one: 24000/1001 counts 24 frames a second. */
export const nominal = ([num, den]) => Math.round(num / den);

/** The number of the picture that is shown at `seconds`. */
export function frameAt(seconds, [num, den]) {
  return Math.floor(seconds * num / den + 1e-6);
}

/** When picture `frame` appears, in seconds. */
export const frameTime = (frame, [num, den]) => frame * den / num;

/** HH:MM:SS:FF as a frame number; null where the text is no timecode. `;` counts drop-frame. */
export function parse(text, rate) {
  const found = /^(\d+):(\d\d):(\d\d)([:;])(\d\d)$/.exec(text ?? "");
  if (!found) return null;
  const [hours, minutes, seconds, frames] = [found[1], found[2], found[3], found[5]].map(Number);
  const fps = nominal(rate);
  const total = ((hours * 60 + minutes) * 60 + seconds) * fps + frames;
  if (found[4] === ":") return total;
  const dropped = 2 * Math.round(fps / 30);
  const all = hours * 60 + minutes;
  return total - dropped * (all - Math.floor(all / 10));
}

/** A frame number as HH:MM:SS:FF, with `;` and left-out numbers where `drop` is set. */
export function format(frame, rate, drop = false) {
  const fps = nominal(rate);
  let number = Math.max(0, frame);
  if (drop) {
    const dropped = 2 * Math.round(fps / 30);
    const perTen = fps * 600 - dropped * 9, perMinute = fps * 60 - dropped;
    const tens = Math.floor(number / perTen), rest = number % perTen;
    number += dropped * 9 * tens;
    if (rest >= fps * 60) number += dropped * (1 + Math.floor((rest - fps * 60) / perMinute));
  }
  const two = (value) => String(value).padStart(2, "0");
  const seconds = Math.floor(number / fps);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:` +
    `${two(seconds % 60)}${drop ? ";" : ":"}${two(number % fps)}`;
}

/** Seconds as m:ss.mmm. */
export function clock(seconds) {
  const milliseconds = Math.round(Math.max(0, seconds) * 1000);
  const minutes = Math.floor(milliseconds / 60000);
  return `${minutes}:${((milliseconds % 60000) / 1000).toFixed(3).padStart(6, "0")}`;
}
