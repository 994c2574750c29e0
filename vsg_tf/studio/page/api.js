// What the page asks the server for. Addresses are relative to the page, which holds the token.

export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(`api/${path}`, options);
  } catch (error) {
    throw new Refused("The studio does not answer; start it again with vsg studio.", 0);
  }
  if (!answer.ok) {
    const text = await answer.text();
    let message = `The studio refused (${answer.status}).`;
    try { message = JSON.parse(text).error ?? message; } catch { /* no sentence came along */ }
    throw new Refused(message, answer.status);
  }
  return answer;
}

const json = async (path, options) => (await ask(path, options)).json();
const post = (path, value) => json(path, { method: "POST", body: JSON.stringify(value ?? {}) });
const range = (first, count) => `first=${Math.round(first)}&count=${Math.max(1, Math.round(count))}`;

export const state = () => json("state");
export const changes = (mark, signal) => json(`changes?mark=${encodeURIComponent(mark)}`, { signal });
export const putProject = (project, revision) =>
  json("project", { method: "PUT", body: JSON.stringify({ project, revision }) });
export const save = (name) => post("save", name ? { name } : {});
export const picture = () => json("picture");
export const guide = () => json("guide");
export const thumbnails = () => json("thumbnails");
export const soundInfo = (key) => json(`sounds/${key}/info`);
export const makeProxy = () => post("proxy");
export const proxyState = () => json("proxy");
export const exported = (name, overwrite) =>
  post("export", { name, overwrite: overwrite ? "yes" : "no" });
export const upload = (file, name) =>
  json(`upload?name=${encodeURIComponent(name)}`, { method: "POST", body: file });

export async function wav(key, first, count) {
  return (await ask(`sounds/${key}/wav?${range(first, count)}`)).arrayBuffer();
}

/** Lowest and highest value of each of `bins` parts, -1 to 1, as [low, high, low, high, ...]. */
export async function peaks(key, first, count, bins) {
  const answer = await ask(`sounds/${key}/peaks?${range(first, count)}&bins=${bins}`);
  return Float32Array.from(new Int8Array(await answer.arrayBuffer()), (value) => value / 127);
}

export const spectrogram = (key, first, count, width, height) =>
  `api/sounds/${key}/spectrogram?${range(first, count)}&width=${width}&height=${height}`;
