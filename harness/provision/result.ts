import type { Role } from "../lab/schema.ts";
import type { Once } from "./role.ts";

/** One thing that provisioning changed on a machine. */
export interface Change {
  kind: "file" | "step" | "package" | "unit" | "image";
  /** "/etc/hosts", "kubelet started", … */
  what: string;
  /** Milliseconds that a unit's start took. */
  ms?: number;
  /** Where a machine that was provisioned before was changed, but looks at it only then: a fresh lab shows its effect. */
  once?: Once | undefined;
}

/**
 * A machine on which the plan broke off because the settings make no working cluster: a unit that does not come up,
 * a condition another machine does not make true. The specs can still judge what is there.
 */
export interface ProvisionFailure {
  machine: string;
  /** What was expected and what was seen. */
  message: string;
  /** The last lines of the journal or of the script. */
  details: string[];
  hint?: string;
  /** The unit that did not come up, where it is one. */
  unit?: string;
  /** The step that failed, where it is one. */
  step?: string;
  /** What a machine of another role did not make true, where that is it. */
  awaited?: { name: string; from: Role };
  /** The units that the plan did not get to. */
  unreached: string[];
}

/** What provisioning did; plain data. */
export interface ProvisionResult {
  /** What was changed, by machine, in order. */
  machines: Record<string, Change[]>;
  /** How many changes that is; 0 on a lab that was as wanted. */
  changed: number;
  /** In the order they happened; the first is often the cause of the others. */
  failures: ProvisionFailure[];
}
