import type { Cause } from "../../harness/report/results/cause.ts";
import type { Results } from "../../harness/report/results/schema.ts";
import type { Setting, SpecResult } from "../../harness/report/results/spec.ts";

export const setting: Setting = {
  file: "provision/worker/files/etc/kubernetes/kubelet.hbs",
  line: 9,
  name: "KUBELET_ARGS",
  value: 'KUBELET_ARGS="--cadvisor-port=4195"',
  machine: "worker1",
  path: "/etc/kubernetes/kubelet",
};

/** A spec that passed at its first look, but for what is said of it. */
export const aSpec = (title: string, changes: Partial<SpecResult> = {}): SpecResult => ({
  file: "specs/3-ports.spec.ts",
  title: ["ports", "worker1", title],
  machine: "worker1",
  status: "passed",
  looks: 1,
  elapsed: 3,
  waits: [],
  history: [],
  evidence: [],
  ...changes,
});

/** A spec that waited in vain for port 4194. */
export const aFailure = (title: string, changes: Partial<SpecResult> = {}): SpecResult =>
  aSpec(title, {
    status: "failed",
    link: "worker1/kubelet",
    looks: 41,
    elapsed: 60_200,
    waits: [{ looks: 41, elapsed: 60_200, budget: 60_000 }],
    history: [
      { at: 0, saw: "saw 22", count: 3 },
      { at: 4500, saw: "saw 22, 10250", count: 38 },
    ],
    lastSeen: "worker1 kubelet: expected tcp 4194 to be listening, saw 22, 10250",
    error: {
      message:
        "worker1 kubelet: expected tcp 4194 to be listening, saw 22, 10250 (41 looks in 60.2 s of 60 s)",
      details: ["unit kubelet active (running)"],
      hint: "npm run lab -- ssh worker1 -- sudo journalctl -u kubelet -n 50",
      settings: [setting, { file: "provision/worker/role.yaml", line: 21, name: "kubelet" }],
    },
    ...changes,
  });

export const aCause = (changes: Partial<Cause> = {}): Cause => ({
  link: "worker1/kubelet",
  machines: ["worker1", "worker2"],
  sentence: "worker1 and worker2: kubelet does not listen on 4194, as KUBELET_ARGS sets another port",
  message: "expected tcp 4194 to be listening, saw 22, 10250",
  since: "14:02:11",
  log: { machine: "worker1", unit: "kubelet", line: "cAdvisor listens on 4195" },
  also: [],
  sureness: "set by",
  candidates: [{ ...setting, evidence: ["4195 was seen"] }],
  files: [],
  look: "npm run lab -- ssh worker1 -- sudo journalctl -u kubelet -n 50",
  specs: [],
  symptoms: 0,
  ...changes,
});

/** What a run on three machines found; without changes, that the cluster works. */
export const someResults = (changes: Partial<Results> = {}): Results => ({
  version: 3,
  verdict: "works",
  exitCode: 0,
  causes: [],
  lab: {
    name: "embedded",
    file: "labs/embedded.yaml",
    summary: "emulated Debian machines",
    chosen: "no vmx or svm in /proc/cpuinfo",
    driver: "qemu, for there is no /dev/kvm",
  },
  run: {
    id: "2026-11-23T05-35-00-embedded-d51b97",
    label: "hardway-embedded-d51b97",
    startedAt: "2026-11-23T05:35:00.000Z",
    endedAt: "2026-11-23T05:38:05.000Z",
    replay: false,
    revision: 1,
  },
  templates: { folder: "provision", digest: "7f".repeat(32), changedSince: false },
  tools: { node: "20.20.2", vagrant: "2.3.4+git20221122" },
  stages: [
    { name: "up", status: "done", startedAt: "2026-11-23T05:35:03.000Z", ms: 41_000, summary: "3 machines" },
    {
      name: "judge",
      status: "done",
      startedAt: "2026-11-23T05:37:05.250Z",
      ms: 60_100,
      summary: "6 passed",
    },
  ],
  machines: ["master", "worker1", "worker2"].map((name, index) => ({
    name,
    role: name === "master" ? "master" : "worker",
    address: `10.146.47.${index === 0 ? 100 : 109 + index}`,
    system: { os: "Debian 12", kernel: "6.1.0" },
    parts: [
      {
        name: name === "master" ? "kube-apiserver" : "kubelet",
        kind: "stand-in",
        version: "1",
        origin: "ours",
      },
      { name: "etcd", kind: "real", version: "3.4.23", origin: "Debian" },
    ],
  })),
  images: [{ name: "redis", kind: "ours" }],
  specs: [
    aSpec("runs etcd", { file: "specs/2-services.spec.ts", title: ["services", "master", "runs etcd"] }),
    aSpec("runs kubelet", {
      file: "specs/2-services.spec.ts",
      title: ["services", "worker1", "runs kubelet"],
    }),
    aSpec("listens on tcp 22"),
    aSpec("listens on tcp 10250", { looks: 7, elapsed: 3200 }),
  ],
  facts: [],
  times: [],
  rounds: 1,
  screenshots: [],
  ...changes,
});

/** A run in which two specs failed for one cause, and a third was not judged because of it. */
export function brokenResults(): Results {
  const red = [aFailure("listens on tcp 4194"), aFailure("has tcp 4194 owned by kubelet")];
  const sentence = "worker1's kubelet does not listen on 4194";
  return someResults({
    verdict: "broken",
    exitCode: 1,
    causes: [aCause({ specs: red.map(({ title }) => title), symptoms: 1 })],
    specs: [
      ...someResults().specs,
      ...red,
      aSpec("answers with its metrics", {
        status: "not judged",
        looks: 0,
        elapsed: 0,
        because: { link: "worker1/kubelet", sentence },
      }),
    ],
  });
}

/** A lab judged three times, in which one spec did not pass every time. */
export const unsteadyResults = (): Results =>
  someResults({
    verdict: "unsteady",
    exitCode: 1,
    rounds: 3,
    specs: [
      ...someResults().specs,
      aFailure("listens on tcp 4194", {
        status: "unsteady",
        rounds: [
          { status: "passed", looks: 3, elapsed: 1500 },
          { status: "failed", looks: 41, elapsed: 60_200, saw: "saw 22, 10250" },
          { status: "passed", looks: 1, elapsed: 2 },
        ],
      }),
    ],
  });

/** A run that was stopped before any spec was judged. */
export const stoppedResults = (): Results =>
  someResults({
    verdict: "not judged",
    exitCode: 3,
    trouble: {
      kind: "LabNotBuilt",
      message: "worker1: expected an answer over SSH, saw none for 300 s",
      details: ["its console ends with: Kernel panic - not syncing"],
      hint: "npm run lab -- doctor",
    },
    stages: someResults().stages.slice(0, 1),
    machines: someResults().machines.map(({ name, role, address }) => ({ name, role, address, parts: [] })),
    specs: [],
  });

/** What a machine may say to break a report: markup, orders to a terminal, what no XML may carry. */
const hostile = [
  `]]></failure><script>alert("1")</script>&amp;&lt; <!-- --> <![CDATA[`,
  "\u001B[31mred\u001B[0m \u001B]0;title\u0007 \u0000\u0001\u0008\u000B\u001F\u007F\u0085\u009B31m",
  "lone \uD800 and \uDC00, whole 😀, \uFFFE \uFFFF \uFDD0 \u{1FFFE}, turned \u202Egnp.exe\u2066, www.example.com, a@example.com",
  "| a | b |\n|---|---|\n# heading\r\n```\r~~~\n- [x] @someone #1 [text](javascript:alert(1)) ![](http://x/y.png)",
  "</td></tr></table></code></pre></details> <img src=x onerror=alert(1)> `code` **bold** \\| $(x) 100%",
  "::error file=a,line=1::injected\n::stop-commands::x\n##[error]x %0A%25",
].join("\n");

/** A run that failed with hostile text wherever text from a machine can get to. */
export function hostileResults(): Results {
  const spec = aFailure(hostile, {
    title: [hostile, hostile],
    lastSeen: hostile,
    history: [{ at: 0, saw: hostile, count: 2 }],
    error: {
      message: hostile,
      details: [hostile],
      hint: hostile,
      settings: [{ ...setting, name: hostile, value: hostile }],
    },
    rounds: [{ status: "failed", looks: 1, elapsed: 1, saw: hostile }],
  });
  const open = aSpec("open", { status: "not judged", because: { link: hostile, sentence: hostile } });
  return someResults({
    ...brokenResults(),
    causes: [
      aCause({
        sentence: hostile,
        message: hostile,
        since: hostile,
        log: { machine: hostile, unit: hostile, line: hostile },
        candidates: [
          { ...setting, file: `provision/a,b:c%\n${hostile}`, name: hostile, evidence: [hostile] },
        ],
        look: hostile,
        specs: [spec.title],
      }),
    ],
    trouble: { kind: hostile, message: hostile, details: [hostile], hint: hostile },
    lab: { ...someResults().lab, name: hostile, chosen: hostile, summary: hostile },
    tools: { [hostile]: hostile },
    images: [{ name: hostile, kind: "ours" }],
    stages: [
      { name: hostile, status: "failed", startedAt: "2026-11-23T05:35:03.000Z", ms: 1, summary: hostile },
    ],
    times: [
      { what: hostile, kind: "stage", ms: 1, median: 2, runs: 3, change: "slower" },
      { what: hostile, kind: "convergence", ms: 1, median: 2, runs: 3, change: "slower" },
    ],
    machines: someResults().machines.map((machine) => ({
      ...machine,
      parts: [{ name: hostile, kind: "stand-in", version: "1", origin: "ours" }],
    })),
    provision: {
      machines: {},
      changed: 0,
      failures: [
        { machine: hostile, message: hostile, details: [hostile], hint: hostile, unreached: [hostile] },
      ],
    },
    specs: [...someResults().specs, spec, open],
  });
}
