import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Asked } from "../../harness/facts/fact.ts";
import { completeLab } from "../../harness/lab/complete.ts";
import type { Lab } from "../../harness/lab/lab.ts";
import { loadLab } from "../../harness/lab/load.ts";
import type { SpecResult } from "../../harness/judge/result.ts";
import { ownTemplates, project } from "../../harness/paths.ts";
import { settingsOf } from "../../harness/settings/read.ts";
import { asJudged } from "./again.ts";
import { edited } from "../lab/edited.ts";
import { guestbookAnswers } from "./guestbook.ts";
import { but, kubernetesEndpoints, master, worker } from "./healthy.ts";
import { sentences } from "./judged.ts";
import { patience } from "./patience.ts";
import { recorded, textOf, type Answers } from "./recorded.ts";

/** mocha's own modules are not the specs': see judged.ts. */
const judging = () => import("../../harness/judge/judge.ts");

const added = [3, 4, 5, 6, 7].map(
  (nth) => `  - { name: worker${nth}, role: worker, address: 10.146.47.11${nth - 1}, memory: 1024 }\n`,
);
const last = "  - { name: worker2, role: worker, address: 10.146.47.111, memory: 1536, cpus: 1 }\n";

async function sevenWorkers(): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), "hardway-lab-"));
  try {
    await writeFile(join(folder, "lab.yaml"), await edited("embedded", [[last, last + added.join("")]]));
    const prepared = { folder: "/published", fingerprints: { testbed: "A".repeat(40) } };
    return completeLab(await loadLab(join(folder, "lab.yaml")), prepared, "http://10.146.47.1:8180");
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What worker1 of a healthy lab answers, said by another: its address and subnet are its own. */
function workerOf(lab: Lab, nth: number): Answers {
  const [one, machine] = [lab.workers[0] ?? lab.master, lab.workers[nth] ?? lab.master];
  const told = (text: string): string =>
    text
      .replaceAll(one.address, machine.address)
      .replaceAll("10.241.15.", `10.241.${15 + nth}.`)
      .replaceAll("52:7b:d1:0f:41:b2", `52:7b:d1:0f:41:0${nth}`);
  return Object.fromEntries(
    Object.entries(worker(one)).map(([fact, answer]) => [
      fact,
      typeof answer === "string"
        ? told(answer)
        : typeof answer === "function"
          ? (asked: Asked) => {
              const said = answer(asked);
              return typeof said === "string" ? told(said) : said;
            }
          : answer,
    ]),
  );
}

/** A list's item for each worker, made from the first one's. */
function listed(answers: Answers, fact: string, lab: Lab): string {
  const { items } = JSON.parse(textOf(answers, fact).replace(/\n200$/, "")) as { items: object[] };
  const all = lab.workers.map(({ name, address }) =>
    JSON.stringify(items[0]).replaceAll("worker1", name).replaceAll("10.146.47.110", address),
  );
  return `{"items":[${all.join(",")}]}\n200`;
}

function leases(lab: Lab): string {
  const nodes = lab.workers.map(({ address }, nth) => ({
    key: `/atomic.io/network/subnets/10.241.${15 + nth}.0-24`,
    value: `{"PublicIP":"${address}","BackendType":"vxlan","BackendData":{"VtepMAC":"52:7b:d1:0f:41:0${nth}"}}`,
    ttl: 86390,
  }));
  const config = '{"Network":"10.241.0.0/16","SubnetLen":24,"Backend":{"Type":"vxlan","VNI":1}}';
  nodes.push({ key: "/atomic.io/network/config", value: config, ttl: 0 });
  return `${JSON.stringify({ node: { dir: true, nodes } })}\n200`;
}

/** Pods as the scheduler spreads them: frontends over all workers, the rest beside them. */
function podsOn(workers: string[]): string {
  const labels = [
    ["redis-master", { app: "redis", role: "master", tier: "backend" }, 1],
    ["redis-slave", { app: "redis", role: "slave", tier: "backend" }, 2],
    ["frontend", { app: "guestbook", tier: "frontend" }, 7],
  ] as const;
  const items = labels.flatMap(([name, own, count]) =>
    Array.from({ length: count }, (_, nth) => ({
      metadata: { name: `${name}-${nth}`, labels: own },
      spec: { nodeName: workers[nth % workers.length] },
      status: {
        phase: "Running",
        podIP: `10.241.${15 + (nth % workers.length)}.${name === "frontend" ? 5 : 6}`,
        conditions: [{ type: "Ready", status: "True" }],
        containerStatuses: [{ restartCount: 0, state: { running: {} } }],
      },
    })),
  );
  return `${JSON.stringify({ items })}\n200`;
}

/** What leads to the API server, and to each deployment's pods. */
function endpointsOf(pods: string): string {
  const { items } = JSON.parse(pods.replace(/\n200$/, "")) as {
    items: { metadata: { name: string }; status: { podIP: string } }[];
  };
  const own = Object.entries({ "redis-master": 6379, "redis-slave": 6379, frontend: 80 }).map(
    ([name, port]) => {
      const addresses = items
        .filter(({ metadata }) => metadata.name.startsWith(name))
        .map(({ status }) => ({ ip: status.podIP }));
      return { metadata: { name }, subsets: [{ addresses, ports: [{ port }] }] };
    },
  );
  return `${JSON.stringify({ items: [kubernetesEndpoints, ...own] })}\n200`;
}

async function judged(file: string, lab: Lab, used: string[]): Promise<SpecResult[]> {
  const guestbook = guestbookAnswers();
  const onMaster = but(master(lab.master), {
    "etcd tree": leases(lab),
    nodes: listed(master(lab.master), "nodes", lab),
    ...guestbook.master,
    endpoints: endpointsOf(podsOn(used)),
    pods: (asked) => {
      const text = (guestbook.master["pods"] as (one: typeof asked) => string)(asked);
      return text.includes("Running") ? podsOn(used) : text;
    },
  });
  const observers = [
    recorded(lab.master, onMaster),
    ...lab.workers.map((machine, nth) => recorded(machine, but(workerOf(lab, nth), guestbook.worker))),
  ];
  const results: SpecResult[] = [];
  const { judgeObserved } = await judging();
  await judgeObserved(
    lab,
    observers,
    {
      signal: new AbortController().signal,
      onSpec: (result) => results.push(result),
      known: (await asJudged({ lab, failures: [], files: [] })).known,
    },
    { clock: patience(), specs: specsOf(file) },
  );
  return results;
}

/** The guestbook's are two files. */
const specsOf = (file: string): string[] =>
  (file === "8-guestbook" ? [file, "8-pods"] : [file]).map((name) =>
    join(project, "specs", `${name}.spec.ts`),
  );

describe("a lab with seven workers", () => {
  let lab: Lab;
  let names: string[];
  before(async () => {
    lab = await sevenWorkers();
    names = lab.workers.map(({ name }) => name);
  });

  it("asks for as many frontends as there are workers", async () => {
    const replicas = (await settingsOf(lab, ownTemplates)).filter(({ key }) => key.endsWith("spec.replicas"));
    expect(replicas.map(({ key, value }) => `${key} ${value}`)).to.deep.equal([
      "Deployment redis-master: spec.replicas 1",
      "Deployment redis-slave: spec.replicas 2",
      "Deployment frontend: spec.replicas 7",
    ]);
  });

  for (const file of ["4-etcd", "5-flannel", "6-docker", "7-kubernetes", "8-guestbook"]) {
    it(`${file}: all pass where its pods run on all of them`, async () => {
      expect(sentences(await judged(file, lab, names))).to.deep.equal([]);
    });
  }

  it("is broken where a worker is left without a pod", async () => {
    const [first] = sentences(await judged("8-guestbook", lab, names.slice(1)));
    expect(first).to.match(/^master guestbook's pods nodes: expected .*worker1.*, saw (?!.*worker1)/);
  });
});
