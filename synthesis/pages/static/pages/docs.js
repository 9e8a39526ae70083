import { listen } from "./copy.js";

document.querySelectorAll("button[data-copy]").forEach(listen);

const article = document.querySelector("article");
article.querySelectorAll("pre").forEach((pre, index) => {
  const box = document.createElement("div");
  const button = document.createElement("button");
  box.className = "code";
  pre.id = `sample-${index}`;
  pre.tabIndex = 0; // it scrolls, so the keyboard has to reach it
  button.type = "button";
  button.textContent = article.dataset.copy;
  Object.assign(button.dataset, { copy: pre.id, done: article.dataset.done });
  pre.replaceWith(box);
  box.append(button, pre);
  listen(button);
});
article.querySelectorAll("table").forEach((table) => {
  const box = document.createElement("div");
  Object.assign(box, { className: "scroll", tabIndex: 0, role: "region", ariaLabel: table.querySelector("th")?.textContent || "" });
  table.replaceWith(box);
  box.append(table);
});

const trial = document.getElementById("try");
if (trial) trial.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  // What fetch throws when nobody answers is a TypeError.
  run(event.target.elements).catch((error) => (error instanceof TypeError ? say("unreachable") : say("failed")));
});

const words = trial && JSON.parse(document.getElementById("words").textContent);
const say = (word) => (trial.querySelector(".said").textContent = word ? words[word] : "");

async function run({ key, voice, text }) {
  if (!key.value.trim()) return say("no_key");
  say("");
  trial.querySelector(".exchange").replaceChildren();
  const headers = { Authorization: `Token ${key.value.trim()}` };
  const order = { text: text.value, lang: voice.selectedOptions[0].dataset.language, voice_id: Number(voice.value) };
  let job = await exchange("POST", "text/", headers, order);
  while (job && !["ready", "failed"].includes(job.status)) {
    await new Promise((wake) => setTimeout(wake, 700));
    job = await exchange("GET", `${job.id}/`, headers);
  }
  if (job?.status !== "ready") return say("failed");
  const response = await fetch(address(`${job.id}/synthesize/`), { headers });
  show("GET", `${job.id}/synthesize/`, response.status, `${response.headers.get("Content-Type")}, ${response.headers.get("Content-Length")} B`);
  const audio = trial.querySelector("audio");
  URL.revokeObjectURL(audio.src);
  audio.src = URL.createObjectURL(await response.blob());
  audio.hidden = false;
  say("done");
}

const address = (path) => `${trial.dataset.base}api/v1/jobs/${path}`;

async function exchange(method, path, headers, body) {
  const sent = body && JSON.stringify(body);
  const response = await fetch(address(path), { method, body: sent, headers: sent ? { ...headers, "Content-Type": "application/json" } : headers });
  const answer = await response.json();
  show(method, path, response.status, JSON.stringify(answer, null, 2), sent);
  return response.ok ? answer.data : null;
}

function show(method, path, status, answer, sent = "") {
  const list = trial.querySelector(".exchange");
  const line = `${method} ${address(path)}${sent && `\n${sent}`}`;
  // Polls of one address are one entry.
  const entry = list.lastElementChild?.dataset.line === line ? list.lastElementChild : list.appendChild(document.createElement("li"));
  entry.dataset.line = line;
  const pre = document.createElement("pre");
  pre.tabIndex = 0;
  pre.textContent = `${line}\n\n${status}\n${answer}`;
  entry.replaceChildren(pre);
}
