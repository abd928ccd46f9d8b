/** Bundle the tests with the build's own tool and run them with Node's test runner. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
// Inside node_modules, so that the bundled tests still find their packages.
const out = mkdtempSync(join(root, "node_modules/.tests-"));
const tests = readdirSync(here).filter((name) => name.endsWith(".test.ts"));

try {
  await build({
    configFile: false,
    root,
    logLevel: "warn",
    build: {
      ssr: true,
      outDir: out,
      emptyOutDir: false,
      minify: false,
      rollupOptions: { input: tests.map((name) => join(here, name)), output: { format: "es" } },
    },
  });
  const files = readdirSync(out).filter((name) => name.includes(".test")).map((n) => join(out, n));
  const finished = spawnSync(process.execPath, ["--test", "--test-force-exit", ...files], { stdio: "inherit", cwd: root });
  process.exitCode = finished.status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
