// Node.js 18 or newer, nothing to install: node speak.mjs "Salam, dünya!" salam.mp3
import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const [text = "Salam, dünya!", file = "speech.mp3"] = process.argv.slice(2);
const api = (process.env.VOICEN_URL ?? "http://127.0.0.1:8000") + "/api/v1";
const headers = {
  Authorization: `Token ${process.env.VOICEN_ACCESS_TOKEN}`,
  "Content-Type": "application/json",
};

async function call(path, body) {
  const request = body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers };
  const answer = await fetch(api + path, request);
  if (!answer.ok) {
    throw new Error((await answer.json()).error.message);
  }
  return answer;
}

try {
  let job = (await (await call("/jobs/text/", { text, lang: "az", voice_id: "325640" })).json()).data;
  while (job.status !== "ready" && job.status !== "failed") {
    await sleep(500);
    job = (await (await call(`/jobs/${job.id}/`)).json()).data;
  }
  if (job.status === "failed") {
    throw new Error(`Job ${job.id} failed.`);
  }
  const audio = await call(`/jobs/${job.id}/synthesize/`);
  await writeFile(file, Buffer.from(await audio.arrayBuffer()));
  console.log(file);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
