import { expect } from "chai";
import { execa } from "execa";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { project } from "../../harness/paths.ts";

interface Step {
  uses?: string;
  run?: string;
  env?: Record<string, string>;
}
interface Workflow {
  jobs: Record<string, { steps: Step[] }>;
}

const folder = join(project, ".github", "workflows");
const files = await readdir(folder);
const workflow = async (file: string) => parse(await readFile(join(folder, file), "utf8")) as Workflow;

describe("the workflows", () => {
  for (const file of files) {
    it(`take actions by commit only: ${file}`, async () => {
      const steps = Object.values((await workflow(file)).jobs).flatMap((job) => job.steps);
      for (const { uses } of steps) if (uses !== undefined) expect(uses).to.match(/@[0-9a-f]{40}$/);
    });

    it(`say which daemons they mean: ${file}`, async () => {
      const steps = Object.values((await workflow(file)).jobs).flatMap((job) => job.steps);
      const embedded = steps.flatMap(({ run = "" }) => (run.includes("--lab embedded") ? [run] : []));
      for (const run of embedded) expect(run).to.include("--daemons upstream");
    });
  }

  it("end a night that cannot run with what is missing", async () => {
    const [step] = (await workflow("nightly.yml")).jobs["may-run"]?.steps ?? [];
    const ended = (env: Record<string, string>) =>
      execa("bash", ["-e", "-c", step?.run ?? ""], {
        reject: false,
        env: { GITHUB_STEP_SUMMARY: "/dev/null", OWNER: "us", REF: "refs/heads/main", ...env },
      });
    expect((await ended({ LAB_OWNER: "us" })).exitCode).to.equal(0);
    const unset = await ended({ LAB_OWNER: "" });
    expect(unset.exitCode).to.equal(1);
    expect(unset.stdout).to.include("LAB_OWNER is not set");
    expect((await ended({ LAB_OWNER: "them" })).exitCode).to.equal(1);
    expect((await ended({ LAB_OWNER: "us", REF: "refs/heads/other" })).exitCode).to.equal(1);
  });
});
