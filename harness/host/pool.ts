import { execa } from "execa";
import type { LoadedLab } from "../lab/load.ts";
import { defaultFolder, poolState } from "../machines/pool.ts";
import { hostUri } from "../machines/virsh.ts";
import { systemLibvirt } from "./choose.ts";
import { patience, yes, type Finding } from "./finding.ts";

/** The pool of the host's libvirt that Vagrant keeps volumes in. */
const name = "default";
const uri = hostUri();

/** What there is of the host's storage pool; nothing for a lab that has one of its own, or where libvirt is silent. */
export async function pool({ isolation }: LoadedLab): Promise<Finding[]> {
  if (isolation === "namespace" || !(await systemLibvirt()).ok) return [];
  const signal = AbortSignal.timeout(patience);
  const state = await poolState({ uri, signal }, name).catch(() => undefined);
  const told = {
    active: `${name} is active, in ${await poolFolder()}`,
    inactive: `${name} is defined but not active: a run starts it`,
    none: `there is none yet: a run makes ${name} in ${defaultFolder}`,
  };
  return state === undefined ? [] : [yes("pool", told[state])];
}

/** The folder of the host's pool: its own where it is defined, else the one a run will make it in. */
export async function poolFolder(): Promise<string> {
  const command = ["-c", uri, "pool-dumpxml", name];
  const { exitCode, stdout } = await execa("virsh", command, { reject: false, timeout: patience });
  return (exitCode === 0 ? /<path>([^<]+)<\/path>/.exec(stdout)?.[1] : undefined) ?? defaultFolder;
}
