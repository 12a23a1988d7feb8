import { expect } from "chai";
import { parse, stringify } from "yaml";
import { complaints, edited } from "./edited.ts";

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The places in a value, from the top down, as paths; of a list the first entry stands for all. */
function places(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Array.isArray(value)
    ? value.slice(0, 1).flatMap((item) => places(item, [...path, 0]))
    : Object.entries(value).flatMap(([key, item]) => places(item, [...path, key]));
  return [path, ...inner];
}

/** The value with what is at the path put in its place, or taken away. */
function withValue(
  value: Json,
  [part, ...rest]: (string | number)[],
  put: Json | undefined,
): Json | undefined {
  if (part === undefined) return put;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, Json][] => {
    const changed = key === String(part) ? withValue(item, rest, put) : item;
    return changed === undefined ? [] : [[key, changed]];
  });
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

/** What a place can hold by mistake. */
const mistakes: Record<string, Json | undefined> = {
  nothing: null,
  "a number": 7,
  "a text": "x y",
  "a list": [[]],
  "a map": { x: 1 },
  "no place at all": undefined,
};

/** A complaint as it must be: a place in the file, what was expected and seen, and a hint. */
const complete = /^\d+:\d+ {2}(\S+: )?expected [^]+, saw [^]+\n {2}hint {2}./;

describe("a malformed lab file", () => {
  for (const [name, put] of Object.entries(mistakes)) {
    it(`is answered in full wherever it holds ${name}`, async () => {
      const value = parse(await edited("embedded", [])) as Json;
      const all = places(value);
      const refused = await Promise.all(
        all.map(async (path) => {
          const found = await complaints(stringify(withValue(value, path, put) ?? null));
          for (const complaint of found) expect(complaint, path.join(".")).to.match(complete);
          return found.length > 0;
        }),
      );
      // What may be left out, and free text where text is put.
      expect(refused.filter((each) => !each).length).to.be.lessThan(all.length / 3);
    });
  }
});
