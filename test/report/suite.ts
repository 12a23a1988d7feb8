import type { SpecResult } from "../../harness/report/results/spec.ts";
import { portsOf } from "../../harness/judge/ports.ts";
import { defaultPorts } from "../../harness/lab/ports.ts";
import { packagesOf, unitsOf } from "../../harness/judge/roles.ts";
import { factsOf, names, workers } from "./machines.ts";

const roleOf = (machine: string) => (machine === "master" ? "master" : "worker");

interface Placing {
  machine?: string;
  link?: string;
  fact?: string;
}

/** A spec that held at the first look. */
function held(file: string, title: string[], { machine, link, fact = "units" }: Placing = {}): SpecResult {
  return {
    file: `specs/${file}.spec.ts`,
    title,
    ...(machine === undefined ? {} : { machine }),
    ...(link === undefined ? {} : { link }),
    status: "passed",
    looks: 1,
    elapsed: 3,
    waits: [],
    history: [],
    evidence: factsOf(machine ?? "master", fact).slice(0, 1),
  };
}

const packages = names.flatMap((machine) =>
  [
    "takes packages from the lab's repositories and from no other",
    "checks packages' signatures in every repository, switched on or not",
    "checks testbed against its own key",
    "checks the signature of testbed's metadata",
    "checks packages given as files, too",
    "trusts the lab's keys and no other, by full fingerprint",
    ...packagesOf[roleOf(machine)].map((name) => `has ${name}`),
    "has no package but those signed by the lab's keys",
    "kept the file of every package it was asked for, and of each dependency",
    "proves the signatures again on the kept files",
    "was never told to leave signatures unchecked",
  ].map((title) => held("1-packages", ["packages", machine, title], { machine, fact: "packages" })),
);

const services = names.flatMap((machine) =>
  unitsOf[roleOf(machine)].flatMap((unit) =>
    [`starts ${unit} at boot`, `runs ${unit}`].map((title) =>
      held("2-services", ["services", machine, title], { machine, link: `${machine}/${unit}` }),
    ),
  ),
);

const listening = names.flatMap((machine) =>
  portsOf({ ports: defaultPorts })[roleOf(machine)].flatMap(({ protocol, port, process, scope }) =>
    [
      `listens on ${protocol} ${port} for ${process ?? "vxlan"}, on ${scope === "every" ? "every address" : "loopback alone"}`,
      `has ${protocol} ${port} owned by ${process ?? "the kernel"}`,
    ].map((title) =>
      held("3-ports", ["ports", machine, title], {
        machine,
        link: `${machine}/${process ?? "vxlan device"}`,
        fact: "listeners",
      }),
    ),
  ),
);

const etcd = [
  ...["is healthy", "advertises the master's address", "has one member, named node0"].map((title) =>
    held("4-etcd", ["etcd", title], { machine: "master", link: "master/etcd" }),
  ),
  ...workers.flatMap((worker) =>
    [
      "is there, once",
      "is on the lab's network",
      "is inside flannel's network, and not its first subnet",
      "overlaps no other",
      "ends within a day",
      "is for vxlan, with the MAC of the worker's flannel.1",
    ].map((title) =>
      held("4-etcd", ["etcd", `the lease of ${worker}`, title], { machine: worker, link: `${worker}/lease` }),
    ),
  ),
];

const flannel = workers.flatMap((machine) =>
  [
    "has flannel.1 up",
    "has flannel.1 in the lab's VXLAN",
    "carries it over the lab's network",
    "leaves room for vxlan's headers",
    "gives flannel.1 the first address of its lease, alone",
    "sends flannel's network into flannel.1",
    "says in subnet.env what its lease says",
  ].map((title) =>
    held("5-flannel", ["flannel", machine, title], {
      machine,
      link: `${machine}/vxlan device`,
      fact: "links",
    }),
  ),
);

const docker = [
  ...workers.flatMap((machine) =>
    [
      "has a docker that answers",
      "tells docker the leased subnet",
      "gives docker0 the lease's first address",
      "sends its own subnet to docker0",
      "lets forwarded packets through",
    ].map((title) =>
      held("6-docker", ["docker network", machine, title], { machine, fact: "forward policy" }),
    ),
  ),
  ...workers.map((from) =>
    held("6-docker", [
      "docker network",
      "between workers",
      `carries ${from}'s pings to ${from === "worker1" ? "worker2" : "worker1"}'s docker0, and loses none`,
    ]),
  ),
];

const kubernetes = [
  ...workers.flatMap((worker) =>
    [`has the node ${worker} Ready`, `knows ${worker} by its lab address`].map((title) =>
      held("7-kubernetes", ["kubernetes", title], { machine: worker, link: `${worker}/node` }),
    ),
  ),
  ...["scheduler", "controller-manager", "etcd"].map((one) =>
    held("7-kubernetes", ["kubernetes", `finds its ${one} healthy`], { machine: "master" }),
  ),
  held("7-kubernetes", ["kubernetes", "has no node beside the workers"]),
];

const guestbook = [
  "has its services, each with an address of the service network",
  "runs all its pods",
  "runs on every worker",
  "has every frontend behind its service",
  "turns its frontend into a NodePort",
  ...workers.flatMap((worker) => names.map((machine) => `answers ${machine} through ${worker}`)),
  "shows through worker2 what was posted through worker1",
  "leaves no pod when deleted",
].map((title) => held("8-guestbook", ["guestbook", title], { link: "guestbook" }));

const steadiness = names.flatMap((machine) =>
  unitsOf[roleOf(machine)].map((unit) =>
    held("9-steadiness", ["services, after all that,", `${machine} still runs the ${unit} it ran at first`], {
      machine,
    }),
  ),
);

/** Every spec of a lab that works, at first sight. */
export const suite: readonly SpecResult[] = [
  packages,
  services,
  listening,
  etcd,
  flannel,
  docker,
  kubernetes,
  guestbook,
  steadiness,
].flat();
