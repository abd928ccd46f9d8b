/**
 * Keyboard shortcuts of the staff pages: listed under `?`, off where the reader switched
 * them off, and never inside a field (WCAG 2.1.4).
 */

import { all, isTyping, make } from "./dom.ts";

const LIST_KEYS: readonly (readonly [string, string])[] = [
  ["j", "次の行へ"],
  ["k", "前の行へ"],
  ["x", "行を選ぶ、やめる"],
  ["Enter", "行を開く"],
  ["/", "さがす欄へ"],
  ["?", "この一覧"],
];

export function shortcuts(): void {
  if (document.body.dataset["shortcuts"] === "off") return;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.defaultPrevented || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (act(event.key)) event.preventDefault();
  });
}

export function act(key: string): boolean {
  switch (key) {
    case "j":
      return moveBy(1);
    case "k":
      return moveBy(-1);
    case "x":
      return toggleRow();
    case "/":
      return focusSearch();
    case "?":
      help();
      return true;
    default:
      return pressKeyed(key);
  }
}

function rows(): HTMLTableRowElement[] {
  return all<HTMLTableRowElement>(document, "table.mn-table tbody tr").filter((row) => opener(row));
}

function opener(row: HTMLTableRowElement): HTMLElement | null {
  return row.querySelector<HTMLElement>(".mn-cell-main a, th a, td a");
}

function currentRow(): HTMLTableRowElement | null {
  return document.activeElement?.closest<HTMLTableRowElement>("table.mn-table tbody tr") ?? null;
}

function moveBy(step: number): boolean {
  const list = rows();
  if (!list.length) return false;
  const row = currentRow();
  const at = row ? list.indexOf(row) : step > 0 ? -1 : list.length;
  const next = list[Math.min(list.length - 1, Math.max(0, at + step))];
  if (next) opener(next)?.focus();
  return true;
}

function toggleRow(): boolean {
  const box = currentRow()?.querySelector<HTMLInputElement>('input[type="checkbox"]');
  if (!box) return false;
  box.click();
  return true;
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>("main [type=search], [data-mn-search]");
  field?.focus();
  return field !== null;
}

/** A button or link may name its own key: `data-key="a"`. */
function pressKeyed(key: string): boolean {
  if (key.length !== 1) return false;
  const target = all<HTMLElement>(document, "[data-key]").find((e) => e.dataset["key"] === key);
  target?.click();
  return target !== undefined;
}

export function help(): HTMLDialogElement {
  const dialog = make("dialog", "mn-dialog");
  dialog.setAttribute("aria-labelledby", "mn-keys-title");
  const title = make("h2", "mn-h3", "キー操作の一覧");
  title.id = "mn-keys-title";
  const list = make("dl", "mn-facts");
  const own = all<HTMLElement>(document, "[data-key]").map(
    (e): readonly [string, string] => [e.dataset["key"] ?? "", e.textContent?.trim() ?? ""],
  );
  for (const [key, text] of [...LIST_KEYS, ...own]) {
    const term = make("dt", "");
    term.append(make("kbd", "mn-kbd", key));
    list.append(term, make("dd", "", text));
  }
  const note = make("p", "mn-sm mn-soft", "入力らんの中では働きません。止めるときは「文字と色、キー操作」を開きます。");
  const close = make("button", "mn-button mn-button--second", "閉じる");
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(title, list, note, close);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
