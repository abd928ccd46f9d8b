/** A button that copies the receipt number; it appears only where copying works. */

import { enhance, say, type Root } from "./dom.ts";

export function copyButtons(root: Root): void {
  enhance<HTMLButtonElement>(root, "button[data-mn-copy]", "copy", (button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const source = document.getElementById(button.dataset["mnCopy"] ?? "");
      const text = source?.textContent?.trim() ?? "";
      navigator.clipboard.writeText(text).then(
        () => say(`${text} をコピーしました`),
        () => say("コピーできませんでした。番号を書きとめてください"),
      );
      const label = button.querySelector("[data-mn-copy-label]");
      if (label) label.textContent = "コピーしました";
    });
  });
}
