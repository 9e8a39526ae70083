// The studio: what is written becomes a job, and the job is watched until it can be heard.

import { call, fill, url, words } from "./api.js";
import { Fault } from "./fault.js";
import { characters, number } from "./format.js";
import { History } from "./history.js";
import { finished, Player } from "./player.js";
import { Reading } from "./reading.js";

const POLL_SECONDS = 2;
const LARGEST_SHOWN_FILE = 1_000_000;
const $ = (id) => document.getElementById(id);

const composer = $("composer");
const field = composer.elements;
const limit = Number(composer.dataset.limit);
let file = null;
let events = null;
let polling = 0;
let attempt = { order: "", key: "" };

const player = new Player();
const isSsml = () => field.kind.value === "ssml";
const asked = () => ({ text: field.text.value, voice_id: Number(field.voice_id.value), ...(isSsml() && { ssml: true }) });
const fault = new Fault(field.text, () => ({ ...asked(), speed: Number(field.speed.value) }));
const reading = new Reading(asked, (refusal) => fault.told(refusal));
const history = new History({
  open(job) {
    watch(job);
    $("listen").scrollIntoView({ block: "nearest" });
  },
  retried: (job) => watch(job),
  deleted(id) {
    if (player.job?.id !== id) return;
    unwatch();
    player.close();
  },
});

// --- What is written

function count() {
  const length = characters(field.text.value);
  const over = length > limit;
  $("count").textContent = file ? "" : fill(over ? words.too_long : words.of_limit, { count: number(length), limit: number(limit) });
  $("count").classList.toggle("over", over);
  $("refusal").textContent = "";
  if (isSsml() && !file) fault.changed();
  else fault.clear();
  reading.changed();
}

function showKind() {
  field.text.spellcheck = !isSsml();
  field.text.classList.toggle("markup", isSsml());
  $("about-ssml").hidden = !isSsml();
}

async function choose(chosen) {
  if (!chosen) return;
  const isDocument = /\.ssml$/i.test(chosen.name);
  if (isDocument) {
    field.kind.value = "ssml";
    showKind();
  }
  const plain = (isDocument || /\.txt$/i.test(chosen.name)) && chosen.size <= LARGEST_SHOWN_FILE ? await decoded(chosen) : null;
  if (plain !== null) field.text.value = plain;
  else {
    // Only the server can read it.
    file = chosen;
    $("file-chosen").querySelector("span").textContent = file.name;
  }
  if (!field.title.value) field.title.value = chosen.name.replace(/\.\w+$/, "").slice(0, field.title.maxLength);
  showFile();
}

async function decoded(chosen) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await chosen.arrayBuffer());
  } catch {
    return null;
  }
}

function showFile() {
  $("file-chosen").hidden = !file;
  $("text").hidden = Boolean(file);
  $("show-reading").hidden = Boolean(file);
  $("file").value = "";
  count();
}

field.text.addEventListener("input", count);
composer.addEventListener("change", (event) => {
  if (event.target.name === "kind") showKind();
  if (["voice_id", "kind", "speed"].includes(event.target.name)) count();
});
$("file").addEventListener("change", () => choose($("file").files[0]));
$("file-chosen").querySelector("button").addEventListener("click", () => {
  file = null;
  showFile();
  field.text.focus();
});
const paper = document.querySelector(".paper");
paper.addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  paper.classList.add("over");
});
for (const end of ["dragleave", "drop"]) paper.addEventListener(end, () => paper.classList.remove("over"));
paper.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  choose(event.dataTransfer.files[0]);
});
const showSpeed = () => ($("speed-said").textContent = `${number(Number($("speed").value))}×`);
$("speed").addEventListener("input", showSpeed);

// --- Samples of the voices, one at a time

const sample = new Audio();
let sampled = null;

function endSample() {
  sample.pause();
  sampled?.setAttribute("aria-pressed", "false");
  sampled?.removeAttribute("aria-busy");
  sampled = null;
}

async function playSample(button) {
  const again = sampled === button;
  endSample();
  if (again) return;
  sampled = button;
  $("audio").pause();
  button.setAttribute("aria-pressed", "true");
  button.setAttribute("aria-busy", "true");
  sample.src = url(`voices/${button.dataset.voice}/sample/`);
  try {
    await sample.play();
  } catch (error) {
    if (error.name !== "AbortError" && sampled === button) {
      endSample();
      $("refusal").textContent = words.sample_missing;
    }
  }
  button.removeAttribute("aria-busy");
}

sample.addEventListener("ended", endSample);
$("audio").addEventListener("play", endSample);
for (const button of document.querySelectorAll(".sample")) button.addEventListener("click", () => playSample(button));

// --- Generate

function order() {
  const given = { voice_id: Number(field.voice_id.value), speed: Number(field.speed.value), format: field.format.value, subtitles: true };
  if (isSsml()) given.ssml = true;
  if (field.title.value.trim()) given.title = field.title.value.trim();
  return given;
}

// Sent again after an answer that was lost, the same order is the same job.
function idempotencyKey(given) {
  const now = JSON.stringify([given, file ? [file.name, file.size, file.lastModified] : field.text.value]);
  if (attempt.order !== now) {
    const random = crypto.getRandomValues(new Uint8Array(16));
    attempt = { order: now, key: Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("") };
  }
  return attempt.key;
}

async function submit() {
  const given = order();
  const headers = { "Idempotency-Key": idempotencyKey(given) };
  if (!file) return call("jobs/", { method: "POST", headers, json: { ...given, text: field.text.value } });
  const form = new FormData();
  for (const [name, value] of Object.entries(given)) form.append(name, value);
  form.append("file", file);
  return call("jobs/", { method: "POST", headers, form });
}

async function generate() {
  if ($("generate").disabled) return;
  $("refusal").textContent = "";
  if (!file && !field.text.value.trim()) {
    $("refusal").textContent = words.empty_text;
    return field.text.focus();
  }
  $("generate").disabled = true;
  endSample();
  try {
    const job = await submit();
    attempt = { order: "", key: "" };
    const text = file ? null : field.text.value;
    if (text !== null) history.remember(job, text);
    watch(job, text);
    $("listen").scrollIntoView({ block: "nearest", behavior: "smooth" });
  } catch (refusal) {
    // What is wrong in a document stands below it, with a way to the place.
    if (isSsml() && !file && (await fault.told(refusal))) fault.show();
    else $("refusal").textContent = refusal.message;
  } finally {
    $("generate").disabled = false;
  }
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  generate();
});
field.text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) generate();
});

// --- Watch a job

function watch(job, text = null) {
  unwatch();
  player.open(job, text);
  history.put(job, true);
  if (finished(job)) return;
  events = new EventSource(url(`jobs/${job.id}/events/`));
  events.addEventListener("job", (event) => heard(JSON.parse(event.data)));
  // A dropped line is taken up again by the browser; a refusal, or a proxy that knows no events, is not.
  events.addEventListener("error", () => events?.readyState === EventSource.CLOSED && poll(job.id));
}

function unwatch() {
  events?.close();
  events = null;
  clearTimeout(polling);
}

function heard(job) {
  player.update(job);
  history.put(job, true);
  if (finished(job)) unwatch();
}

async function poll(id) {
  unwatch();
  const job = await call(`jobs/${id}/`).catch(() => null);
  if (player.job?.id !== id) return;
  if (job) heard(job);
  if (!job || !finished(job)) polling = setTimeout(() => poll(id), POLL_SECONDS * 1000);
}

$("stop").addEventListener("click", async () => {
  player.silence(); // the stream of a job that is stopped breaks off
  try {
    heard(await call(`jobs/${player.job.id}/cancel/`, { method: "POST", json: {} }));
  } catch (refusal) {
    $("state").textContent = refusal.message;
  }
});

showSpeed();
showKind(); // a browser that goes back keeps what was chosen
count();
history.load();
