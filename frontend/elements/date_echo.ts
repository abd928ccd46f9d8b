/** Fill the echo line under every 和暦 date; made when the server did not write one. */

import { enhance, make, type Root } from "./dom.ts";
import { dayOf, echoText, todayInTokyo, WESTERN } from "./wareki.ts";

type Control = HTMLInputElement | HTMLSelectElement;

export function dateEcho(root: Root): void {
  enhance<HTMLElement>(root, ".mn-inline--date", "date", (row) => {
    const control = (part: string): Control | null =>
      row.querySelector<Control>(`[name$=".${part}"]`);
    const year = control("year");
    if (!year) return;
    const line = echoLine(row);
    const update = (): void => {
      const day = dayOf(
        control("era")?.value ?? WESTERN,
        year.value,
        control("month")?.value ?? "",
        control("day")?.value ?? "",
      );
      line.hidden = day === null;
      const text = line.querySelector("span") ?? line;
      text.textContent = day ? echoText(day, todayInTokyo()) : "";
    };
    row.addEventListener("input", update);
    row.addEventListener("change", update);
    update();
  });
}

function echoLine(row: HTMLElement): HTMLElement {
  const next = row.nextElementSibling;
  if (next instanceof HTMLElement && next.classList.contains("mn-echo")) {
    next.setAttribute("role", "status");
    return next;
  }
  const line = make("p", "mn-echo");
  line.setAttribute("role", "status");
  line.append(make("span", ""));
  row.after(line);
  return line;
}
