import { networksOf, prefixOf, runOf } from "./label.ts";
import { type Owner, readOwner } from "./owner.ts";
import { type Libvirt, names, virsh } from "./virsh.ts";

/** What a libvirt holds of one run, found by name. */
export interface Holding {
  domains: string[];
  volumes: Volume[];
  networks: string[];
  /** The bridges of its networks. */
  bridges: string[];
  /** Whose it is, where a network or a machine still says it. */
  owner: Owner | undefined;
}

interface Volume {
  pool: string;
  name: string;
}

/**
 * What a libvirt holds of every run of ours, by label, and of nothing else.
 * @throws LabNotBuilt when libvirt refuses
 */
export async function holdingsIn(libvirt: Libvirt): Promise<Map<string, Holding>> {
  const found = new Map<string, Holding>();
  const of = (label: string): Holding => {
    const holding = found.get(label) ?? {
      domains: [],
      volumes: [],
      networks: [],
      bridges: [],
      owner: undefined,
    };
    found.set(label, holding);
    return holding;
  };
  // A run makes its networks first and removes them last: since they are listed last, a living run's are not missed.
  for (const volume of await volumesIn(libvirt)) {
    const label = labelOf(volume.name);
    if (label !== undefined) of(label).volumes.push(volume);
  }
  for (const domain of await names(libvirt, ["list", "--all", "--name"])) {
    const label = labelOf(domain);
    if (label !== undefined) of(label).domains.push(domain);
  }
  for (const network of await names(libvirt, ["net-list", "--all", "--name"])) {
    const label = runOf(network)?.label;
    if (label !== undefined && Object.values(networksOf(label)).includes(network))
      of(label).networks.push(network);
  }
  for (const holding of found.values()) await readXml(libvirt, holding);
  return found;
}

/** What a run holds, in words: "3 machines, 2 networks". */
export const inWords = ({ domains, volumes, networks }: Holding): string[] =>
  [
    count(domains.length, "machine"),
    count(volumes.length, "volume"),
    count(networks.length, "network"),
  ].filter((words) => words !== "");

const count = (number: number, noun: string): string =>
  number === 0 ? "" : `${number} ${noun}${number === 1 ? "" : "s"}`;

/** The run a machine (LABEL_NAME) or its volume (LABEL_NAME.img) belongs to. */
function labelOf(name: string): string | undefined {
  const label = runOf(name)?.label;
  return label !== undefined && name.startsWith(prefixOf(label)) ? label : undefined;
}

/** Adds what is told only by the things themselves: the bridges, and whose they are. */
async function readXml(libvirt: Libvirt, holding: Holding): Promise<void> {
  for (const network of holding.networks) {
    const text = await unlessGone(() => virsh(libvirt, ["net-dumpxml", network]));
    const bridge = /<bridge name=["']([^"']+)/.exec(text)?.[1];
    if (bridge !== undefined) holding.bridges.push(bridge);
    holding.owner ??= readOwner(text);
  }
  for (const domain of holding.domains) {
    holding.owner ??= readOwner(await unlessGone(() => virsh(libvirt, ["dumpxml", "--inactive", domain])));
  }
}

/** The volumes of every active pool. */
async function volumesIn(libvirt: Libvirt): Promise<Volume[]> {
  const pools = await names(libvirt, ["pool-list", "--name"]);
  const volumes = pools.map(async (pool) => {
    const lines = (await unlessGone(() => virsh(libvirt, ["vol-list", pool]))).split("\n");
    return lines.flatMap((line) => /^\s*(.+?)\s{2,}\S/.exec(line)?.[1] ?? []).map((name) => ({ pool, name }));
  });
  return (await Promise.all(volumes)).flat();
}

/** What was listed may be gone a moment later, removed by its own run; then it has nothing to say. */
const unlessGone = (read: () => Promise<string>): Promise<string> => read().catch(() => "");
