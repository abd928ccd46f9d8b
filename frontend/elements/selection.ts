/** Choosing rows of a table: the bulk bar appears with the count first. */

import { all, enhance, say, type Root } from "./dom.ts";

const ROW = 'tbody input[type="checkbox"].mn-check';

export function rowSelection(root: Root): void {
  enhance<HTMLElement>(root, "[data-mn-select]", "select", (area) => {
    const bar = area.querySelector<HTMLElement>(".mn-bulk");
    const every = area.querySelector<HTMLInputElement>('thead input[type="checkbox"]');
    const update = (): void => show(area, bar, every);
    area.addEventListener("change", (event) => {
      if (event.target === every && every) {
        for (const box of all<HTMLInputElement>(area, ROW)) box.checked = every.checked;
      }
      update();
    });
    bar?.querySelector("[data-mn-clear]")?.addEventListener("click", (event) => {
      event.preventDefault();
      for (const box of all<HTMLInputElement>(area, ROW)) box.checked = false;
      update();
    });
    update();
  });
}

function show(area: HTMLElement, bar: HTMLElement | null, every: HTMLInputElement | null): void {
  const boxes = all<HTMLInputElement>(area, ROW);
  const picked = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr")?.classList.toggle("is-picked", box.checked);
  if (every) {
    every.checked = picked.length > 0 && picked.length === boxes.length;
    every.indeterminate = picked.length > 0 && picked.length < boxes.length;
  }
  if (!bar) return;
  const was = bar.hidden;
  bar.hidden = picked.length === 0;
  const count = bar.querySelector("[data-mn-count]");
  if (count) count.textContent = `${picked.length}件を選んでいます`;
  if (!was || picked.length) say(picked.length ? `${picked.length}件を選んでいます` : "");
}
