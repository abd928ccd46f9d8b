/** The choices of the preferences page show at once; the button keeps them. */

import { enhance, type Root } from "./dom.ts";

export function appearance(root: Root): void {
  enhance<HTMLFormElement>(root, "form[data-mn-appearance]", "appearance", (form) => {
    form.addEventListener("change", (event) => {
      const input = event.target;
      if (!(input instanceof HTMLInputElement) || !input.checked) return;
      if (input.name === "theme" || input.name === "text") {
        document.documentElement.dataset[input.name] = input.value;
      }
    });
  });
}
