/**
 * Short notes that float and go; the page repeats what they say.
 * The server asks for one with the header `HX-Trigger: {"mn-toast": {"text": "…", "undo": "/url"}}`.
 */

import { make } from "./dom.ts";

const STAY_MS = 8_000;

export interface Toast {
  text: string;
  /** Address of the page or fragment that takes the change back. */
  undo?: string;
  alert?: boolean;
}

export function toast({ text, undo, alert = false }: Toast): HTMLElement {
  const note = make("p", "mn-toast");
  note.setAttribute("role", alert ? "alert" : "status");
  shelf().append(note);
  // Text that arrives after the region is read out; text that arrives with it often is not.
  note.append(make("span", "", text));
  if (undo) {
    const link = make("a", "", "元に戻す");
    link.href = undo;
    note.append(link);
  }
  const close = make("button", "mn-linkbutton", "閉じる");
  close.type = "button";
  close.addEventListener("click", () => note.remove());
  note.append(close);
  if (!alert) hideLater(note);
  return note;
}

/** A note stays while it is pointed at or focused. */
function hideLater(note: HTMLElement): void {
  window.setTimeout(() => {
    if (note.matches(":hover") || note.contains(document.activeElement)) hideLater(note);
    else note.remove();
  }, STAY_MS);
}

function shelf(): HTMLElement {
  const found = document.querySelector<HTMLElement>(".mn-toasts");
  if (found) return found;
  const made = make("div", "mn-toasts");
  document.body.append(made);
  return made;
}

export function toasts(): void {
  document.addEventListener("mn-toast", (event) => {
    const detail = (event as CustomEvent<Toast>).detail;
    if (detail && typeof detail.text === "string") toast(detail);
  });
  document.addEventListener("htmx:responseError", () =>
    toast({ text: "できませんでした。画面を開き直して、もう一度お試しください", alert: true }),
  );
  document.addEventListener("htmx:sendError", () =>
    toast({ text: "通信が切れています。入力した内容は画面に残っています", alert: true }),
  );
}
