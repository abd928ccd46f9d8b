/** Small words for finding and making elements; nothing here knows a page. */

export type Root = Document | Element;

export function all<T extends Element>(root: Root, selector: string): T[] {
  return Array.from(root.querySelectorAll<T>(selector));
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  text = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** Run `once` for each match that was not seen before, so that fragments can be passed again. */
export function enhance<T extends Element>(
  root: Root,
  selector: string,
  key: string,
  once: (element: T) => void,
): void {
  for (const element of all<T>(root, selector)) {
    const mark = `data-mn-is-${key}`;
    if (element.hasAttribute(mark)) continue;
    element.setAttribute(mark, "");
    once(element);
  }
}

/** A region that screen readers follow; made once per page. */
export function liveRegion(): HTMLElement {
  const found = document.getElementById("mn-live");
  if (found) return found;
  const region = make("div", "mn-vh");
  region.id = "mn-live";
  region.setAttribute("role", "status");
  document.body.append(region);
  return region;
}

export function say(text: string): void {
  liveRegion().textContent = text;
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) {
    return !["checkbox", "radio", "button", "submit", "reset"].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
