import { httpFromContainer } from "../facts/docker.ts";
import { etcdTree } from "../facts/etcd.ts";
import type { Observation, Parse } from "../facts/fact.ts";
import { leasesIn } from "../facts/flannel.ts";
import { http } from "../facts/http.ts";
import { nodes } from "../facts/kubernetes.ts";
import { links } from "../facts/links.ts";
import { ping } from "../facts/ping.ts";
import { contains } from "../lab/addresses.ts";
import type { Lab } from "../lab/lab.ts";
import { dockerBridge } from "../lab/names.ts";
import type { Picture } from "../report/results/picture.ts";

type Reach = Picture["reach"][number];

/** Draws a lab from what was observed: addresses, leases, docker0, and who reached whom, as last seen. */
export function pictureOf(lab: Lab, observations: readonly Observation[]): Picture {
  const last = <T>(fact: { name: string; parse: Parse<T> }, machine: string): T | undefined => {
    const seen = observations.findLast((one) => one.fact === fact.name && one.machine === machine);
    return understood(fact.parse, seen);
  };
  const leases = leasesIn(last(etcdTree, lab.master.name) ?? [], lab.flannel.prefix);
  const known = last(nodes, lab.master.name);
  const machines = lab.machines.map(({ name, role, address }) => {
    const subnet = leases.find(({ publicIp }) => publicIp === address)?.subnet;
    const docker0 = last(links, name)?.find((link) => link.name === dockerBridge)?.addresses[0];
    const node = known?.find((one) => one.name === name);
    return {
      name,
      role,
      address,
      ...(subnet === undefined ? {} : { subnet }),
      ...(docker0 === undefined ? {} : { docker0 }),
      ...(node === undefined ? {} : { node: node.ready ? "Ready" : node.why }),
    };
  });
  const { network, backend, vni } = lab.flannel;
  return {
    network: lab.network,
    overlay: { network, backend, vni },
    machines,
    reach: reached(observations, machines, lab.ports.nodePorts),
  };
}

function reached(
  observations: readonly Observation[],
  machines: Picture["machines"],
  nodePorts: Lab["ports"]["nodePorts"],
): Reach[] {
  const holder = (address: string) =>
    machines.find(
      (machine) =>
        machine.address === address || (machine.docker0 !== undefined && contains(machine.docker0, address)),
    )?.name;
  const tries = new Map<string, Reach>();
  for (const seen of observations) {
    const tried = attempt(seen, nodePorts);
    const to = tried && holder(tried.target.replace(/:.*$/, ""));
    if (tried === undefined || to === undefined) continue;
    const reach = { from: seen.machine, to, ...tried };
    tries.set(`${reach.from} ${reach.to} ${reach.by}`, reach);
  }
  return [...tries.values()];
}

function attempt(
  seen: Observation,
  { first, last }: Lab["ports"]["nodePorts"],
): Omit<Reach, "from" | "to"> | undefined {
  if (seen.fact === ping.name) {
    const { sent, received } = understood(ping.parse, seen) ?? { sent: 0, received: 0 };
    const saw = `${received} of ${sent} answered`;
    return { by: "ping", target: seen.args[0] ?? "", reached: sent > 0 && received === sent, saw };
  }
  if (seen.fact !== http.name && seen.fact !== httpFromContainer.name) return undefined;
  const fromContainer = seen.fact === httpFromContainer.name;
  const url = seen.args.at(-1) ?? "";
  if (!URL.canParse(url)) return undefined;
  const { host, hostname, port } = new URL(url);
  if (!fromContainer && (Number(port) < first || Number(port) > last)) return undefined;
  const status = fromContainer
    ? understood(httpFromContainer.parse, seen)
    : understood(http.parse, seen)?.status;
  return {
    by: fromContainer ? "container" : "NodePort",
    target: fromContainer ? hostname : host,
    reached: status === 200,
    saw: status === undefined ? (seen.stderr.trim().split("\n").at(-1) ?? "") : `HTTP ${status}`,
  };
}

function understood<T>(parse: Parse<T>, seen: Observation | undefined): T | undefined {
  try {
    return seen && parse(seen.stdout, seen);
  } catch {
    return undefined;
  }
}
