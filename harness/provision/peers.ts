import type { Role } from "../lab/schema.ts";
import type { Machine } from "../machines/machine.ts";

/** How far the machines of a provisioning are: what one waits for, another may have failed to make. */
export class Peers {
  readonly #working: Map<string, Role>;
  readonly #failed = new Map<string, { role: Role; error: Error }>();

  constructor(machines: Machine[]) {
    this.#working = new Map(machines.map(({ name, role }) => [name, role]));
  }

  done(machine: Machine): void {
    this.#working.delete(machine.name);
  }

  failed(machine: Machine, error: Error): void {
    this.done(machine);
    this.#failed.set(machine.name, { role: machine.role, error });
  }

  /** Whether a machine of that role is still being provisioned. */
  working(role: Role): boolean {
    return [...this.#working.values()].includes(role);
  }

  /** What ended the provisioning of a machine of that role, if something did. */
  failure(role: Role): Error | undefined {
    return [...this.#failed.values()].find((failed) => failed.role === role)?.error;
  }
}
