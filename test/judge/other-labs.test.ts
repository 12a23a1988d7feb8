import { expect } from "chai";
import type { Lab } from "../../harness/lab/lab.ts";
import { defaultPorts, type Ports } from "../../harness/lab/ports.ts";
import { asJudged } from "./again.ts";
import { kept, type KeptRun } from "../recordings/recording.ts";

/** mocha's own modules are not the specs': see specs.test.ts. */
const replaying = () => import("../../harness/judge/replay.ts");

const ports: Ports = {
  etcd: { client: 14001, peer: 14002 },
  apiserver: { insecure: 18080, secure: 18443 },
  kubelet: { secure: 20250, readOnly: 20255, cadvisor: 14194, health: 20248 },
  vxlan: 14789,
  nodePorts: defaultPorts.nodePorts,
};
const names: Record<string, string> = { master: "roost", worker1: "kestrel", worker2: "osprey" };

/** Each number of one set of ports beside the same one's of another. */
const pairs = (one: object, other: object): [number, number][] =>
  Object.entries(one).flatMap(([key, value]: [string, unknown]) => {
    const counterpart: unknown = (other as Record<string, unknown>)[key];
    return typeof value === "number"
      ? [[value, Number(counterpart)] as [number, number]]
      : pairs(value as object, counterpart as object);
  });

/** A text of the embedded lab, as it would be where names, network, interface, VNI and ports are others. */
function retold(text: string): string {
  let told = text
    .replaceAll("10.146.47.", "172.23.5.")
    .replaceAll("worker1", names["worker1"] ?? "")
    .replaceAll("worker2", names["worker2"] ?? "")
    .replaceAll("eth1", "lab0")
    .replaceAll("flannel.1", "flannel.2")
    .replaceAll("vxlan id 1 ", "vxlan id 2 ")
    .replace(/VNI(\W+)1\b/g, 'VNI$12, \\\\\\"Port\\\\\\": 14789');
  for (const [port, other] of pairs(defaultPorts, ports)) {
    if (port !== other) told = told.replace(new RegExp(`(?<=[:]|dstport )${port}\\b`, "g"), String(other));
  }
  return told;
}

/** The kept run as another lab's, down to its last byte. */
function retoldRun({ lab, failures, files, observations }: KeptRun): KeptRun {
  const renamed = <T extends { name: string }>(machine: T): T => ({
    ...machine,
    name: names[machine.name] ?? machine.name,
  });
  const other = JSON.parse(retold(JSON.stringify(lab))) as Lab;
  return {
    failures,
    files: files.map((file) => ({ ...file, machine: names[file.machine] ?? file.machine })),
    lab: {
      ...other,
      ports,
      flannel: { ...other.flannel, vni: 2 },
      master: renamed(other.master),
      machines: other.machines.map(renamed),
    },
    observations: observations.map((seen) => {
      const told = JSON.parse(retold(JSON.stringify(seen))) as typeof seen;
      const args = told.args.map((arg) => names[arg] ?? arg);
      return { ...told, args, machine: names[told.machine] ?? told.machine };
    }),
  };
}

async function judged(run: KeptRun) {
  const { replay } = await replaying();
  return replay(run.lab, run.observations, {
    signal: new AbortController().signal,
    ...(await asJudged(run)),
  });
}

describe("a lab with other ports, VNI, interface, names and network", () => {
  it("works where its machines are as its file says", async () => {
    const { verdict, specs } = await judged(retoldRun(await kept("healthy")));
    const others = specs.filter(({ status }) => status !== "passed");
    expect(others.map(({ title, error }) => [title, error])).to.deep.equal([]);
    expect(verdict).to.equal("works");
    const titles = specs.map(({ title }) => title.join(" "));
    expect(titles).to.include("flannel kestrel has flannel.2 up");
    expect(titles).to.include("ports roost listens on tcp 18080 for kube-apiserver, on every address");
  });

  for (const [what, change] of Object.entries<(lab: Lab) => Lab>({
    "VNI of flannel's": (lab) => ({ ...lab, flannel: { ...lab.flannel, vni: 3 } }),
    "kubelet's port": (lab) => ({
      ...lab,
      ports: { ...ports, kubelet: { ...ports.kubelet, secure: 10250 } },
    }),
    "interface of the lab's": (lab) => ({ ...lab, flannel: { ...lab.flannel, interface: "eth1" } }),
    "range of services": (lab) => ({ ...lab, services: "10.253.0.0/16" }),
    "range of NodePorts": (lab) => ({ ...lab, ports: { ...ports, nodePorts: { first: 20, last: 21 } } }),
    "count of frontends": (lab) => ({ ...lab, guestbook: { redisSlaves: 2, frontends: 4 } }),
  })) {
    it(`is broken where its machines have another ${what}`, async () => {
      const run = retoldRun(await kept("healthy"));
      expect((await judged({ ...run, lab: change(run.lab) })).verdict).to.equal("broken");
    });
  }
});
