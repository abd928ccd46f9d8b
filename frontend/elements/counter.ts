/** How many characters are left, counted as people count (code points, a newline as one). */

import { enhance, make, type Root } from "./dom.ts";

export function remaining(text: string, limit: number): number {
  return limit - Array.from(text.replace(/\r\n/g, "\n")).length;
}

export function characterCounter(root: Root): void {
  enhance<HTMLTextAreaElement>(root, "textarea[data-max-length]", "counter", (area) => {
    const limit = Number(area.dataset["maxLength"]);
    if (!Number.isFinite(limit) || limit <= 0) return;
    const line = make("p", "mn-hint");
    line.setAttribute("role", "status");
    area.after(line);
    const update = (): void => {
      const left = remaining(area.value, limit);
      line.textContent = left >= 0 ? `のこり ${left}文字` : `${-left}文字多いです`;
      line.classList.toggle("mn-error", left < 0);
    };
    area.addEventListener("input", update);
    update();
  });
}
