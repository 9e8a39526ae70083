import { listen } from "./copy.js";

document.querySelectorAll("[data-copy]").forEach(listen);

const fresh = document.getElementById("new-key");
if (fresh) {
  fresh.addEventListener("focus", () => fresh.select());
  // A reload asks for the page again instead of making one more key.
  const account = document.querySelector("nav a[href$='/account/']");
  history.replaceState(null, "", account.href);
}
