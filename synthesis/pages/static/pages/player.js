// The panel with the job in hand: its text, how far it is, and the player.
//
// While the job is being spoken the audio element plays the live stream, which has no length and cannot be sought in.
// Once the job is ready the same samples are a file; the player moves over to it when that interrupts nothing.

import { call, fill, text as fetchText, url, words } from "./api.js";
import { clock, number, unmarked, voice } from "./format.js";

const LONGEST_SHOWN_TEXT = 200_000;
const FETCH_AHEAD_SECONDS = 10;
const $ = (id) => document.getElementById(id);

export const finished = (job) => job.status === "ready" || job.status === "failed";

export class Player {
  #job = null;
  #source = null; // "stream", "file", or "broken": a stream that is not to be asked for again
  #wanted = false; // the person wants to hear it as soon as there is something
  #resume = 0; // where to go on after a stream that broke off
  #text = []; // the characters of the text that is shown
  #sentences = [];
  #complete = false; // their times are those of the finished file
  #asked = 0; // how many chunks were spoken when the sentences were last asked for
  #marked = null;
  #audio = $("audio");

  constructor() {
    const audio = this.#audio;
    $("play").addEventListener("click", () => this.#toggle());
    $("seek").addEventListener("input", () => this.#seek(Number($("seek").value)));
    audio.addEventListener("timeupdate", () => this.#show());
    audio.addEventListener("durationchange", () => this.#show());
    for (const event of ["play", "pause", "ended"]) audio.addEventListener(event, () => this.#showButton());
    audio.addEventListener("ended", () => this.#ended());
    audio.addEventListener("error", () => this.#broken());
  }

  get job() {
    return this.#job;
  }

  open(job, text = null) {
    this.close();
    this.#job = job;
    this.#wanted = true;
    $("listen").hidden = false;
    this.#showText(job, text);
    this.update(job);
  }

  // Lets go of the audio, and of the connection that a stream holds.
  silence() {
    this.#source = "broken";
    this.#audio.pause();
    this.#audio.removeAttribute("src");
    this.#audio.load();
    $("play").disabled = true;
  }

  close() {
    this.silence();
    this.#job = this.#source = this.#marked = null;
    this.#sentences = [];
    this.#text = [];
    this.#complete = false;
    this.#asked = this.#resume = 0;
    $("spoken-text").replaceChildren();
    $("player-said").textContent = "";
    $("elapsed").textContent = clock(0);
    $("total").textContent = "–:––";
    Object.assign($("seek"), { disabled: true, value: 0, max: 0 });
    $("listen").hidden = true;
    this.#showButton();
  }

  update(job) {
    if (job.id !== this.#job?.id) return;
    const before = this.#job;
    this.#job = job;
    $("listen-title").textContent = job.title || voice(job.voice_id);
    $("state").textContent = stateOf(job);
    $("stop").hidden = finished(job);
    $("progress").hidden = finished(job);
    $("progress").value = job.progress ?? 0;
    $("failure").hidden = job.status !== "failed";
    $("failure").textContent = job.error?.message ?? "";
    $("downloads").hidden = job.status !== "ready";
    if (job.status === "ready") this.#ready(job, before.status !== "ready" || !this.#source);
    else if (job.chunks_spoken > 0 && !this.#source && job.status !== "failed") this.#stream();
    $("play").disabled = !this.#source || this.#source === "broken";
  }

  #ready(job, news) {
    $("download").href = url(`jobs/${job.id}/audio/`);
    for (const kind of ["srt", "vtt"]) {
      $(kind).hidden = !job.subtitles;
      $(kind).href = url(`jobs/${job.id}/subtitles.${kind}`);
    }
    if (!news) return;
    if (this.#source !== "stream" || this.#audio.paused) this.#file(this.#source === "stream" ? this.#audio.currentTime : this.#resume);
    $("seek").disabled = false;
    this.#show();
    if (job.subtitles) this.#fetchSentences(job);
  }

  // The sentences of what is spoken so far, before the one that is heard runs out of them.
  #follow(at) {
    const job = this.#job;
    if (this.#complete || !job.options.subtitles || !this.#text.length || job.chunks_spoken <= this.#asked) return;
    if ((this.#sentences.at(-1)?.start ?? 0) > at + FETCH_AHEAD_SECONDS) return;
    this.#asked = job.chunks_spoken;
    this.#fetchSentences(job);
  }

  #stream() {
    this.#source = "stream";
    this.#audio.src = url(`jobs/${this.#job.id}/stream/?format=mp3`);
    this.#playWanted();
  }

  #file(at, go = this.#wanted) {
    this.#source = "file";
    this.#wanted = go;
    this.#audio.src = url(`jobs/${this.#job.id}/audio/`);
    this.#audio.addEventListener("loadedmetadata", () => { if (at) this.#audio.currentTime = at; }, { once: true });
    this.#playWanted();
  }

  #playWanted() {
    if (!this.#wanted) return;
    this.#wanted = false;
    // A browser may want a click first: then the button is there.
    this.#audio.play().catch(() => this.#showButton());
  }

  #toggle() {
    if (this.#audio.paused) this.#audio.play().catch(() => {});
    else this.#audio.pause();
  }

  #seek(at) {
    if (this.#source === "stream") this.#file(at, !this.#audio.paused);
    else this.#audio.currentTime = at;
    this.#show();
  }

  #ended() {
    if (this.#source === "stream" && this.#job.status === "ready") this.#file(0, false);
  }

  #broken() {
    if (!this.#audio.hasAttribute("src")) return; // it was taken away
    $("player-said").textContent = this.#source === "stream" ? words.unplayable : words.unplayable_file;
    if (this.#source !== "stream") return;
    this.#resume = this.#audio.currentTime;
    this.#wanted = true;
    if (this.#job.status === "ready") this.#file(this.#resume);
    else {
      this.#source = "broken"; // no second stream: the file follows
      $("play").disabled = true;
    }
  }

  #show() {
    if (!this.#job) return;
    const at = this.#audio.currentTime;
    const known = Number.isFinite(this.#audio.duration) && this.#source === "file" ? this.#audio.duration : this.#job.duration;
    $("elapsed").textContent = clock(at);
    if (known) {
      $("total").textContent = clock(known);
      $("seek").max = known;
    }
    $("seek").value = at;
    $("seek").setAttribute("aria-valuetext", known ? `${clock(at)} / ${clock(known)}` : clock(at));
    this.#follow(at);
    this.#mark(at);
  }

  #showButton() {
    const paused = this.#audio.paused;
    $("play").classList.toggle("playing", !paused);
    $("play").classList.toggle("paused", paused);
    $("play").ariaLabel = paused ? words.play : words.pause;
  }

  async #showText(job, text) {
    if (job.character_count > LONGEST_SHOWN_TEXT) return;
    text ??= await fetchText(`jobs/${job.id}/text/`).catch(() => "");
    if (job.id !== this.#job?.id) return;
    $("spoken-text").lang = job.language;
    $("spoken-text").textContent = this.#words(text);
    this.#text = Array.from(text);
    this.#cut();
  }

  async #fetchSentences(job) {
    const { data, complete } = await call(`jobs/${job.id}/sentences/`).catch(() => ({ data: [] }));
    if (job.id !== this.#job?.id || this.#complete || !data.length) return;
    this.#complete = complete;
    this.#sentences = data.map((sentence) => ({ ...sentence, element: null }));
    this.#cut();
  }

  // Puts the sentences of the text into elements of their own. Text and sentences may come in either order.
  #cut() {
    if (!this.#sentences.length || !this.#text.length) return;
    const box = $("spoken-text");
    const characters = this.#text;
    const parts = [];
    let end = 0;
    for (const sentence of this.#sentences) {
      if (sentence.offset < end) continue;
      parts.push(this.#words(characters.slice(end, sentence.offset).join("")));
      end = sentence.offset + sentence.length;
      sentence.element = document.createElement("span");
      sentence.element.textContent = this.#words(characters.slice(sentence.offset, end).join(""));
      sentence.element.addEventListener("click", () => this.#complete && this.#seek(sentence.start));
      parts.push(sentence.element);
    }
    const scrolled = box.scrollTop;
    box.replaceChildren(...parts, this.#words(characters.slice(end).join("")));
    box.scrollTop = scrolled;
    this.#marked = null;
    this.#show();
  }

  // A piece of the text as a person reads it: of SSML without the markup. Pieces begin and end between elements.
  #words(piece) {
    return this.#job.options.ssml ? unmarked(piece) : piece;
  }

  #mark(at) {
    const sentence = this.#sentences.findLast((candidate) => candidate.element && candidate.start <= at);
    const element = sentence?.element ?? null;
    if (element === this.#marked) return;
    this.#marked?.classList.remove("now");
    this.#marked = element;
    if (!element) return;
    element.classList.add("now");
    // Within its box only: the page stays where the person has scrolled it.
    const box = $("spoken-text");
    if (element.offsetTop < box.scrollTop || element.offsetTop + element.offsetHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = element.offsetTop - box.clientHeight / 3;
  }
}

export function stateOf(job) {
  const said = [words.status[job.status] ?? job.status];
  if (job.status === "ready") return job.duration ? fill(words.ready_now, { duration: clock(job.duration) }) : said[0];
  if (job.status === "failed") return said[0];
  if (job.queue_position) said.push(fill(words.before_yours, { count: number(job.queue_position) }));
  if (job.chunk_count) said.push(fill(words.parts, { done: number(job.chunks_spoken), all: number(job.chunk_count) }));
  if (job.seconds_left) said.push(left(job.seconds_left));
  return said.join(" · ");
}

function left(seconds) {
  const coarse = seconds < 90 ? Math.max(5, 5 * Math.ceil(seconds / 5)) : Math.ceil(seconds / 60);
  return fill(seconds < 90 ? words.seconds_left : words.minutes_left, { count: number(coarse) });
}
