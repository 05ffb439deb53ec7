// Bundles the scripts under test and runs the tests on them: node's test runner needs no TypeScript of its own.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = mkdtempSync(join(tmpdir(), "komainu-ui-"));
try {
  buildSync({
    entryPoints: [join(here, "../src/saver.ts")],
    bundle: true,
    format: "esm",
    outfile: join(out, "saver.mjs"),
    logLevel: "warning",
  });
  const run = spawnSync(process.execPath, ["--test", join(here, "saver.test.mjs")], {
    stdio: "inherit",
    env: { ...process.env, SAVER: join(out, "saver.mjs") },
  });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(out, { recursive: true });
}
