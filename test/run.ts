import { execa } from "execa";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { HardwayError } from "../harness/errors.ts";
import { ensurePackages } from "../harness/host/packages.ts";
import { everyLab, requirementsIn } from "../harness/host/requirements.ts";
import { project } from "../harness/paths.ts";
import { testRequirements } from "./requirements.ts";

interface Count {
  passed: number;
  failed: number;
}

const announce = (line: string): void => {
  console.log(line);
};

/** Runs a command in the project, its output shown as it comes. */
const run = (command: string, ...args: string[]) =>
  execa(command, args, {
    cwd: project,
    reject: false,
    stdin: "ignore",
    stdout: ["pipe", "inherit"],
    stderr: ["pipe", "inherit"],
  });

async function check(name: string): Promise<Count> {
  announce(`\n── npm run ${name}`);
  const { exitCode } = await run("npm", "run", "--silent", name);
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function unit(): Promise<Count> {
  announce("\n── unit tests");
  const { stdout, exitCode } = await run("npm", "run", "--silent", "unit");
  const count = (what: string) => Number(new RegExp(`(\\d+) ${what}`).exec(stdout)?.[1] ?? 0);
  const failed = count("failing");
  return { passed: count("passing"), failed: exitCode !== 0 && failed === 0 ? 1 : failed };
}

/** One whole run on the embedded lab; its specs count as tests, and so does its exit code. */
async function e2e(): Promise<Count> {
  announce("\n── npm run e2e -- --lab embedded --daemons stand-ins");
  const before = new Set(await runs());
  const { exitCode } = await run(
    process.execPath,
    "harness/start.mjs",
    ...["run", "--lab", "embedded", "--daemons", "stand-ins"],
  );
  const [made] = (await runs()).filter((name) => !before.has(name));
  const own = exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  if (made === undefined) return own;
  const file = join(project, "reports", made, "results.json");
  const text = await readFile(file, "utf8").catch(() => '{"specs":[]}');
  const { specs } = JSON.parse(text) as { specs: { status: string; optional?: true }[] };
  const asked = specs.filter(({ optional }) => optional !== true);
  const passed = asked.filter(({ status }) => status === "passed").length;
  return { passed: own.passed + passed, failed: own.failed + asked.length - passed };
}

const runs = (): Promise<string[]> => readdir(join(project, "reports")).catch(() => []);

try {
  const needed = [...everyLab, ...(await requirementsIn("testbed/requirements.yaml")), ...testRequirements];
  await ensurePackages(needed, announce, AbortSignal.timeout(15 * 60_000));
} catch (error) {
  console.error(error instanceof HardwayError ? error.explain() : error);
  process.exit(3);
}

announce(`Node ${process.version}`);
const total: Count = { passed: 0, failed: 0 };
for (const part of [
  () => check("types"),
  () => check("lint"),
  () => check("format"),
  () => check("unused"),
  unit,
  e2e,
]) {
  const { passed, failed } = await part();
  total.passed += passed;
  total.failed += failed;
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
