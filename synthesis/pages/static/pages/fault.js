// What is wrong in a document in SSML: the sentence stands below it, and a button goes to the place.

import { ask } from "./api.js";

const $ = (id) => document.getElementById(id);

export class Fault {
  #field;
  #order;
  #asked = 0;
  #typing = 0;
  #place = 0;

  // order(): {text, voice_id, speed} as they are now
  constructor(field, order) {
    this.#field = field;
    this.#order = order;
    $("fault").querySelector("button").addEventListener("click", () => this.show());
  }

  // The document has changed: it is looked at when the typing rests.
  changed() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#look(), 700);
  }

  clear() {
    clearTimeout(this.#typing);
    this.#asked++;
    this.#say("");
  }

  // The API has refused the document: whether the reason is one of its places, which is then shown here.
  async told(refusal) {
    if (refusal.code !== 400) return false;
    clearTimeout(this.#typing);
    return this.#look();
  }

  // Selects the element, or the sign, that is wrong.
  show() {
    const text = this.#field.value;
    const start = Array.from(text).slice(0, this.#place).join("").length;
    const element = text[start] === "<" ? text.slice(start).match(/^<[^<>]*>?/)[0].length : 1;
    // A browser scrolls to where the caret is when it is set in a field that has no focus.
    this.#field.blur();
    this.#field.setSelectionRange(start, start);
    this.#field.focus();
    this.#field.setSelectionRange(start, start + element);
  }

  async #look() {
    const asked = ++this.#asked;
    const order = this.#order();
    const { problem } = order.text.trim() ? await ask(order).catch(() => ({})) : {};
    if (asked !== this.#asked) return false;
    this.#place = problem?.offset ?? 0;
    this.#say(problem?.message ?? "");
    return Boolean(problem);
  }

  #say(sentence) {
    $("fault").hidden = !sentence;
    $("fault").querySelector("[role=status]").textContent = sentence;
    if (sentence) this.#field.ariaInvalid = "true";
    else this.#field.removeAttribute("aria-invalid");
  }
}
