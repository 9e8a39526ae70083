// "How it will be read": what stands in the text beside what will be said.

import { call, fill, words } from "./api.js";
import { characters, number } from "./format.js";

const LONGEST = 10_000;
const $ = (id) => document.getElementById(id);

export class Reading {
  #asked = 0;
  #typing = 0;
  #order;
  #refused;

  // order(): {text, voice_id, ssml} as they are now; refused(refusal): a promise of whether it is told elsewhere
  constructor(order, refused) {
    this.#order = order;
    this.#refused = refused;
    $("show-reading").addEventListener("click", () => this.#toggle());
  }

  // The text or the voice has changed.
  changed() {
    if ($("reading").hidden) return;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#ask(), 700);
  }

  #toggle() {
    const open = $("reading").hidden;
    $("reading").hidden = !open;
    $("show-reading").ariaExpanded = String(open);
    if (open) this.#ask();
  }

  async #ask() {
    const asked = ++this.#asked;
    const say = (sentence) => ($("reading").querySelector("[role=status]").textContent = sentence);
    const { text, ...how } = this.#order();
    if (!text.trim()) {
      $("pairs").replaceChildren();
      return say(words.empty_text);
    }
    if (how.ssml && characters(text) > LONGEST) {
      // The beginning of a document is none.
      $("pairs").replaceChildren();
      return say(fill(words.too_long_to_show, { count: number(LONGEST) }));
    }
    const beginning = Array.from(text).slice(0, LONGEST).join("");
    $("pairs").ariaBusy = "true";
    try {
      const answer = await call("read/", { method: "POST", json: { text: beginning, ...how } });
      if (asked !== this.#asked) return;
      $("pairs").replaceChildren(...answer.sentences.map(pair));
      say(beginning.length < text.length ? fill(words.only_beginning, { count: number(LONGEST) }) : "");
    } catch (refusal) {
      const elsewhere = how.ssml && (await this.#refused(refusal));
      if (asked !== this.#asked) return;
      if (elsewhere) $("pairs").replaceChildren();
      say(elsewhere ? "" : refusal.message);
    } finally {
      $("pairs").ariaBusy = "false";
    }
  }
}

const bare = (word) => word.toLocaleLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

function pair({ original, spoken }) {
  const row = document.createElement("li");
  const [left, right] = [document.createElement("p"), document.createElement("p")];
  left.textContent = original;
  const written = new Set(["", ...original.split(/\s+/).map(bare)]); // signs alone are not heard
  const parts = spoken.split(/(\s+)/);
  if (parts.every((part) => written.has(bare(part)))) {
    right.className = "same";
    right.textContent = words.as_written;
  } else right.append(...joinMarked(parts.map((part) => [part, !written.has(bare(part))])));
  row.append(left, right);
  return row;
}

// One mark for a run of words that are not written so.
function joinMarked(parts) {
  const nodes = [];
  let run = "";
  const close = () => {
    if (!run) return;
    const mark = document.createElement("mark");
    mark.textContent = run.trimEnd();
    nodes.push(mark, run.slice(run.trimEnd().length));
    run = "";
  };
  for (const [part, other] of parts) {
    if (other || (run && /^\s+$/.test(part))) run += part;
    else {
      close();
      nodes.push(part);
    }
  }
  close();
  return nodes;
}
