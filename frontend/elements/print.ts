/** A button that prints the page; without script people use the browser's own menu. */

import { enhance, type Root } from "./dom.ts";

export function printButtons(root: Root): void {
  enhance<HTMLButtonElement>(root, "button[data-mn-print]", "print", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}
