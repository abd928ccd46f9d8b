/** Show which photos and papers are about to be sent, before they are. */

import { enhance, make, type Root } from "./dom.ts";

export function sizeText(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))}KB`;
  return `${(bytes / 1_000_000).toFixed(1)}MB`;
}

export function filePreview(root: Root): void {
  enhance<HTMLInputElement>(root, 'input[type="file"]', "preview", (input) => {
    const region = make("div", "");
    region.setAttribute("role", "status");
    const list = make("ul", "mn-choices");
    region.append(list);
    (input.closest(".mn-drop") ?? input).after(region);
    let urls: string[] = [];
    input.addEventListener("change", () => {
      urls.forEach((url) => URL.revokeObjectURL(url));
      urls = [];
      list.replaceChildren(...Array.from(input.files ?? [], (file) => row(file, input, urls)));
    });
  });
}

function row(file: File, input: HTMLInputElement, urls: string[]): HTMLLIElement {
  const item = make("li", "mn-file");
  const thumb = make("span", "mn-thumb");
  if (/^image\/(jpeg|png|webp)$/.test(file.type)) {
    const url = URL.createObjectURL(file);
    urls.push(url);
    const image = make("img", "");
    image.src = url;
    image.alt = "";
    thumb.append(image);
  }
  const words = make("span", "");
  words.append(make("span", "mn-strong", file.name), make("br", ""), sizeText(file.size));
  const limit = Number(input.dataset["maxBytes"] ?? "0");
  if (limit > 0 && file.size > limit) {
    words.append(make("span", "mn-error", `大きすぎます（${sizeText(limit)}まで）`));
  }
  item.append(thumb, words);
  return item;
}
