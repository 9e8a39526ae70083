// The list of one's jobs: search, open, retry, delete.

import { call, text as fetchText, url, words } from "./api.js";
import { clock, date, unmarked, voice } from "./format.js";
import { finished, stateOf } from "./player.js";

const PAGE = 20;
const REFRESH_SECONDS = 5;
const LONGEST_PEEK = 5000;
const $ = (id) => document.getElementById(id);

export class History {
  #rows = new Map(); // id -> {element, job}
  #next = null;
  #query = "";
  #timer = 0;
  #openings = new Map(); // id -> first words of a job without title
  #on;

  // on: {open(job), deleted(id), retried(job)}
  constructor(on) {
    this.#on = on;
    let typing = 0;
    $("query").addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(() => this.load(), 300);
    });
    $("search").addEventListener("submit", (event) => event.preventDefault());
    $("more-jobs").addEventListener("click", () => this.#fetch(this.#next));
    document.addEventListener("visibilitychange", () => this.#schedule());
  }

  async load() {
    this.#query = $("query").value.trim();
    await this.#fetch(null);
  }

  // A job that changed or is new.
  put(job, current = false) {
    let row = this.#rows.get(job.id);
    if (!row) {
      if (this.#query) return;
      row = { element: this.#makeRow(job.id) };
      this.#rows.set(job.id, row);
      $("jobs").prepend(row.element);
    }
    row.job = job;
    this.#fill(row);
    if (current) this.markCurrent(job.id);
    this.#sayEmpty();
    this.#schedule();
  }

  markCurrent(id) {
    for (const [other, { element }] of this.#rows) element.classList.toggle("current", other === id);
  }

  remember(job, text) {
    this.#openings.set(job.id, beginning(job, text));
  }

  async #fetch(cursor) {
    const query = this.#query;
    const parameters = new URLSearchParams({ limit: PAGE, ...(query && { q: query }), ...(cursor && { cursor }) });
    $("jobs").ariaBusy = "true";
    try {
      const page = await call(`jobs/?${parameters}`);
      if (query !== this.#query) return; // the person has typed on
      if (!cursor) {
        this.#rows.clear();
        $("jobs").replaceChildren();
      }
      for (const job of page.data) {
        const row = { element: this.#makeRow(job.id), job };
        this.#rows.set(job.id, row);
        $("jobs").append(row.element);
        this.#fill(row);
      }
      this.#next = page.next && new URL(page.next, location.href).searchParams.get("cursor");
      $("more-jobs").hidden = !this.#next;
      this.#sayEmpty();
      this.#peek();
    } catch (refusal) {
      $("no-jobs").textContent = refusal.message;
    } finally {
      $("jobs").ariaBusy = "false";
      this.#schedule();
    }
  }

  #sayEmpty() {
    $("no-jobs").textContent = this.#rows.size ? "" : this.#query ? words.nothing_found : words.no_history;
  }

  #makeRow(id) {
    const element = $("job-row").content.firstElementChild.cloneNode(true);
    const on = (selector, act) => element.querySelector(selector).addEventListener("click", () => act(this.#rows.get(id).job));
    on(".open", (job) => this.#on.open(job));
    on(".retry", (job) => this.#retry(job));
    on(".delete", (job) => this.#confirm(job));
    return element;
  }

  #name(job) {
    return job.title || this.#openings.get(job.id) || words.untitled;
  }

  #fill({ element, job }) {
    const find = (selector) => element.querySelector(selector);
    element.classList.toggle("failed", job.status === "failed");
    find(".name").textContent = this.#name(job);
    const length = job.status === "ready" && job.duration ? clock(job.duration) : stateOf(job);
    find(".about").textContent = [voice(job.voice_id), length, date(job.created)].join(" · ");
    find(".fetch").hidden = job.status !== "ready";
    find(".fetch").href = url(`jobs/${job.id}/audio/`);
    find(".retry").hidden = job.status !== "failed";
    for (const selector of [".fetch", ".retry", ".delete"])
      find(selector).ariaLabel = `${find(selector).textContent}: ${this.#name(job)}`;
  }

  // Titles are the client's; texts lie in files. So an untitled job shows its first words, one small file after the other.
  async #peek() {
    for (const row of [...this.#rows.values()]) {
      const { job } = row;
      if (job.title || this.#openings.has(job.id) || job.character_count > LONGEST_PEEK) continue;
      const text = await fetchText(`jobs/${job.id}/text/`).catch(() => "");
      this.#openings.set(job.id, beginning(job, text));
      if (this.#rows.get(job.id) === row) this.#fill(row);
    }
  }

  async #retry(job) {
    try {
      const answer = await call(`jobs/${job.id}/retry/`, { method: "POST", json: {} });
      this.put(answer);
      this.#on.retried(answer);
    } catch (refusal) {
      this.#rows.get(job.id).element.querySelector(".about").textContent = refusal.message;
    }
  }

  #confirm(job) {
    const dialog = $("confirm");
    $("confirm-name").textContent = this.#name(job);
    dialog.returnValue = "";
    dialog.showModal();
    dialog.addEventListener("close", () => dialog.returnValue === "delete" && this.#delete(job), { once: true });
  }

  async #delete(job) {
    const row = this.#rows.get(job.id);
    this.#on.deleted(job.id); // whoever listens lets go first: the stream would break off
    try {
      await call(`jobs/${job.id}/`, { method: "DELETE" });
    } catch (refusal) {
      if (refusal.code !== 404) {
        row.element.querySelector(".about").textContent = refusal.message;
        return;
      }
    }
    const neighbour = row.element.nextElementSibling ?? row.element.previousElementSibling;
    row.element.remove();
    this.#rows.delete(job.id);
    this.#sayEmpty();
    (neighbour?.querySelector(".open") ?? $("query")).focus(); // or the focus falls to the top of the page
  }

  // Jobs other than the one in hand have no stream of events: one stream a page leaves the browser its connections.
  #schedule() {
    clearTimeout(this.#timer);
    const unfinished = [...this.#rows.values()].some(({ job }) => !finished(job));
    if (!unfinished || document.hidden) return;
    this.#timer = setTimeout(() => this.#refresh(), REFRESH_SECONDS * 1000);
  }

  async #refresh() {
    for (const row of [...this.#rows.values()].filter(({ job }) => !finished(job)).slice(0, PAGE)) {
      const job = await call(`jobs/${row.job.id}/`).catch(() => null);
      if (!job || this.#rows.get(job.id) !== row) continue;
      row.job = job;
      this.#fill(row);
    }
    this.#schedule();
  }
}

function beginning(job, text) {
  const line = (job.options.ssml ? unmarked(text) : text).trim().split("\n", 1)[0];
  const characters = Array.from(line);
  return characters.length > 80 ? `${characters.slice(0, 80).join("").trimEnd()} …` : line;
}
