import type { ApiObject } from "../common/objects.ts";
import { badRequest } from "./failure.ts";

type Test = (object: ApiObject) => boolean;

/** One requirement per comma that is not inside brackets. */
const split = (text: string): string[] =>
  text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== "");

function labelTest(text: string): Test {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text);
  if (set !== null) {
    const [, key = "", operator, list = ""] = set;
    const values = list.split(",").map((value) => value.trim());
    return ({ metadata }) => values.includes(metadata.labels?.[key] ?? "\0") === (operator === "in");
  }
  const [, key = "", operator, value = ""] = /^([^=!\s]+)\s*(==|=|!=)\s*(.*)$/.exec(text) ?? [];
  if (operator !== undefined) {
    return ({ metadata }) => (metadata.labels?.[key] === value) === (operator !== "!=");
  }
  const [, not, name = ""] = /^(!?)\s*([^=!\s()]+)$/.exec(text) ?? [];
  if (not === undefined) throw badRequest(`unable to parse requirement: ${text}`);
  return ({ metadata }) => Object.hasOwn(metadata.labels ?? {}, name) === (not === "");
}

function fieldTest(text: string): Test {
  const [, path = "", operator, value = ""] = /^([^=!\s]+)\s*(==|=|!=)\s*(.*)$/.exec(text) ?? [];
  if (operator === undefined) throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  const steps = path.split(".");
  return (object) => {
    const found = steps.reduce<unknown>(
      (at, step) =>
        typeof at === "object" && at !== null ? (at as Record<string, unknown>)[step] : undefined,
      object,
    );
    const shown = typeof found === "string" || typeof found === "boolean" ? String(found) : "";
    return (shown === value) === (operator !== "!=");
  };
}

/** Whether an object is chosen by a request's labelSelector and fieldSelector; undefined where it has neither. */
export function chosenBy(query: URLSearchParams): Test | undefined {
  const tests = [
    ...split(query.get("labelSelector") ?? "").map(labelTest),
    ...split(query.get("fieldSelector") ?? "").map(fieldTest),
  ];
  return tests.length === 0 ? undefined : (object) => tests.every((test) => test(object));
}
