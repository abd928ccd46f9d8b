/** A page for tests: happy-dom's globals in the places where a browser has them. */

import { Window } from "happy-dom";

const NAMES = [
  "document", "HTMLElement", "HTMLInputElement", "HTMLTextAreaElement", "HTMLSelectElement",
  "HTMLFormElement", "HTMLDialogElement", "HTMLDetailsElement", "Element", "Node", "Event",
  "SubmitEvent", "KeyboardEvent", "CustomEvent", "FormData", "File", "customElements", "localStorage",
] as const;

export const browser = new Window({ url: "https://minamo.example/apply/" });
Object.assign(globalThis, { window: browser });
for (const name of NAMES) {
  Object.defineProperty(globalThis, name, { value: browser[name], configurable: true });
}

export function show(html: string): HTMLElement {
  document.body.innerHTML = html;
  return document.body;
}

export function find<T extends Element>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
}

export function type(selector: string, value: string): void {
  const input = find<HTMLInputElement>(selector);
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
