/** Our base values are those of the Digital Agency's design tokens. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

const agency = readFileSync(
  createRequire(import.meta.url).resolve("@digital-go-jp/design-tokens/dist/tokens.css"),
  "utf8",
);
const ours = readFileSync("frontend/styles/tokens.css", "utf8");
const FAMILIES = { mizu: "light-blue", cyan: "cyan", green: "green", orange: "orange", red: "red", purple: "purple" };

test("blue, green, orange, red and purple follow the agency's values", () => {
  let compared = 0;
  for (const [family, name] of Object.entries(FAMILIES)) {
    for (const [, step, value] of ours.matchAll(new RegExp(`--mn-p-${family}-(\\d+): (#[0-9a-f]{6})`, "g"))) {
      const theirs = new RegExp(`--color-primitive-${name}-${step}: (#[0-9a-f]{6})`, "i").exec(agency);
      if (!theirs) continue;
      compared += 1;
      assert.equal(value, theirs[1]?.toLowerCase(), `${family} ${step}`);
    }
  }
  assert.ok(compared > 20, `compared ${compared} values only`);
});
