import { expect } from "chai";
import { execa } from "execa";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publishToGithub } from "../../harness/report/github.ts";
import { annotations } from "../../harness/report/github/annotations.ts";
import { githubSummary } from "../../harness/report/github/summary.ts";
import type { Results } from "../../harness/report/results/schema.ts";
import {
  aCause,
  aFailure,
  aSpec,
  brokenResults,
  hostileResults,
  setting,
  someResults,
  stoppedResults,
  unsteadyResults,
} from "./some-results.ts";

/** A summary as GitHub's own Markdown makes HTML of it, with all HTML in it let through. */
async function shown(results: Results, previous?: Results): Promise<string> {
  const extensions = ["table", "autolink", "strikethrough", "tasklist"].flatMap((name) => ["-e", name]);
  const { stdout } = await execa("cmark-gfm", ["--unsafe", ...extensions], {
    input: githubSummary(results, previous),
  });
  return stdout;
}

const tags = (html: string): string[] =>
  [...new Set([...html.matchAll(/<([^\s/>]+)/g)].map(([, name]) => name ?? ""))].sort();

/** The rows of a page's tables, as their cells' text. */
const rows = (html: string): string[][] =>
  html
    .split("<tr>")
    .slice(1)
    .map((row) => [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell ?? ""));

describe("the summary for GitHub", () => {
  it("says the verdict first, then what caused it, with its setting", async () => {
    const html = await shown(brokenResults());
    expect(html).to.match(
      /^<h2>❌ the cluster is broken: 7 specs on 3 machines of embedded<\/h2>\n<p><strong>Cause: /,
    );
    expect(html).to.include("<li>2 specs failed for it, 1 more not judged; since 14:02:11</li>");
    expect(html).to.include("<li>worker1 kubelet: <code>cAdvisor listens on 4195</code></li>");
    expect(html).to.include(
      "<li>set by <code>provision/worker/files/etc/kubernetes/kubelet.hbs:9</code> KUBELET_ARGS: <code>KUBELET_ARGS=&quot;--cadvisor-port=4195&quot;</code></li>",
    );
  });

  it("counts the specs of each file, and lists those that did not pass, with why", async () => {
    const cells = rows(await shown(brokenResults()));
    expect(cells).to.deep.include(["<code>specs/2-services.spec.ts</code>", "2", "", "", "", "0.0 s"]);
    expect(cells).to.deep.include(["<code>specs/3-ports.spec.ts</code>", "2", "2", "", "1", "123.6 s"]);
    expect(cells.find(([first]) => first === "ports › worker1 › listens on tcp 4194")?.[1]).to.match(
      /^worker1 kubelet: expected tcp 4194/,
    );
    expect(cells).to.deep.include([
      "ports › worker1 › answers with its metrics",
      "worker1's kubelet does not listen on 4194",
    ]);
  });

  it("lists what is unsteady with each judging", async () => {
    const html = await shown(unsteadyResults());
    expect(html).to.include("⚠️ the cluster is unsteady");
    expect(rows(html).flat().join("\n")).to.include("passed, failed, passed: worker1 kubelet: expected");
  });

  it("says what stopped a run, and that nobody knows of stand-ins", async () => {
    const html = await shown(stoppedResults());
    expect(html).to.include("<strong>LabNotBuilt</strong>: worker1: expected an answer over SSH");
    expect(html).to.include("<code>its console ends with: Kernel panic - not syncing</code>");
    expect(html).to.include("No machine was observed");
  });

  it("names stand-ins, and says where there are none", async () => {
    expect(await shown(someResults())).to.include(
      "<strong>Stand-ins</strong>, programs of ours in the place of real ones: kube-apiserver, kubelet. Images of ours: redis.",
    );
    const machines = someResults().machines.map((machine) => ({ ...machine, parts: [] }));
    expect(await shown(someResults({ machines, images: [] }))).to.include("No stand-ins: every program");
  });

  it("compares times with the last run's and the usual ones", async () => {
    const previous = someResults({
      stages: someResults().stages.map((stage) => ({ ...stage, ms: stage.ms - 2000 })),
    });
    const results = someResults({
      times: [
        { what: "up", kind: "stage", ms: 41_000, median: 30_000, runs: 5, change: "slower" },
        { what: "judge", kind: "stage", ms: 60_100, runs: 1, change: "new" },
        { what: "worker1/node", kind: "convergence", ms: 9000, median: 4000, runs: 5, change: "slower" },
        { what: "worker2/node", kind: "convergence", ms: 4000, median: 4000, runs: 5, change: "usual" },
      ],
    });
    const cells = rows(await shown(results, previous));
    expect(cells).to.deep.include([
      "up",
      "41.0 s",
      "39.0 s (+2.0 s)",
      "30.0 s, of 5 runs: <strong>slower</strong>",
    ]);
    expect(cells).to.deep.include(["judge", "60.1 s", "58.1 s (+2.0 s)", ""]);
    expect(cells).to.deep.include(["worker1/node", "9.0 s", "4.0 s, of 5 runs: <strong>slower</strong>"]);
    expect(cells.flat()).to.not.include("worker2/node");
  });

  it("lets no hostile text make tags, links, headings or cells of its own", async () => {
    const html = await shown(hostileResults());
    const known = tags(await shown({ ...brokenResults(), times: hostileResults().times }));
    expect(tags(html)).to.have.members([...new Set([...known, "code", "!--"])]);
    expect(html.match(/<h\d/g)).to.deep.equal(["<h2", "<h3", "<h3"]);
    // A cell too many would be dropped, and the rest of its text with it.
    const whole = rows(html).filter((row) =>
      row.some((cell) => cell.includes("| a | b | |---|---| # heading")),
    );
    expect(whole).to.have.lengthOf(2);
    expect(html).to.include("&lt;img src=x onerror=alert(1)&gt; `code` **bold** \\| $(x) 100%");
  });

  it("stays within what GitHub takes, and says that it left something out", () => {
    const many = Array.from({ length: 3000 }, (_, index) =>
      aFailure(`spec ${index} ${"<>&|".repeat(200)}`, {
        status: (["failed", "unsteady", "not judged"] as const)[index % 3] ?? "failed",
        error: { message: "*|<>😀".repeat(400), details: [], settings: [] },
      }),
    );
    const causes = many
      .slice(0, 300)
      .map(({ title }) => aCause({ sentence: "<".repeat(5000), specs: [title] }));
    const summary = githubSummary(someResults({ specs: many, causes }));
    expect(Buffer.byteLength(summary)).to.be.below(1024 * 1024);
    expect(summary).to.match(/\*Not all of it fits in here: the rest is in the report\.\*\n$/);
    expect(githubSummary(brokenResults())).to.not.include("Not all of it fits");
  });
});

describe("annotations for GitHub", () => {
  it("are one for each cause, at the template's line", () => {
    expect(annotations(brokenResults())).to.deep.equal([
      "::error file=provision/worker/files/etc/kubernetes/kubelet.hbs,line=9,title=worker1/kubelet%3A KUBELET_ARGS::" +
        "worker1 and worker2: kubelet does not listen on 4194, as KUBELET_ARGS sets another port%0Asince 14:02:11%0A" +
        "worker1 kubelet: cAdvisor listens on 4195%0Anpm run lab -- ssh worker1 -- sudo journalctl -u kubelet -n 50",
    ]);
  });

  it("are none for a run that works", () => {
    expect(annotations(someResults())).to.deep.equal([]);
  });

  it("are a warning for what is unsteady, once", () => {
    const expected = /^::warning file=provision\/worker\/files\/etc\/kubernetes\/kubelet\.hbs,line=9,title=/;
    const [warning, ...others] = annotations(unsteadyResults());
    expect(warning)
      .to.match(expected)
      .and.include("unsteady%3A ports › worker1 › listens on tcp 4194::passed, failed");
    expect(others).to.deep.equal([]);
    const specs = unsteadyResults().specs;
    const causes = [aCause({ specs: [specs.at(-1)?.title ?? []] })];
    const [caused, ...rest] = annotations(someResults({ specs, causes }));
    expect(caused).to.match(expected).and.include("title=worker1/kubelet");
    expect(rest).to.deep.equal([]);
  });

  it("are an error without a place for what stopped a run", () => {
    expect(annotations(stoppedResults())[0]).to.match(
      /^::error title=embedded%3A LabNotBuilt::worker1: expected an answer over SSH, saw none for 300 s%0Aits console/,
    );
  });

  it("escape what would end them or begin another", () => {
    const causes = [
      aCause({
        sentence: "100%\r\n::error::x, y: z %0A",
        candidates: [{ ...setting, file: "a,b:c%.hbs\nx", evidence: [] }],
        link: "l,i:n",
      }),
    ];
    const [line = ""] = annotations(someResults({ causes }));
    expect(line).to.match(/^::error file=a%2Cb%3Ac%25\.hbs%0Ax,line=9,title=l%2Ci%3An%3A KUBELET_ARGS::/);
    expect(line).to.include("::100%25%0A::error::x, y: z %250A%0Asince");
    for (const one of annotations(hostileResults())) expect(one).to.match(/^::(error|warning) [^\n\r]*$/u);
  });
});

describe("publishing to GitHub", () => {
  let folder: string;
  let printed: string[];
  const out = (line: string) => {
    printed.push(line);
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-github-"));
    printed = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("adds the summary to the step's and prints annotations, in a job", async () => {
    const file = join(folder, "summary");
    await writeFile(file, "before");
    await publishToGithub(brokenResults(), { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: file }, out);
    expect(await readFile(file, "utf8")).to.match(/^before\n## ❌ the cluster is broken/);
    expect(printed).to.deep.equal(annotations(brokenResults()));
  });

  it("does nothing outside of one", async () => {
    await publishToGithub(brokenResults(), { GITHUB_STEP_SUMMARY: "", GITHUB_ACTIONS: "false" }, out);
    await publishToGithub(brokenResults(), {}, out);
    expect(printed).to.deep.equal([]);
  });

  it("leaves a summary alone that has no room left", async () => {
    const file = join(folder, "summary");
    await writeFile(file, "x".repeat(1024 * 1024 - 200));
    const specs = Array.from({ length: 50 }, (_, index) => aSpec(`spec ${index}`, { status: "failed" }));
    await publishToGithub(someResults({ specs }), { GITHUB_STEP_SUMMARY: file }, out);
    expect(Buffer.byteLength(await readFile(file))).to.be.at.most(1024 * 1024);
  });

  it("tells of a summary that cannot be written, and goes on", async () => {
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(folder, "none", "summary") };
    await publishToGithub(brokenResults(), env, out);
    expect(printed[0]).to.match(/^the summary for GitHub could not be written: .*ENOENT/);
    expect(printed[1]).to.match(/^::error file=/);
  });
});
