import { z } from "zod";
import { type ProcessId, processId } from "./process.ts";
import { type Libvirt, virsh, xml } from "./virsh.ts";

/** Whose a run is. */
export interface Owner {
  /** The lab's home, where its lock and its state are. */
  home: string;
  /** The harness process that started the run. */
  process: ProcessId;
}

/** This process, as the owner of a run of the lab with this home. */
export function ownedByUs(home: string): Owner {
  return { home, process: processId(process.pid) ?? { pid: process.pid, start: "" } };
}

const namespace = "urn:hardway-e2e:owner";
const record = z.object({ home: z.string(), process: z.object({ pid: z.int(), start: z.string() }) });

/** The owner as metadata of a network. */
export const ownerXml = (owner: Owner): string =>
  `<hardway:owner xmlns:hardway="${namespace}">${xml(JSON.stringify(owner))}</hardway:owner>`;

/** Writes a machine's owner down with it: its networks do not outlive a restart of the host, a machine does. */
export async function setOwner(libvirt: Libvirt, domain: string, owner: Owner): Promise<void> {
  const element = `<owner>${xml(JSON.stringify(owner))}</owner>`;
  const key = ["--uri", namespace, "--key", "hardway", "--set", element];
  await virsh(libvirt, ["metadata", domain, ...key, "--config", "--live"]);
}

/** The owner in the XML of a network or a machine; undefined where it names none. */
export function readOwner(text: string): Owner | undefined {
  const json = new RegExp(`<hardway:owner xmlns:hardway=["']${namespace}["']>([^<]*)<`).exec(text)?.[1];
  if (json === undefined) return undefined;
  try {
    return record.parse(JSON.parse(unescape(json)));
  } catch {
    return undefined;
  }
}

const named: Record<string, string> = { quot: '"', amp: "&", lt: "<", gt: ">", apos: "'" };

const unescape = (text: string): string =>
  text.replace(/&(?:#(\d+)|(\w+));/g, (whole, code: string | undefined, name: string | undefined) =>
    code === undefined ? (named[name ?? ""] ?? whole) : String.fromCharCode(Number(code)),
  );
