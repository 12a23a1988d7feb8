import { expect } from "chai";
import { execa } from "execa";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { project } from "../../harness/paths.ts";

interface Night {
  id: number;
  conclusion: string;
  head_sha: string;
  run_started_at: string;
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const commit = (digit: string) => digit.repeat(40);
const night = (id: number, conclusion: string, digit: string, hours: number): Night => ({
  id,
  conclusion,
  head_sha: commit(digit),
  run_started_at: hoursAgo(hours),
});

describe("the nightly", () => {
  let server: Server;
  let nights: Night[];
  /** The nights that ended before the cluster was judged. */
  let unjudged: Set<number>;

  beforeEach(async () => {
    nights = [];
    unjudged = new Set();
    server = createServer((request, response) => {
      const url = request.url ?? "";
      const run = /\/repos\/us\/lab\/actions\/runs\/(\d+)\/jobs$/.exec(url)?.[1];
      const answer = url.startsWith("/repos/us/lab/actions/workflows/nightly.yml/runs?")
        ? { workflow_runs: nights }
        : run !== undefined
          ? { jobs: unjudged.has(Number(run)) ? [] : [{ name: "centos7", conclusion: "failure" }] }
          : url === `/repos/us/lab/compare/${commit("a")}...${commit("b")}`
            ? { total_commits: 7 }
            : undefined;
      response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => server.close());

  const ask = (verb: string) =>
    execa(process.execPath, [join(project, ".ci", "nightly.mjs"), verb], {
      reject: false,
      env: {
        GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        GITHUB_SERVER_URL: "https://github.com",
        GITHUB_REPOSITORY: "us/lab",
        GITHUB_SHA: commit("c"),
        GITHUB_TOKEN: "none",
        GITHUB_STEP_SUMMARY: undefined,
      },
      extendEnv: false,
    });

  it("tells since which commit it is red, and what came between", async () => {
    nights = [
      night(4, "failure", "d", 24),
      night(3, "failure", "b", 48),
      night(2, "cancelled", "b", 50),
      night(1, "success", "a", 72),
    ];
    const { stdout, exitCode } = await ask("red-since");
    expect(exitCode).to.equal(0);
    expect(stdout).to.include(`red since ${commit("b").slice(0, 12)}`);
    expect(stdout).to.include(`7 commits between: https://github.com/us/lab/compare/${commit("a")}...`);
  });

  it("is red since the present commit where the night before was green", async () => {
    nights = [night(1, "success", "c", 24)];
    expect((await ask("red-since")).stdout).to.match(/red since c{12}.*the same commit, so look at the host/);
  });

  it("is told to be on time where the last two days have a judged night, red or green", async () => {
    nights = [night(1, "failure", "a", 30)];
    const { stdout, exitCode } = await ask("late");
    expect(stdout).to.include("judged 30 hours ago");
    expect(exitCode).to.equal(0);
  });

  it("is late where the last one is older, or ended before anything was judged", async () => {
    nights = [night(2, "failure", "b", 3), night(1, "success", "a", 49)];
    unjudged.add(2);
    const { stdout, exitCode } = await ask("late");
    expect(stdout).to.include("::error").and.to.include("saw none");
    expect(exitCode).to.equal(1);
  });
});
