import { execa } from "execa";
import type { LoadedLab } from "../lab/load.ts";
import { hostDriver } from "../machines/kvm.ts";
import { reachable, systemLibvirt } from "./choose.ts";
import { installCommand, missingPackages } from "./packages.ts";
import { everyLab, type Requirement } from "./requirements.ts";

/** One thing a lab needs of its host. */
export interface Finding {
  what: string;
  /** `unproved`: the lab can run all the same, or this cannot be told from here. */
  found: "yes" | "no" | "unproved";
  why: string;
  /** The command or step that mends it. */
  mend?: string;
}

/** Looks for everything a lab needs of this host; what the facts left unconfirmed is asked of its source. */
export async function doctorFor(lab: LoadedLab, needs: Requirement[]): Promise<Finding[]> {
  const asked = [packages([...everyLab, ...needs]), driver(), memory(lab)];
  if (lab.isolation === "host") asked.push(libvirt(), ...sources(lab).map((url) => source(url)));
  else asked.push(namespaces());
  return Promise.all(asked);
}

async function packages(requirements: Requirement[]): Promise<Finding> {
  const missing = await missingPackages(requirements);
  if (missing.length === 0)
    return { what: "Debian packages", found: "yes", why: `all ${requirements.length} installed` };
  const why = `missing: ${missing.map(({ name }) => name).join(", ")}`;
  return { what: "Debian packages", found: "no", why, mend: `as root: ${installCommand(missing)}` };
}

async function driver(): Promise<Finding> {
  const { driver: kind, why } = await hostDriver();
  if (kind === "kvm") return { what: "KVM", found: "yes", why };
  return { what: "KVM", found: "unproved", why: `${why}; machines are emulated, which is slow` };
}

async function memory(lab: LoadedLab): Promise<Finding> {
  const { stdout } = await execa("free", ["-m"]);
  const available = Number(/^Mem:(?:\s+\d+){5}\s+(\d+)/m.exec(stdout)?.[1] ?? 0);
  const wanted = lab.machines.reduce((sum, machine) => sum + machine.memory, 0);
  const why = `${available} MiB available, the machines may take ${wanted}`;
  return { what: "memory", found: available > wanted ? "yes" : "no", why };
}

async function libvirt(): Promise<Finding> {
  const { ok, why } = await systemLibvirt();
  if (ok) return { what: "libvirt", found: "yes", why };
  const mend = "apt-get install libvirt-daemon-system, and be in the group libvirt";
  return { what: "libvirt", found: "no", why, mend };
}

async function namespaces(): Promise<Finding> {
  const root = process.getuid?.() === 0;
  const tried = root ? await execa("unshare", ["--net", "--mount", "true"], { reject: false }) : undefined;
  if (tried?.exitCode === 0)
    return { what: "namespaces", found: "yes", why: "network and mount namespaces can be made" };
  const why = root ? `they cannot be made: ${tried?.stderr ?? ""}` : "only root can make them";
  return { what: "namespaces", found: "no", why, mend: "run as root, outside of an unprivileged container" };
}

/** What a lab fetches from elsewhere, signed metadata beside each repository included. */
function sources({ box, keys, repositories, images }: LoadedLab): string[] {
  const metadata = repositories.flatMap(({ baseurl, signedMetadata }) =>
    baseurl.map((url) => `${url}repodata/repomd.xml${signedMetadata ? ".asc" : ""}`),
  );
  const archives = Object.values(images).flatMap((image) => ("archive" in image ? [image.archive] : []));
  const all = [box.url, box.checksums, ...keys.map(({ url }) => url), ...metadata, ...archives];
  return [...new Set(all)].filter((url) => /^https?:/.test(url));
}

async function source(url: string): Promise<Finding> {
  const { ok, why } = await reachable(url);
  return { what: url, found: ok ? "yes" : "no", why };
}
