import { ClusterBroken, LabNotBuilt } from "../errors.ts";
import { anySignal } from "../interruption.ts";
import type { Lab } from "../lab/lab.ts";
import type { Machine } from "../machines/machine.ts";
import { join } from "node:path";
import { home } from "../paths.ts";
import { apply } from "./apply.ts";
import { fetchesFromElsewhere, KeptPackages } from "./kept-packages.ts";
import { AwaitFailed } from "./awaits.ts";
import { StepFailed } from "./steps.ts";
import { UnitBroken } from "./unit-broken.ts";
import { Peers } from "./peers.ts";
import { planFor } from "./plan.ts";
import type { Plan } from "./plan.ts";
import { loadRoles } from "./roles.ts";
import type { Change, ProvisionFailure, ProvisionResult } from "./result.ts";

interface ProvisionOptions {
  signal: AbortSignal;
  /** The folder of the roles. */
  templates: string;
  /** How long each unit of each machine took to start in a healthy run: milliseconds. */
  healthy?: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined;
  /** Given progress as it happens: ("worker1", "installing kubernetes-node, docker, flannel"). */
  say: (machine: string, text: string) => void;
}

interface Planned {
  machine: Machine;
  plan: Plan;
}

async function plans(lab: Lab, machines: Machine[], templates: string): Promise<Planned[]> {
  const roles = await loadRoles(templates);
  return Promise.all(
    machines.map(async (machine) => {
      const described = lab.machines.find(({ name }) => name === machine.name);
      if (described === undefined)
        throw new LabNotBuilt(`expected ${machine.name} in ${lab.file}, saw no such machine`);
      return { machine, plan: await planFor(lab, described, roles) };
    }),
  );
}

/**
 * Turns booted machines into their roles, all at once. Every role and template is read before a machine is touched.
 * A machine whose daemons do not come up ends its own plan and is reported in `failures`; anything else that goes
 * wrong on one machine ends the work on all.
 * @throws BadConfiguration when a role or template is wrong, LabNotBuilt when packages or images cannot be had or a
 *   step fails before any daemon was started, NotJudged when a machine cannot be reached, and the signal's reason
 */
export async function provision(
  lab: Lab,
  machines: Machine[],
  { signal, templates, healthy, say }: ProvisionOptions,
): Promise<ProvisionResult> {
  const planned = await plans(lab, machines, templates);
  const peers = new Peers(machines);
  const kept = fetchesFromElsewhere(lab) ? new KeptPackages(join(home, "packages", lab.name)) : undefined;
  const changes: Record<string, Change[]> = Object.fromEntries(machines.map(({ name }) => [name, []]));
  const failures: ProvisionFailure[] = [];
  const first = new AbortController();
  const together = anySignal(signal, first.signal);

  const provisionOne = async ({ machine, plan }: Planned): Promise<void> => {
    const left = new Set(plan.items);
    try {
      const surroundings = {
        changes: changes[machine.name] ?? [],
        peers,
        repositories: lab.repositories,
        kept,
        healthy: healthy?.get(machine.name) ?? new Map<string, number>(),
        say: (text: string) => {
          say(machine.name, text);
        },
        signal: together,
      };
      await apply(machine, plan, surroundings, (item) => left.delete(item));
      peers.done(machine);
    } catch (error) {
      if (!(error instanceof ClusterBroken)) {
        first.abort(error);
        return;
      }
      peers.failed(machine, error);
      const { message, details, hint } = error;
      failures.push({
        machine: machine.name,
        message,
        details,
        ...(hint !== undefined && { hint }),
        ...(error instanceof UnitBroken && { unit: error.unit }),
        ...(error instanceof StepFailed && { step: error.step }),
        ...(error instanceof AwaitFailed && { awaited: error.awaited }),
        unreached: [...left].flatMap((item) => (item.kind === "unit" ? [item.name] : [])),
      });
      say(machine.name, error.message);
    }
  };

  await Promise.all(planned.map(provisionOne));
  signal.throwIfAborted();
  // The reason is the first error: what the others met after it was only its consequence.
  first.signal.throwIfAborted();
  const changed = Object.values(changes).reduce((sum, made) => sum + made.length, 0);
  return { machines: changes, changed, failures };
}
