import assert from "node:assert/strict";
import { test } from "node:test";
import { dayOf, digits, echoText } from "../elements/wareki.ts";

const iso = (day: Date | null): string | null => day?.toISOString().slice(0, 10) ?? null;

test("eras, 元年, full-width digits and 西暦 are read", () => {
  assert.equal(iso(dayOf("令和", "8", "11", "30")), "2026-11-30");
  assert.equal(iso(dayOf("令和", "元", "5", "1")), "2019-05-01");
  assert.equal(iso(dayOf("令和", "８", "１１", "３０")), "2026-11-30");
  assert.equal(iso(dayOf("西暦", "2026", "2", "28")), "2026-02-28");
  assert.equal(iso(dayOf("昭和", "64", "1", "7")), "1989-01-07");
});

test("days that do not exist are not repeated", () => {
  const impossible: [string, string, string, string][] = [
    ["令和", "8", "11", "31"], ["令和", "8", "2", "29"], ["令和", "1", "4", "30"],
    ["西暦", "26", "1", "1"], ["令和", "", "1", "1"], ["令和", "八", "1", "1"],
    ["慶応", "3", "1", "1"], ["西暦", "2026", "13", "1"],
  ];
  for (const parts of impossible) assert.equal(dayOf(...parts), null, parts.join("-"));
});

test("the line names both calendars, the weekday and the distance", () => {
  const today = new Date("2026-11-24T00:00:00Z");
  const line = (day: string): string => echoText(new Date(`${day}T00:00:00Z`), today);
  assert.equal(line("2026-11-30"), "令和8年11月30日（月）・2026年11月30日、6日後");
  assert.equal(line("2026-11-24"), "令和8年11月24日（火）・2026年11月24日、きょう");
  assert.equal(line("2019-05-01"), "令和元年5月1日（水）・2019年5月1日");
});

test("only whole numbers are digits", () => {
  assert.ok(Number.isNaN(digits("1.5")));
  assert.ok(Number.isNaN(digits("")));
  assert.equal(digits(" １２ "), 12);
});
