import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at("."),
  publicDir: false,
  build: {
    outDir: at("./src/minamo/kernel/ui/static/dist"),
    emptyOutDir: true,
    // Not in a dot folder: collectstatic leaves those out.
    manifest: "manifest.json",
    // The content policy has no data: for scripts and fonts, and inlined files cannot be cached.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    rollupOptions: {
      // htmx holds an eval that our configuration (allowEval: false) and the content policy forbid.
      checks: { eval: false },
      input: [
        at("./frontend/entrypoints/citizen.ts"),
        at("./frontend/entrypoints/staff.ts"),
        at("./frontend/styles/citizen.css"),
        at("./frontend/styles/staff.css"),
      ],
    },
  },
});
