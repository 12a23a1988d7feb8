import { repetitions } from "./rule.ts";
import type { Rule } from "./rule.ts";
import type { LabInput } from "./schema.ts";

type Sources = Pick<LabInput, "box" | "keys" | "repositories" | "images">;

const ownKeyIds: Rule = {
  needs: ["keys.*.id"],
  check: ({ keys }) =>
    repetitions(
      "keys",
      "id",
      keys.map((key) => key.id),
    ),
};

const ownKeyPaths: Rule = {
  needs: ["keys.*.path"],
  check: ({ keys }) =>
    repetitions(
      "keys",
      "path",
      keys.map((key) => key.path),
    ),
};

const ownRepositoryIds: Rule = {
  needs: ["repositories.*.id"],
  check: ({ repositories }) =>
    repetitions(
      "repositories",
      "id",
      repositories.map((repository) => repository.id),
    ),
};

const knownKeys: Rule = {
  needs: ["box.key", "repositories.*.key", "keys.*.id"],
  check: ({ box, repositories, keys }) => {
    const ids = keys.map((key) => key.id);
    const uses = [
      { path: ["box", "key"], id: box.key },
      ...repositories.map(({ key }, index) => ({ path: ["repositories", index, "key"], id: key })),
    ];
    return uses
      .filter(({ id }) => !ids.includes(id))
      .map(({ path, id }) => ({
        path,
        expected: "the id of a key in `keys`",
        saw: `\`${id}\``,
        hint: `known ids: ${ids.join(", ")}`,
      }));
  },
};

const sources = [
  "box.url",
  "box.checksums",
  "keys.*.fingerprint",
  "keys.*.url",
  "repositories.*.baseurl",
  "images",
];

/** Every value that can be left to the prepare hook, with its path. */
function leftToHook(lab: Sources): { path: PropertyKey[]; value: string }[] {
  const images = Object.entries(lab.images).flatMap(([name, image]) =>
    "archive" in image ? [{ path: ["images", name, "archive"], value: image.archive }] : [],
  );
  const values: { path: PropertyKey[]; value: string }[] = [
    { path: ["box", "url"], value: lab.box.url },
    { path: ["box", "checksums"], value: lab.box.checksums },
    ...lab.keys.map((key, index) => ({ path: ["keys", index, "fingerprint"], value: key.fingerprint })),
    ...lab.keys.map((key, index) => ({ path: ["keys", index, "url"], value: key.url })),
    ...lab.repositories.flatMap(({ baseurl }, index) =>
      baseurl.map((value, nth) => ({ path: ["repositories", index, "baseurl", nth], value })),
    ),
    ...images,
  ];
  return values.filter(({ value }) => value === "prepared" || value.startsWith("prepared:"));
}

const hookForPrepared: Rule = {
  needs: [...sources, "hooks"],
  check: (lab) => {
    const [first, ...more] = leftToHook(lab);
    if (first === undefined || lab.hooks !== undefined) return [];
    const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
    return [
      {
        path: first.path,
        expected: "a prepare hook in `hooks`, which makes what `prepared` refers to",
        saw: `\`${first.value}\`${others} without one`,
        hint: "add `hooks: { prepare: testbed/prepare.ts, clean: testbed/clean.ts }`, or give a URL",
      },
    ];
  },
};

const insideFolder: Rule = {
  needs: sources,
  check: (lab) =>
    leftToHook(lab)
      .filter(({ value }) => /^prepared:(\/|(.*\/)?\.\.(\/|$))/.test(value))
      .map(({ path, value }) => ({
        path,
        expected: "a path inside the folder of the prepare hook",
        saw: `\`${value}\``,
        hint: "without a leading slash and without `..`, such as prepared:repository/",
      })),
};

export const sourceRules = [
  ownKeyIds,
  ownKeyPaths,
  ownRepositoryIds,
  knownKeys,
  hookForPrepared,
  insideFolder,
];
