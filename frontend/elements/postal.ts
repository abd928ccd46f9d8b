/**
 * Seven digits bring the address, without pressing 住所をさがす.
 * Works on the input names of the form contract (`….postal_code`, `….city`, …), never
 * overwrites what somebody typed, and leaves the button alone when the network fails.
 */

import { enhance, make, say, type Root } from "./dom.ts";

export interface Town {
  prefecture: string;
  city: string;
  town: string;
}

const PARTS = ["prefecture", "city", "town"] as const;

export function postalDigits(text: string): string {
  const plain = text.normalize("NFKC").replace(/[\s\-‐-―−ー〒]/g, "");
  return /^\d{7}$/.test(plain) ? plain : "";
}

export function postalLookup(root: Root): void {
  enhance<HTMLInputElement>(root, 'input[name$=".postal_code"]', "postal", (input) => {
    let asked = postalDigits(input.value);
    input.addEventListener("input", () => {
      const code = postalDigits(input.value);
      if (!code || code === asked) return;
      asked = code;
      void look(input, code);
    });
  });
}

async function look(input: HTMLInputElement, code: string): Promise<void> {
  const towns = await fetchTowns(code);
  if (towns === null || postalDigits(input.value) !== code) return;
  choicesOf(input)?.remove();
  const first = towns[0];
  if (!first) {
    say("この郵便番号の住所は見つかりませんでした。住所を入れてください");
  } else if (towns.length === 1) {
    fill(input, first);
  } else {
    offer(input, towns);
  }
}

async function fetchTowns(code: string): Promise<Town[] | null> {
  try {
    const response = await fetch(`/api/v1/postal-codes/${code}`, {
      headers: { Accept: "application/json" },
    });
    if (response.status === 404) return [];
    if (!response.ok) return null;
    return ((await response.json()) as { items: Town[] }).items;
  } catch {
    return null; // Without a network the button and typing by hand are still there.
  }
}

export function fill(input: HTMLInputElement, town: Town): void {
  const prefix = input.name.slice(0, -"postal_code".length);
  const filled: string[] = [];
  for (const part of PARTS) {
    const target = input.form?.elements.namedItem(prefix + part);
    const control = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (!control || target.type === "hidden") continue;
    if (target.value && target.dataset["mnFilled"] !== target.value) continue;
    target.value = town[part];
    target.dataset["mnFilled"] = town[part];
    filled.push(town[part]);
  }
  if (filled.length) say(`住所に「${filled.join("")}」を入れました`);
}

function offer(input: HTMLInputElement, towns: Town[]): void {
  const box = make("fieldset", "mn-choices");
  box.id = `${input.id}-towns`;
  box.append(make("legend", "mn-hint", "あてはまる町を選んでください"));
  for (const town of towns) {
    const label = make("label", "mn-choice");
    const radio = make("input", "mn-check");
    radio.type = "radio";
    radio.name = `${input.id}-town`;
    // Only a way to fill the inputs: an owner that does not exist keeps it out of the post.
    radio.setAttribute("form", "");
    radio.addEventListener("change", () => fill(input, town));
    label.append(radio, town.prefecture + town.city + town.town);
    box.append(label);
  }
  (input.closest(".mn-inline") ?? input).after(box);
  say(`${towns.length}つの町が見つかりました`);
}

function choicesOf(input: HTMLInputElement): HTMLElement | null {
  return document.getElementById(`${input.id}-towns`);
}
