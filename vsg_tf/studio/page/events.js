// Events as columns, and what a person does to them. Pure functions: each gives new columns.

const COLUMNS = ["times", "strengths", "durations", "takes", "pitches", "gains"];
const EDGE = 6; // pixels around an edge that can be taken
export const SHORTEST = 0.01; // s
export const USUAL = { strength: 0.8, duration: null, take: null, pitch: null, gain: null };

export const empty = () => Object.fromEntries(COLUMNS.map((name) => [name, []]));

/** One object an event, with its index in the columns. */
export function rows(events) {
  return events.times.map((time, index) => ({
    index, time,
    strength: events.strengths[index],
    duration: events.durations?.[index] ?? null,
    take: events.takes?.[index] ?? null,
    pitch: events.pitches?.[index] ?? null,
    gain: events.gains?.[index] ?? null,
  }));
}

/** Rows in order of time as columns. */
export function columns(list) {
  const sorted = [...list].sort((a, b) => a.time - b.time);
  return {
    times: sorted.map((row) => row.time),
    strengths: sorted.map((row) => row.strength),
    durations: sorted.map((row) => row.duration),
    takes: sorted.map((row) => row.take),
    pitches: sorted.map((row) => row.pitch),
    gains: sorted.map((row) => row.gain),
  };
}

/** With one more event; gives the columns and its index. */
export function added(events, row) {
  const one = { ...USUAL, ...row };
  const list = [...rows(events), one];
  const result = columns(list);
  const index = [...list].sort((a, b) => a.time - b.time).indexOf(one);
  return [result, index];
}

export const removed = (events, chosen) =>
  columns(rows(events).filter((row) => !chosen.has(row.index)));

/** Some events changed by `change(row) -> row`; gives the columns and the new indices. */
export function changed(events, chosen, change) {
  const list = rows(events).map((row) => (chosen.has(row.index) ? { ...row, ...change(row) } : row));
  const sorted = [...list].sort((a, b) => a.time - b.time);
  const indices = new Set();
  sorted.forEach((row, place) => { if (chosen.has(row.index)) indices.add(place); });
  return [columns(sorted), indices];
}

/** Some events moved by so many seconds, all together, none out of the clip. */
export function moved(events, chosen, seconds, duration) {
  const times = rows(events).filter((row) => chosen.has(row.index)).map((row) => row.time);
  const least = -Math.min(...times), most = duration - 1e-3 - Math.max(...times);
  const by = Math.min(Math.max(seconds, least), Math.max(most, least));
  return changed(events, chosen, (row) => ({ time: row.time + by }));
}

/** The time nearest to `time` among `targets`, if one is within `reach`, else `time`. */
export function snapped(time, targets, reach) {
  let best = time, distance = reach;
  for (const target of targets) {
    const away = Math.abs(target - time);
    if (away <= distance) [best, distance] = [target, away];
  }
  return best;
}

/** Bounds of an event in a lane: `{left, right, top}` in pixels, from its shown duration. */
export function bounds(row, shown, axis, height) {
  const left = axis.x(row.time);
  return {
    left,
    right: Math.max(left + 4, axis.x(row.time + (shown ?? 0.1))),
    top: height - Math.max(4, row.strength * (height - 6)),
  };
}

/** What lies under a point of a lane: `{index, part}` with part `body`, `end` or `top`, or null. */
export function hit(events, shown, axis, height, x, y) {
  const list = rows(events);
  for (let index = list.length - 1; index >= 0; index--) {
    const { left, right, top } = bounds(list[index], shown?.[index], axis, height);
    if (x < left - EDGE || x > right + EDGE || y < top - EDGE) continue;
    if (Math.abs(y - top) <= EDGE && x >= left && x <= right) return { index, part: "top" };
    if (Math.abs(x - right) <= EDGE && right - left > 3 * EDGE) return { index, part: "end" };
    return { index, part: "body" };
  }
  return null;
}

/** Indices of the events that begin between two times. */
export function between(events, first, last) {
  const [low, high] = first < last ? [first, last] : [last, first];
  const found = new Set();
  events.times.forEach((time, index) => { if (time >= low && time <= high) found.add(index); });
  return found;
}
