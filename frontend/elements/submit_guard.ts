/**
 * A form is sent once: the pressed button turns busy and further presses are dropped.
 * The server is idempotent all the same; this only spares people the doubt.
 */

import { say } from "./dom.ts";

const GIVE_UP_MS = 20_000;

export function submitGuard(): void {
  document.addEventListener("submit", onSubmit);
  // A page that comes back from the browser's memory must be usable again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) releaseAll();
  });
}

function onSubmit(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
  if (form.hasAttribute("data-no-guard") || event.defaultPrevented) return;
  if (form.hasAttribute("data-mn-sending")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("data-mn-sending", "");
  const button = event.submitter;
  if (button instanceof HTMLElement) button.setAttribute("aria-busy", "true");
  say("送っています");
  window.setTimeout(() => release(form), GIVE_UP_MS);
}

export function release(form: HTMLFormElement): void {
  form.removeAttribute("data-mn-sending");
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

function releaseAll(): void {
  for (const form of document.querySelectorAll("form")) release(form);
}
