import { machineRules } from "./machine-rules.ts";
import { networkRules } from "./network-rules.ts";
import { portRules } from "./port-rules.ts";
import { sourceRules } from "./source-rules.ts";

/** What a lab file must hold to beyond the shape of each value. */
export const rules = [...networkRules, ...portRules, ...machineRules, ...sourceRules];
