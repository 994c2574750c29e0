// Sentences to the person at the page, read aloud by screen readers as well.

const SHOWN = 9000; // ms

/** Show a sentence; errors stay until they are closed. */
export function say(text, kind = "note") {
  const place = document.getElementById("messages");
  for (const old of place.children) if (old.dataset.text === text) old.remove();
  const line = document.createElement("div");
  line.className = `message ${kind}`;
  line.dataset.text = text;
  line.setAttribute("role", kind === "error" ? "alert" : "status");
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.textContent = "Close";
  close.addEventListener("click", () => line.remove());
  line.append(words, close);
  place.append(line);
  if (kind !== "error") setTimeout(() => line.remove(), SHOWN);
}
