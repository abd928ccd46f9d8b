import "./page.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { draftOf, savedText } from "../elements/autosave.ts";
import { characterCounter, remaining } from "../elements/counter.ts";
import { dateEcho } from "../elements/date_echo.ts";
import { errorSummary } from "../elements/errors.ts";
import { fill, postalDigits } from "../elements/postal.ts";
import { sizeText } from "../elements/preview.ts";
import { graft } from "../elements/questions.ts";
import { rowSelection } from "../elements/selection.ts";
import { act } from "../elements/shortcuts.ts";
import { release, submitGuard } from "../elements/submit_guard.ts";
import { toast } from "../elements/toasts.ts";
import { isTyping } from "../elements/dom.ts";
import { find, show, type } from "./page.ts";

test("postal codes are seven digits in any writing", () => {
  assert.equal(postalDigits("020-0013"), "0200013");
  assert.equal(postalDigits("〒０２０－００１３"), "0200013");
  assert.equal(postalDigits("02000"), "");
});

test("a found address never overwrites what was typed", () => {
  show(`<form><input name="a.postal_code" id="z"><input name="a.city" value="盛岡市"><input name="a.town"></form>`);
  fill(find("#z"), { prefecture: "岩手県", city: "別の市", town: "愛宕町" });
  assert.equal(find<HTMLInputElement>('[name="a.city"]').value, "盛岡市");
  assert.equal(find<HTMLInputElement>('[name="a.town"]').value, "愛宕町");
  fill(find("#z"), { prefecture: "岩手県", city: "別の市", town: "本町通" });
  assert.equal(find<HTMLInputElement>('[name="a.town"]').value, "本町通");
});

test("characters are counted as people count them", () => {
  assert.equal(remaining("𠮷田\r\n邸", 10), 6);
  show(`<textarea data-max-length="5">あい</textarea>`);
  characterCounter(document);
  assert.equal(find(".mn-hint").textContent, "のこり 3文字");
  type("textarea", "あいうえおかき");
  assert.equal(find(".mn-hint").textContent, "2文字多いです");
});

test("the date line follows typing and hides for impossible days", () => {
  show(`<div class="mn-inline--date"><select name="d.era"><option selected>令和</option></select>
    <input name="d.year" id="y" value="8"><input name="d.month" value="11"><input name="d.day" id="d" value="30"></div>`);
  dateEcho(document);
  assert.match(find(".mn-echo").textContent ?? "", /^令和8年11月30日（月）/);
  type("#d", "31");
  assert.equal(find<HTMLElement>(".mn-echo").hidden, true);
});

test("a fragment can be passed again without doubling", () => {
  show(`<textarea data-max-length="5"></textarea>`);
  characterCounter(document);
  characterCounter(document);
  assert.equal(document.querySelectorAll(".mn-hint").length, 1);
});

test("the error summary takes focus and its links reach the input", () => {
  show(`<div class="mn-errors" tabindex="-1"><a href="#f">直す</a></div><fieldset id="f"><input id="i"></fieldset>`);
  Element.prototype.scrollIntoView = () => undefined;
  errorSummary(document);
  assert.equal(document.activeElement?.className, "mn-errors");
  find<HTMLAnchorElement>("a").click();
  assert.equal(document.activeElement?.id, "i");
});

test("a form is sent once until it is released", () => {
  show(`<form method="post" action="/x"><button id="b">送る</button></form>`);
  submitGuard();
  const form = find<HTMLFormElement>("form");
  const submit = (): boolean =>
    form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true, submitter: find("#b") }));
  assert.equal(submit(), true);
  assert.equal(find("#b").getAttribute("aria-busy"), "true");
  assert.equal(submit(), false);
  release(form);
  assert.equal(submit(), true);
  release(form);
});

test("searching forms and forms that opt out are left alone", () => {
  show(`<form method="get"></form><form method="post" data-no-guard></form>`);
  for (const form of document.querySelectorAll("form")) {
    form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
    assert.equal(form.hasAttribute("data-mn-sending"), false);
  }
});

test("drafts hold typed answers and no files", () => {
  show(`<form><input name="a" value="1"><input type="file" name="f"></form>`);
  assert.deepEqual(Array.from(draftOf(find("form")).keys()), ["a"]);
  assert.equal(savedText(new Date("2026-11-24T05:08:00Z")), "最後に自動で保存した時刻：14時08分");
});

test("chosen rows bring the bar, the count and the state of the upper box", () => {
  show(`<div data-mn-select><div class="mn-bulk"><span data-mn-count></span><button data-mn-clear></button></div>
    <table><thead><tr><th><input type="checkbox" id="all"></th></tr></thead><tbody>
    <tr><td><input type="checkbox" class="mn-check" id="r1"></td></tr>
    <tr><td><input type="checkbox" class="mn-check" id="r2"></td></tr></tbody></table></div>`);
  rowSelection(document);
  assert.equal(find<HTMLElement>(".mn-bulk").hidden, true);
  find<HTMLInputElement>("#r1").click();
  assert.equal(find("[data-mn-count]").textContent, "1件を選んでいます");
  assert.equal(find<HTMLInputElement>("#all").indeterminate, true);
  find<HTMLInputElement>("#all").click();
  assert.equal(find("[data-mn-count]").textContent, "2件を選んでいます");
  find<HTMLButtonElement>("[data-mn-clear]").click();
  assert.equal(find<HTMLElement>(".mn-bulk").hidden, true);
});

test("j and k walk along the rows, x chooses, own keys press", () => {
  show(`<table class="mn-table"><tbody>
    <tr><th><a href="#1" id="a1">1</a></th><td><input type="checkbox" id="c1"></td></tr>
    <tr><th><a href="#2" id="a2">2</a></th></tr></tbody></table><button data-key="a" id="own">受け付ける</button>`);
  act("j");
  assert.equal(document.activeElement?.id, "a1");
  act("x");
  assert.equal(find<HTMLInputElement>("#c1").checked, true);
  act("j");
  act("j");
  assert.equal(document.activeElement?.id, "a2");
  act("k");
  assert.equal(document.activeElement?.id, "a1");
  let pressed = 0;
  find("#own").addEventListener("click", () => (pressed += 1));
  assert.equal(act("a"), true);
  assert.equal(act("z"), false);
  assert.equal(pressed, 1);
});

test("keys never work inside fields", () => {
  show(`<input id="t"><input type="checkbox" id="c"><textarea id="a"></textarea>`);
  assert.equal(isTyping(find("#t")), true);
  assert.equal(isTyping(find("#a")), true);
  assert.equal(isTyping(find("#c")), false);
});

test("a toast says its text as text", () => {
  show("");
  const note = toast({ text: "<b>早坂</b>さんにしました", undo: "/undo/" });
  assert.equal(note.querySelector("b"), null);
  assert.equal(note.querySelector("a")?.getAttribute("href"), "/undo/");
  note.querySelector("button")?.click();
  assert.equal(document.querySelector(".mn-toast"), null);
});

test("sizes are told in words people know", () => {
  assert.equal(sizeText(340_400), "340KB");
  assert.equal(sizeText(20_000_000), "20.0MB");
});

test("questions come and go while typed answers stay", () => {
  const field = (key: string): string => `<div data-field="${key}"><input name="${key}"></div>`;
  show(`<section id="now">${field("name")}${field("firm")}</section><section id="next">${field("name")}${field("phone")}</section>`);
  type('#now [name="name"]', "小野寺");
  graft(find("#now"), find("#next"));
  assert.equal(find<HTMLInputElement>('#now [name="name"]').value, "小野寺");
  assert.equal(document.querySelector('#now [name="firm"]'), null);
  assert.ok(document.querySelector('#now [name="phone"]'));
});
