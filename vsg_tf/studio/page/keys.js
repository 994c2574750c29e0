// Every key of the studio: one table that the keyboard and the help both read.

/** `[keys, what it does, name of the action]` */
export const KEYS = [
  [["Space"], "Play or pause", "toggle"],
  [["j"], "Shuttle backwards", "backwards"],
  [["k"], "Stop", "stop"],
  [["l"], "Shuttle forwards", "forwards"],
  [[",", "ArrowLeft"], "One frame back, or the chosen events", "frameBack"],
  [[".", "ArrowRight"], "One frame on, or the chosen events", "frameOn"],
  [["Alt+ArrowLeft"], "Chosen events 1 ms earlier", "earlier"],
  [["Alt+ArrowRight"], "Chosen events 1 ms later", "later"],
  [["ArrowUp"], "Chosen events stronger", "stronger"],
  [["ArrowDown"], "Chosen events weaker", "weaker"],
  [["Home"], "To the beginning", "toStart"],
  [["End"], "To the end", "toEnd"],
  [["e"], "Add an event at the playhead", "addEvent"],
  [["Delete", "Backspace"], "Delete the chosen events", "deleteEvents"],
  [["Tab"], "Choose the next event", "nextEvent"],
  [["Ctrl+a"], "Choose all events of the layer", "allEvents"],
  [["Escape"], "Choose nothing", "noEvents"],
  [["f"], "Snap the chosen events to frames", "snapFrame"],
  [["g"], "Snap the chosen events to the guide", "snapGuide"],
  [["m"], "Snap the chosen events to what the picture shows", "snapPicture"],
  [["n"], "Next take of the chosen events", "nextTake"],
  [["t"], "Tap mode: play, and tap any letter or a MIDI pad", "tap"],
  [["i"], "Loop begins here", "loopIn"],
  [["o"], "Loop ends here", "loopOut"],
  [["p"], "No loop", "loopOff"],
  [["b"], "Hear the version before, and back", "before"],
  [["1"], "Hear the result", "hearResult"],
  [["2"], "Hear the guide", "hearGuide"],
  [["3"], "Hear the clip's own sound", "hearOriginal"],
  [["+", "="], "Zoom in", "zoomIn"],
  [["-"], "Zoom out", "zoomOut"],
  [["0"], "Show the whole clip", "zoomAll"],
  [["Ctrl+z"], "Undo", "undo"],
  [["Ctrl+Shift+z", "Ctrl+y"], "Redo", "redo"],
  [["Ctrl+s"], "Save the project", "save"],
  [["?"], "These keys", "help"],
];

/** The name of what was pressed, as the table has it. */
export function keyName(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  const key = event.key === " " ? "Space" : event.key;
  if (event.shiftKey && (parts.includes("Ctrl") || key.length > 1)) parts.push("Shift");
  parts.push(key.length === 1 ? key.toLowerCase() : key);
  return parts.join("+");
}

/** The action of a key press, or null; in a text field only those with Ctrl count. */
export function actionOf(event) {
  const target = event.target;
  const typing = target instanceof HTMLElement &&
    target.matches("input:not([type=range]):not([type=checkbox]), textarea, select");
  const name = keyName(event);
  if (typing && !name.startsWith("Ctrl+")) return null;
  if (typing && ["Ctrl+a", "Ctrl+z", "Ctrl+Shift+z", "Ctrl+y"].includes(name)) return null;
  if (name === "Tab" && !target.closest?.("[data-lane]")) return null;
  if (name === "Space" && target.matches?.("button, summary, [type=checkbox]")) return null;
  return KEYS.find(([keys]) => keys.includes(name))?.[2] ?? null;
}
