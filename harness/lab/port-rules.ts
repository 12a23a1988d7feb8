import { defaultPorts, fixedPorts, portsSchema } from "./ports.ts";
import type { Problem } from "./problem.ts";
import type { Rule } from "./rule.ts";
import type { LabInput } from "./schema.ts";

/** Ports that something takes on a machine: one, or a range of them. */
interface Taken {
  first: number;
  last: number;
  protocol: "tcp" | "udp";
  /** Its place in the lab file; none where no lab file can move it. */
  path?: PropertyKey[];
  /** How to call it. */
  what: string;
}

const portsOf = (lab: LabInput) => portsSchema.parse(lab.ports ?? {});

function one(port: number, what: string, path?: PropertyKey[], protocol: Taken["protocol"] = "tcp"): Taken {
  return { first: port, last: port, protocol, what, ...(path !== undefined && { path }) };
}

/** What the box itself listens on, wherever the lab file names the port. */
const ofBox = (lab: LabInput): Taken[] =>
  (lab.listeners ?? []).flatMap(({ port, protocol, process, why }) =>
    port === undefined ? [] : [one(port, `the box's ${process ?? why}`, undefined, protocol)],
  );

/** Everything that listens on a machine of each role, with what is most worth keeping first. */
function takenOn(lab: LabInput): Record<"master" | "worker", Taken[]> {
  const { etcd, apiserver, kubelet, vxlan, nodePorts } = portsOf(lab);
  const group = (name: "etcd" | "apiserver" | "kubelet", values: Record<string, number>): Taken[] =>
    Object.entries(values).map(([key, port]) => one(port, `ports.${name}.${key}`, ["ports", name, key]));
  return {
    master: [
      ...ofBox(lab),
      one(fixedPorts.scheduler, "kube-scheduler"),
      one(fixedPorts.controllerManager, "kube-controller-manager"),
      ...group("etcd", etcd),
      ...group("apiserver", apiserver),
    ],
    worker: [
      ...ofBox(lab),
      one(fixedPorts.proxyHealth, "kube-proxy"),
      ...group("kubelet", kubelet),
      one(vxlan, "ports.vxlan", ["ports", "vxlan"], "udp"),
      { ...nodePorts, protocol: "tcp", what: "ports.nodePorts", path: ["ports", "nodePorts"] },
    ],
  };
}

const shown = ({ first, last }: Taken): string => (first === last ? String(first) : `${first} to ${last}`);

/** Whether the lab file itself says it: what it leaves out is where nobody would look for a mistake. */
const isWritten = (lab: LabInput, { path }: Taken): boolean => {
  const at = path?.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part],
    lab,
  );
  return at !== undefined;
};

const clash = (one: Taken, other: Taken): boolean =>
  one.protocol === other.protocol && one.first <= other.last && other.first <= one.last;

/** Every two that take the same port of a machine, the one to be moved first. */
const clashes = (lab: LabInput, taken: readonly Taken[]): [Taken, Taken][] =>
  taken.flatMap((later, index) =>
    taken
      .slice(0, index)
      .filter((earlier) => clash(earlier, later))
      .map((earlier): [Taken, Taken] => (isWritten(lab, later) ? [later, earlier] : [earlier, later])),
  );

const apart: Rule = {
  needs: ["ports", "listeners"],
  check: (lab) =>
    Object.entries(takenOn(lab)).flatMap(([role, taken]) => {
      const problems = new Map<string, Problem>();
      for (const [moved, other] of clashes(lab, taken)) {
        if (moved.path === undefined || problems.has(moved.what)) continue;
        problems.set(moved.what, {
          path: moved.path,
          expected: `ports of its own on a ${role}`,
          saw: `${shown(moved)}, where ${other.what} listens on ${shown(other)}`,
          hint: "two daemons cannot listen on one port of one machine: move one of them",
        });
      }
      return [...problems.values()];
    }),
};

const someNodePorts: Rule = {
  needs: ["ports.nodePorts"],
  check: (lab) => {
    const { first, last } = portsOf(lab).nodePorts;
    if (first <= last) return [];
    const saw = `${first} to ${last}, which holds none`;
    const hint = `the default is ${defaultPorts.nodePorts.first} to ${defaultPorts.nodePorts.last}`;
    return [{ path: ["ports", "nodePorts"], expected: "a range of ports", saw, hint }];
  },
};

export const portRules = [apart, someNodePorts];
