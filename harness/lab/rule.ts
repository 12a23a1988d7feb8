import type { Problem } from "./problem.ts";
import type { LabInput } from "./schema.ts";

/** Something that concerns more than one value of a lab file. */
export interface Rule {
  /** The values it looks at, as paths: `machines.*.role`. It is applied when all of these are well formed. */
  needs: string[];
  check: (lab: LabInput) => Problem[];
}

/** Whether something wrong at a path is wrong with, above or inside a value that a rule needs. */
function touches(path: PropertyKey[], need: string): boolean {
  const parts = need.split(".");
  return path
    .slice(0, parts.length)
    .every((part, index) => parts[index] === "*" || parts[index] === String(part));
}

/** Applies those rules whose values are well formed, whatever the others are; `malformed` has the paths that are not. */
export function brokenRules(rules: Rule[], value: unknown, malformed: PropertyKey[][]): Problem[] {
  return rules
    .filter((rule) => !malformed.some((path) => rule.needs.some((need) => touches(path, need))))
    .flatMap((rule) => rule.check(value as LabInput));
}

/** One problem for each value of a list's field that an earlier entry has already. */
export function repetitions(list: string, field: string, values: string[]): Problem[] {
  return values.flatMap((value, index) => {
    const first = values.indexOf(value);
    if (first === index) return [];
    const hint = `${list}[${first}] has it already`;
    return [{ path: [list, index, field], expected: "a value of its own", saw: `${value} again`, hint }];
  });
}
