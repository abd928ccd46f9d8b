/**
 * A long form whose questions depend on answers (`[data-mn-questions]`): a chosen answer
 * asks the server which questions there are now. What was typed stays where it is, also
 * what is typed while the answer is on its way. Without script a button does the same.
 */

import { all, enhance, type Root } from "./dom.ts";

export function dependentQuestions(root: Root, renewed: (area: Element) => void): void {
  enhance<HTMLElement>(root, "[data-mn-questions]", "questions", (area) => {
    let turn = 0;
    area.addEventListener("change", (event) => {
      if (!(event.target instanceof HTMLInputElement) || event.target.type !== "radio") return;
      turn += 1;
      const mine = turn;
      void ask(area).then((fresh) => {
        if (!fresh || mine !== turn) return;
        graft(area, fresh);
        renewed(area);
      });
    });
  });
}

async function ask(area: HTMLElement): Promise<Element | null> {
  const form = area.closest("form");
  if (!form) return null;
  const body = new FormData(form);
  // Chosen files stay in their inputs until the form itself is sent.
  for (const input of all<HTMLInputElement>(form, "input[type=file]")) body.delete(input.name);
  body.set("_step", "refresh");
  try {
    const response = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    if (!response.ok) return null;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.getElementById(area.id);
  } catch {
    // No connection: the button and the server's check still find every question.
    return null;
  }
}

/** Put the new questions in place and keep every field that was already there. */
export function graft(area: Element, fresh: Element): void {
  const active = document.activeElement;
  const held = new Map(
    all<HTMLElement>(area, "[data-field]").map((field) => [field.dataset["field"], field]),
  );
  for (const field of all<HTMLElement>(fresh, "[data-field]")) {
    const before = held.get(field.dataset["field"]);
    if (before) field.replaceWith(before);
  }
  area.replaceChildren(...Array.from(fresh.childNodes));
  if (active instanceof HTMLElement && area.contains(active)) {
    active.focus({ preventScroll: true });
  }
}
