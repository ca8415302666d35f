// The mailing's page: tells when the numbers are old, has the list follow the numbers, and speaks at most every 15 s.
import { announce } from "./keys.js";

const OLD = 10_000;
const QUIET = 15_000;
let answered = Date.now();
let spoken = Date.now();

const box = () => document.getElementById("progress");
const heading = () => document.getElementById("progress-h").textContent.trim();
const isMoving = () => box()?.hasAttribute("hx-get");
let wasMoving = isMoving();

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.requestConfig.path.includes("/progress/")) answered = Date.now();
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "progress" && event.detail.elt.id !== "progress") return;
  const isOver = wasMoving && !isMoving();
  wasMoving = isMoving();
  if (isOver || Date.now() - spoken > QUIET) {
    spoken = Date.now();
    announce(heading());
  }
  // An open question, or what is ticked, is not pulled from under the person's hands.
  if (!document.querySelector("#copies dialog[open], #copies input:checked")) {
    document.body.dispatchEvent(new CustomEvent("copies-changed"));
  }
});

setInterval(() => {
  const line = box()?.querySelector("[data-updated]");
  if (!line || !isMoving() || document.hidden || Date.now() - answered < OLD || line.dataset.isOld) return;
  line.dataset.isOld = "1";
  line.textContent = `${line.dataset.lost} ${line.textContent.trim()}`;
}, 1000);
