/** Buttons that open a dialog of the page; without script the dialog's own page is linked. */

import { enhance, type Root } from "./dom.ts";

export function dialogs(root: Root): void {
  enhance<HTMLElement>(root, "[data-mn-opens]", "opens", (opener) => {
    const dialog = document.getElementById(opener.dataset["mnOpens"] ?? "");
    if (!(dialog instanceof HTMLDialogElement)) return;
    opener.hidden = false;
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
  });
  enhance<HTMLElement>(root, "dialog [data-mn-closes]", "closes", (closer) => {
    closer.addEventListener("click", (event) => {
      event.preventDefault();
      closer.closest("dialog")?.close();
    });
  });
}

/** Menus made of `details` close on Escape and on a press elsewhere. */
export function menus(): void {
  const open = (): HTMLDetailsElement[] =>
    Array.from(document.querySelectorAll<HTMLDetailsElement>("details.mn-menu[open]"));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of open()) {
      if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
    }
  });
}
