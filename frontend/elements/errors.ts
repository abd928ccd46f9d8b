/** The error summary takes focus when a page comes back with errors, and its links focus inputs. */

import { enhance, type Root } from "./dom.ts";

export function errorSummary(root: Root): void {
  enhance<HTMLElement>(root, ".mn-errors", "errors", (summary) => {
    summary.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      const target = link ? targetOf(link) : null;
      if (!target) return;
      event.preventDefault();
      focusWithin(target);
    });
    summary.focus({ preventScroll: false });
  });
}

function targetOf(link: HTMLAnchorElement): HTMLElement | null {
  const id = decodeURIComponent(new URL(link.href, document.baseURI).hash.slice(1));
  return id ? document.getElementById(id) : null;
}

/** A link may name the whole field (a fieldset): then its first control takes the focus. */
function focusWithin(target: HTMLElement): void {
  const control = target.matches("input, select, textarea, button")
    ? target
    : target.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea");
  (target.closest(".mn-field") ?? target).scrollIntoView({ block: "start" });
  (control ?? target).focus({ preventScroll: true });
}
