// Bundles the scripts under test and runs the tests on them: node's test runner needs no TypeScript of its own.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = mkdtempSync(join(tmpdir(), "komainu-ui-"));
/** What a test asks for by `process.env.NAME`. */
const scripts = {
  SAVER: ["saver"],
  QUEUE: ["report/queue"],
  MAP: ["map/data", "map/find", "map/history", "map/near", "map/scene"],
};
try {
  const env = { ...process.env };
  for (const [name, sources] of Object.entries(scripts)) {
    env[name] = join(out, `${name.toLowerCase()}.mjs`);
    buildSync({
      stdin: {
        contents: sources.map((source) => `export * from "./${source}";`).join("\n"),
        resolveDir: join(here, "../src"),
        loader: "ts",
      },
      bundle: true,
      format: "esm",
      outfile: env[name],
      logLevel: "warning",
    });
  }
  const tests = readdirSync(here).filter((name) => name.endsWith(".test.mjs"));
  const run = spawnSync(process.execPath, ["--test", ...tests.map((name) => join(here, name))], { stdio: "inherit", env });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(out, { recursive: true });
}
