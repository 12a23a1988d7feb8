import { z } from "zod";

const unit = z
  .string()
  .regex(/^[a-z][\w@-]*$/, "expected a service's name without .service, such as kubelet");
const name = z.string().regex(/^[a-z][a-z0-9-]*$/, "expected a name such as trust-keys");
const path = z
  .string()
  .regex(/^(\/[\w.@+*-]+)+$/, "expected a path on the machine, such as /etc/yum.conf or /etc/yum.repos.d/*");

const once = z
  .strictObject({
    when: z.enum(["installation", "boot", "first start"]),
    settings: z
      .array(z.string())
      .min(1)
      .optional()
      .describe("which of the file's settings; all of them where none is named"),
    why: z.string().describe("what keeps a later change from having its effect"),
  })
  .describe(
    "it counts only then: a fresh lab shows the effect of a change, and one changed in place does not",
  );

const settings = z.strictObject({
  mode: z
    .string('expected four octal digits in quotes, such as "0644"')
    .regex(/^0[0-7]{3}$/, 'expected four octal digits, such as "0644"')
    .default("0644"),
  owner: z
    .string()
    .regex(/^[a-z_][\w-]*:[a-z_][\w-]*$/, "expected user:group, such as root:root")
    .default("root:root"),
  restarts: z.array(unit).default([]).describe("units that read the file only when they start"),
  once: once.optional(),
});

/** What a plan item can be; exactly one of these names it, `from`, `restarts` and `once` go with it. */
const kinds = ["files", "step", "packages", "unit", "await", "images"] as const;

const planItem = z
  .strictObject({
    files: z.array(path).min(1).optional(),
    step: name.optional().describe("the name of a script in steps/"),
    restarts: z.array(unit).optional().describe("units that read what the step makes only when they start"),
    once: once.optional(),
    packages: z
      .array(z.string().regex(/^\w[\w.+-]*$/, "expected a package's name"))
      .min(1)
      .optional(),
    unit: unit.optional().describe("enabled, started and waited for"),
    await: name.optional().describe("a condition in awaits/ that a machine of another role makes true"),
    from: z.enum(["master", "worker"]).optional().describe("the role that makes it true"),
    images: z
      .array(z.enum(["pause", "redisMaster", "redisSlave", "frontend"]))
      .min(1)
      .optional(),
  })
  .refine((item) => kinds.filter((kind) => item[kind] !== undefined).length === 1, {
    error: `expected exactly one of ${kinds.join(", ")} in a plan item`,
  })
  .refine((item) => (item.await === undefined) === (item.from === undefined), {
    error: "expected `from` with every `await` and with nothing else: the role that makes it true",
  })
  .refine((item) => item.restarts === undefined || item.step !== undefined, {
    error: "expected `restarts` with a step only; a file's are in the `files` table",
  })
  .refine((item) => item.once === undefined || item.step !== undefined, {
    error: "expected `once` with a step only; a file's is in the `files` table",
  });

/** The shape of a role.yaml; `harness/provision/check.ts` adds what concerns the role's other files. */
export const roleSchema = z.strictObject({
  plan: z.array(planItem).min(1),
  files: z.record(z.string(), settings).default({}),
});

export type RoleFile = z.output<typeof roleSchema>;
export type PlanItem = RoleFile["plan"][number];
export type FileSettings = z.output<typeof settings>;
export type Once = z.output<typeof once>;

export const defaultSettings: FileSettings = { mode: "0644", owner: "root:root", restarts: [] };

/** The folders under provision/. */
export const roleNames = ["every", "master", "worker", "guestbook"] as const;
export type RoleName = (typeof roleNames)[number];

/** A role as loaded: its plan, and the files its folder holds. */
export interface Role extends RoleFile {
  name: RoleName;
  /** Its folder: a whole path. */
  folder: string;
  /** The paths on the machine of what lies under its files/. */
  paths: string[];
  /** The file of each script, by the script's name. */
  scripts: Record<"steps" | "awaits" | "undo", Map<string, string>>;
  /** The steps that have a script in undo/. */
  undo: string[];
  /** What an editor has left in its folder, by its path in the project: taken for not there. */
  left: string[];
}

export type Roles = Record<RoleName, Role>;
