import { budget } from "../budgets.ts";
import { LabNotBuilt } from "../errors.ts";
import { type Holding, holdingsIn, inWords } from "./holdings.ts";
import { poll } from "./poll.ts";
import { type Libvirt, names, virsh } from "./virsh.ts";

/**
 * Removes a run's machines, their disks and its networks from a libvirt, found by name; what is another's is never
 * touched. virsh, not `vagrant destroy`: that needs the run's folder whole, and takes 8 s. It looks again after each
 * round: a request of a killed Vagrant may still be under way, and two commands may clear up after the same dead run.
 * @returns what was removed, by name
 * @throws LabNotBuilt when libvirt keeps something, with what it said
 */
export async function takeDown(label: string, libvirt: Libvirt): Promise<string[]> {
  const removed = new Set<string>();
  let refusal: unknown;
  const gone = await poll(
    async () => {
      const held = (await holdingsIn(libvirt)).get(label);
      if (held === undefined) return true;
      refusal = await removeOnce(libvirt, held, removed);
      return undefined;
    },
    { within: budget.gone, every: 200 },
  );
  if (gone === true) return [...removed];
  const held = (await holdingsIn(libvirt)).get(label);
  if (held === undefined) return [...removed];
  throw new LabNotBuilt({
    message: `${label}: libvirt keeps ${inWords(held).join(", ")}`,
    details: refusal instanceof LabNotBuilt ? [refusal.message, ...refusal.details] : [],
    cause: refusal,
  });
}

/** One round, networks last: while they are there, the rest is known to be the run's. @returns the last refusal */
async function removeOnce(libvirt: Libvirt, held: Holding, removed: Set<string>): Promise<unknown> {
  let refusal: unknown;
  const attempt = (name: string, removal: Promise<void>): Promise<void> =>
    removal.then(
      () => void removed.add(name),
      (error: unknown) => {
        refusal = error; // gone meanwhile, or busy for a moment: the next look tells
      },
    );
  await Promise.all(held.domains.map((name) => attempt(`machine ${name}`, removeDomain(libvirt, name))));
  for (const { pool, name } of held.volumes) {
    await attempt(
      `volume ${name}`,
      virsh(libvirt, ["vol-delete", "--pool", pool, name]).then(() => undefined),
    );
  }
  if (refusal !== undefined) return refusal;
  for (const name of held.networks) await attempt(`network ${name}`, removeNetwork(libvirt, name));
  return refusal;
}

/** Whether it runs is not asked: it may end by itself in between. One that is not defined is gone once it ends. */
async function removeDomain(libvirt: Libvirt, domain: string): Promise<void> {
  await virsh(libvirt, ["destroy", domain]).catch(() => undefined);
  if (!(await names(libvirt, ["list", "--all", "--name"])).includes(domain)) return;
  await virsh(libvirt, ["undefine", domain, "--snapshots-metadata", "--managed-save"]);
}

/** A network may be active, defined, or both. */
async function removeNetwork(libvirt: Libvirt, network: string): Promise<void> {
  await virsh(libvirt, ["net-destroy", network]).catch(() => undefined);
  if (!(await names(libvirt, ["net-list", "--all", "--name"])).includes(network)) return;
  await virsh(libvirt, ["net-undefine", network]);
}
