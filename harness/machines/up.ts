import { join } from "node:path";
import { budget } from "../budgets.ts";
import { LabNotBuilt } from "../errors.ts";
import { mkdir, writeFile } from "../files.ts";
import { anySignal } from "../interruption.ts";
import type { Lab } from "../lab/lab.ts";
import type { Placement } from "../render/placement.ts";
import { renderVagrantfile } from "../render/vagrantfile.ts";
import { markEnvironment } from "../world/mark.ts";
import { reason } from "./connection.ts";
import { consoleTail } from "./console.ts";
import { aloneOnHost } from "./host-lock.ts";
import { parseLabel, prefixOf } from "./label.ts";
import { makeNetworks } from "./networks.ts";
import { ownedByUs, setOwner } from "./owner.ts";
import { poll } from "./poll.ts";
import { baseVolume, makeOwnPool, readyPool } from "./pool.ts";
import { reap } from "./reaper.ts";
import { SshMachine } from "./ssh.ts";
import { refuseTaken } from "./taken.ts";
import { type AddedBox, insecureKey, vagrantUp } from "./vagrant.ts";

interface BringUp {
  lab: Lab;
  placement: Placement;
  box: AddedBox;
  /** The run's folder: gets the Vagrantfile and the networks' XML. */
  folder: string;
  /** The lab's home: a namespace's pool is in it. */
  home: string;
  /** Progress, for people: how many machines answer. */
  say: (line: string) => void;
  signal: AbortSignal;
}

/** The lab's machines; each connects when it is first used. */
export const machinesOf = (lab: Pick<Lab, "machines">): SshMachine[] =>
  lab.machines.map(
    (machine) =>
      new SshMachine(machine, { host: machine.address, port: 22, username: "vagrant", keys: [insecureKey] }),
  );

/**
 * Brings up a lab's machines side by side: networks and pool, then Vagrant, while each machine's SSH is tried until
 * it answers on the lab's network.
 * @returns the machines, connected
 * @throws LabNotBuilt when a part cannot be made or a machine does not answer within `budget.boot`: which one, and
 * its last console lines; the signal's reason when it was cancelled. What was made is left to `takeDown`.
 */
export async function bringUp(options: BringUp): Promise<SshMachine[]> {
  const { lab, placement, folder, home, signal } = options;
  await mkdir(placement.consoleFolder, { recursive: true });
  await writeFile(join(folder, "Vagrantfile"), await renderVagrantfile(lab, placement));
  await makeSurroundings(options);

  const machines = machinesOf(lab);
  const silent = new Set(machines.map(({ name }) => name));
  const failure = new AbortController();
  const all = anySignal(signal, failure.signal);
  const guard = (task: Promise<void>) =>
    task.catch((error: unknown) => {
      failure.abort(error);
    });
  const vagrant = guard(
    vagrantUp({
      folder,
      env: markEnvironment(placement.label, home),
      signal: all,
      stop: lab.isolation === "namespace" ? "SIGKILL" : "SIGINT",
    }),
  );
  await Promise.all(machines.map((machine) => guard(answer(machine, silent, options, all))));
  if (all.aborted || !isDoneOnceItAnswers(lab)) await vagrant;
  if (!all.aborted && lab.isolation === "host") await guard(own(options));
  if (!all.aborted) return machines;

  for (const machine of machines) await machine[Symbol.asyncDispose]();
  const error = reason(all);
  if (!(error instanceof LabNotBuilt)) throw error;
  const consoles = await Promise.all([...silent].map((name) => lastWords(placement, name)));
  throw new LabNotBuilt({
    message: error.message,
    details: [...error.details, ...consoles.flat()],
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
  });
}

/**
 * Vagrant has nothing left to do on a machine that had its name and address from its kernel, yet takes up to 10 s to
 * find out; in a namespace, whose processes are all ended with it, nobody needs to wait for that.
 */
const isDoneOnceItAnswers = ({ box, isolation }: Lab): boolean =>
  box.addressing === "kernel" && isolation === "namespace";

async function makeSurroundings({ lab, placement, box, folder, home, say, signal }: BringUp): Promise<void> {
  const libvirt = { uri: placement.uri, signal };
  const run = parseLabel(placement.label);
  if (run === undefined) throw new TypeError(`expected a label, saw ${placement.label}`);
  const volume = baseVolume(box);
  if (lab.isolation === "namespace") {
    await makeOwnPool(libvirt, { folder: join(home, "pool"), volume, image: box.image, xmlFolder: folder });
    await makeNetworks(libvirt, { run, lab, owner: ownedByUs(home), folder });
    return;
  }
  // One run after the other: of two that want the same network, the second must see the first one's.
  await aloneOnHost("networks and pool", { within: budget.box, signal }, async () => {
    for (const line of await reap({ uri: placement.uri }))
      say(`removed what a run that died had left: ${line}`);
    await refuseTaken(lab, libvirt);
    await makeNetworks(libvirt, { run, lab, owner: ownedByUs(home), folder });
    const done = await readyPool(libvirt, {
      pool: placement.pool,
      volume,
      image: box.image,
      xmlFolder: folder,
    });
    for (const line of done) say(line);
  });
}

/** Says with each machine whose it is. */
async function own({ lab, placement, home, signal }: BringUp): Promise<void> {
  for (const { name } of lab.machines)
    await setOwner({ uri: placement.uri, signal }, prefixOf(placement.label) + name, ownedByUs(home));
}

async function answer(machine: SshMachine, silent: Set<string>, { lab, say }: BringUp, signal: AbortSignal) {
  let trouble = "";
  const answered = await poll(
    () =>
      machine.connect(signal).then(
        () => true,
        (error: unknown) => {
          trouble = error instanceof Error ? error.message : String(error);
          return undefined;
        },
      ),
    { within: budget.boot, every: 500, signal },
  );
  if (answered === undefined) {
    throw new LabNotBuilt({
      message: `${machine.name} did not answer over SSH at ${machine.address} in ${budget.boot / 1000} s`,
      details: [trouble],
    });
  }
  // sshd may be faster than the management network's DHCP, and with it the default route.
  const address = `ip -4 -o address show to ${lab.management} | grep -q .`;
  await machine.run(`until ${address}; do sleep 0.2; done`, { within: budget.boot, signal });
  silent.delete(machine.name);
  const count = lab.machines.length;
  say(`${count - silent.size} of ${count} machines answer`);
}

const lastWords = async ({ consoleFolder }: Placement, name: string): Promise<string[]> => [
  `${name}'s console:`,
  ...(await consoleTail(consoleFolder, name)).map((line) => `  ${line}`),
];
