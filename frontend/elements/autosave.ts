/** Drafts save themselves: two seconds after the last change, and when the page is left. */

import { enhance, type Root } from "./dom.ts";

const WAIT_MS = 2_000;

export function savedText(now: Date): string {
  const time = new Intl.DateTimeFormat("ja-JP", {
    timeZone: "Asia/Tokyo",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(now);
  return `最後に自動で保存した時刻：${time.replace(":", "時")}分`;
}

/** What is sent: typed answers only; files go with the page itself. */
export function draftOf(form: HTMLFormElement): FormData {
  const data = new FormData(form);
  for (const [name, value] of Array.from(data.entries())) {
    if (value instanceof File) data.delete(name);
  }
  return data;
}

export function autosave(root: Root): void {
  enhance<HTMLFormElement>(root, "form[data-autosave]", "autosave", (form) => {
    const url = form.dataset["autosave"] ?? "";
    let timer = 0;
    let pending = false;
    const save = async (): Promise<void> => {
      if (form.hasAttribute("data-mn-sending")) return;
      pending = false;
      const done = await post(url, draftOf(form));
      show(form, done ? savedText(new Date()) : "自動で保存できませんでした。入力した内容は画面に残っています");
    };
    form.addEventListener("input", () => {
      pending = true;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void save(), WAIT_MS);
    });
    form.addEventListener("submit", () => {
      pending = false;
      window.clearTimeout(timer);
    });
    document.addEventListener("visibilitychange", () => {
      // The only moment that phones promise before a page is thrown away.
      if (pending && document.visibilityState === "hidden" && !form.hasAttribute("data-mn-sending")) {
        pending = false;
        navigator.sendBeacon(url, draftOf(form));
      }
    });
  });
}

async function post(url: string, body: FormData): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { "X-Requested-With": "fetch" },
    });
    return response.ok;
  } catch {
    return false;
  }
}

function show(form: HTMLFormElement, text: string): void {
  const line = form.querySelector<HTMLElement>("[data-mn-saved]");
  if (line) line.textContent = text;
}
