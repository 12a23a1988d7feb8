import type { Results } from "../../harness/report/results/schema.ts";
import type { Setting, SpecResult } from "../../harness/report/results/spec.ts";
import { factsOf } from "./machines.ts";
import { green } from "./samples.ts";

const setting: Setting = {
  file: "provision/worker/files/etc/kubernetes/kubelet.hbs",
  line: 14,
  name: "KUBELET_API_SERVER",
  value: 'KUBELET_API_SERVER="--api-server=http://10.146.47.100:8080"',
  machine: "worker1",
  path: "/etc/kubernetes/kubelet",
};
const look = "npm run lab -- ssh worker1 -- sudo journalctl -u kubelet -n 50";
const sentence = "worker1's kubelet does not start: unknown flag --api-server";

const isKubelets = ({ machine, title }: SpecResult): boolean =>
  machine === "worker1" &&
  /listens on tcp \d+ for kubelet|runs kubelet|still runs the kubelet/.test(title.at(-1) ?? "");

const isBehind = ({ machine, title, file }: SpecResult): boolean =>
  (machine === "worker1" && /owned by kubelet|the node worker1|knows worker1/.test(title.at(-1) ?? "")) ||
  file.includes("8-guestbook");

function failed(spec: SpecResult): SpecResult {
  const port = /tcp (\d+)/.exec(spec.title.at(-1) ?? "")?.[1];
  const [expected, saw] =
    port === undefined
      ? ["active (running)", "failed (failed)"]
      : [`tcp ${port} to be listening`, "22, 10249, 8472"];
  const message = `worker1 kubelet: expected ${expected}, saw ${saw}`;
  return {
    ...spec,
    status: "failed",
    looks: 41,
    elapsed: 60_200,
    waits: [{ looks: 41, elapsed: 60_200, budget: 60_000 }],
    history: [
      { at: 0, saw: "worker1 kubelet: expected active (running), saw activating (start)", count: 4 },
      { at: 5200, saw: message, count: 37 },
    ],
    lastSeen: message,
    evidence: [...factsOf("worker1", "listeners"), ...factsOf("worker1", "journal").slice(-1)],
    error: {
      message: `${message} (41 looks in 60.2 s of 60 s)`,
      details: [
        "unit kubelet failed 14:02:11 (failed, exit-code, 1)",
        'log      "unknown flag: --api-server"',
        "set by   provision/worker/files/etc/kubernetes/kubelet.hbs:14  KUBELET_API_SERVER",
      ],
      hint: look,
      settings: [setting],
    },
  };
}

const unjudged = (spec: SpecResult): SpecResult => ({
  ...spec,
  status: "not judged",
  looks: 0,
  elapsed: 0,
  evidence: [],
  because: { link: "worker1/kubelet", spec: ["services", "worker1", "runs kubelet"], sentence },
});

const specs = green.specs.map((spec) =>
  isKubelets(spec) ? failed(spec) : isBehind(spec) ? unjudged(spec) : spec,
);

/** One mistyped flag on one worker. */
export const red: Results = {
  ...green,
  verdict: "broken",
  exitCode: 1,
  causes: [
    {
      link: "worker1/kubelet",
      machines: ["worker1"],
      sentence,
      message: "worker1 kubelet: expected active (running), saw failed (exit-code, 1)",
      since: "14:02:11, 3 s after it was started",
      log: { machine: "worker1", unit: "kubelet", line: "unknown flag: --api-server" },
      also: [],
      sureness: "one of",
      candidates: [
        { ...setting, evidence: ['worker1 kubelet says "unknown flag: --api-server"'] },
        {
          file: "provision/worker/files/etc/kubernetes/kubelet.hbs",
          line: 20,
          name: "KUBELET_ARGS",
          value: 'KUBELET_ARGS=""',
          machine: "worker1",
          path: "/etc/kubernetes/kubelet",
          evidence: [],
        },
        { file: "provision/worker/role.yaml", line: 31, name: "kubelet", evidence: [] },
      ],
      files: [],
      look,
      specs: specs.filter(({ status }) => status === "failed").map(({ title }) => title),
      symptoms: specs.filter(({ status }) => status === "not judged").length,
    },
  ],
  provision: {
    machines: green.provision?.machines ?? {},
    changed: 9,
    failures: [
      {
        machine: "worker1",
        message: "expected the unit kubelet to be active, saw failed",
        details: ['log      "unknown flag: --api-server"'],
        hint: look,
        unit: "kubelet",
        unreached: ["kube-proxy"],
      },
    ],
  },
  stages: green.stages.map((stage) =>
    stage.name === "judge" ? { ...stage, status: "failed", summary: "specs failed" } : stage,
  ),
  specs,
  picture: green.picture && {
    ...green.picture,
    machines: green.picture.machines.map((machine) => {
      if (machine.name !== "worker1") return machine;
      return { ...machine, node: "no such node" };
    }),
    reach: green.picture.reach.map((one) =>
      one.by === "NodePort" && one.to === "worker1"
        ? { ...one, reached: false, saw: "connection refused" }
        : one.by === "container" && one.from === "worker1"
          ? { ...one, reached: false, saw: "no answer within 5 s" }
          : one,
    ),
  },
  screenshots: [],
};
