import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Lab } from "../lab/lab.ts";
import type { MachineFile } from "../lab/schema.ts";
import { project } from "../paths.ts";
import { defaultSettings } from "../provision/role.ts";
import type { PlanItem, Role } from "../provision/role.ts";
import { loadRoles, rolesOf } from "../provision/roles.ts";
import { templateData } from "../render/data.ts";
import type { Placement } from "../render/placement.ts";
import { templateName } from "../render/template.ts";
import { vagrantfileData } from "../render/vagrantfile.ts";
import type { Entry, Parsed } from "./entry.ts";
import { kindOf, parseFile } from "./kinds.ts";
import { parsePlan } from "./kinds/plan.ts";
import { parseShell } from "./kinds/shell.ts";
import { parseVagrantfile } from "./kinds/vagrantfile.ts";
import { labPaths } from "./lab-paths.ts";
import type { Daemon, Setting, SettingKind } from "./setting.ts";
import { renderTraced } from "./trace.ts";
import { TracedText } from "./traced-text.ts";

/** One rendered text of one machine, and the settings in it. */
export interface ReadText {
  machine: string;
  kind: SettingKind;
  /** Its path on the machine; undefined for steps, plans and the Vagrantfile. */
  path: string | undefined;
  /** What it was made from, as settings' sources name it. */
  template: string;
  traced: TracedText;
  parsed: Parsed;
  /** What each entry of `parsed` is as a setting. */
  settings: ReadonlyMap<Entry, Setting>;
}

/** Everything that a lab's templates set on its machines. */
export interface Reading {
  settings: Setting[];
  /** Each text, those of scripts that take a step back included, which set nothing. */
  texts: ReadText[];
}

interface Reader {
  lab: Lab;
  machine: MachineFile;
  daemons: readonly Daemon[];
}

/** A template as rendered for a machine; a file without `.hbs` is taken as it is. */
async function traced(file: string, { lab, machine }: Reader): Promise<TracedText> {
  const source = await readFile(file, "utf8");
  if (!file.endsWith(".hbs")) return TracedText.plain(source, templateName(file));
  const data = templateData(lab, machine);
  return renderTraced(source, templateName(file), data, labPaths(lab, machine, data));
}

/** The file as it is, or the one with `.hbs` behind its name. */
async function eitherOf(file: string, reader: Reader): Promise<TracedText> {
  return traced(file, reader).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return traced(`${file}.hbs`, reader);
    throw error;
  });
}

function readText(
  about: Pick<ReadText, "machine" | "kind" | "path">,
  text: TracedText,
  parsed: Parsed,
  restarts: (entry: Entry) => readonly string[],
): ReadText {
  const settings = new Map(
    parsed.entries.map((entry): [Entry, Setting] => {
      const { key, flag, value, state, at, ranges } = entry;
      const setting: Setting = {
        machine: about.machine,
        kind: about.kind,
        path: about.path,
        key,
        ...(flag === undefined ? {} : { flag }),
        value,
        state,
        source: text.sourceAt(at),
        labValues: text.labValuesIn(ranges),
        restarts: restarts(entry),
      };
      return [entry, setting];
    }),
  );
  return { ...about, template: text.sourceAt(0).file, traced: text, parsed, settings };
}

async function filesOf(role: Role, reader: Reader): Promise<ReadText[]> {
  const { machine, daemons } = reader;
  return Promise.all(
    role.paths.map(async (path) => {
      const text = await eitherOf(join(role.folder, "files", path), reader);
      const kind = kindOf(path, text.text, daemons);
      const { restarts } = role.files[path] ?? defaultSettings;
      const about = { machine: machine.name, kind, path };
      return readText(about, text, parseFile(kind, path, text.text, daemons), () => restarts);
    }),
  );
}

/** A script of a role: a step, an await, or what takes a step back. */
interface Script {
  kind: "step" | "await" | "undo";
  name: string;
  restarts: readonly string[];
}

const folders = { step: "steps", await: "awaits", undo: "undo" } as const;

async function readScript(role: Role, { kind, name, restarts }: Script, reader: Reader): Promise<ReadText> {
  const text = await eitherOf(join(role.folder, folders[kind], `${name}.sh`), reader);
  const about = { machine: reader.machine.name, kind: "step" as const, path: undefined };
  return readText(about, text, parseShell(text.text, `${kind} ${name}`), () => restarts);
}

function scriptsOf(role: Role, reader: Reader): Promise<ReadText[]> {
  const scripts = role.plan.flatMap(({ step, await: awaited, restarts = [] }: PlanItem): Script[] => [
    ...(step === undefined ? [] : [{ kind: "step" as const, name: step, restarts }]),
    ...(awaited === undefined ? [] : [{ kind: "await" as const, name: awaited, restarts: [] }]),
  ]);
  return Promise.all(scripts.map((script) => readScript(role, script, reader)));
}

/** What takes steps back, where a change takes them from a plan: it is read as a step is, and sets nothing. */
const undoOf = (role: Role, reader: Reader): Promise<ReadText[]> =>
  Promise.all(role.undo.map((name) => readScript(role, { kind: "undo", name, restarts: [] }, reader)));

async function planOf(role: Role, { machine }: Reader): Promise<ReadText> {
  const file = join(role.folder, "role.yaml");
  const text = TracedText.plain(await readFile(file, "utf8"), templateName(file));
  const unit = /^plan: unit (.+)$/;
  return readText(
    { machine: machine.name, kind: "plan", path: undefined },
    text,
    parsePlan(text.text, role),
    ({ key }) => [unit.exec(key)?.[1] ?? []].flat(),
  );
}

/** The same for every run: what a run's own names make different in the Vagrantfile is no setting. */
const nowhere = ({ box }: Lab): Placement => ({
  label: "hardway",
  driver: "kvm",
  uri: "qemu:///system",
  network: "lab",
  managementNetwork: "management",
  box: { name: box.name, version: "0" },
  pool: "default",
  consoleFolder: "/consoles",
});

async function vagrantfile(lab: Lab): Promise<TracedText> {
  const file = join(project, "Vagrantfile.hbs");
  const data = vagrantfileData(lab, nowhere(lab));
  return renderTraced(await readFile(file, "utf8"), templateName(file), data, labPaths(lab, undefined, data));
}

function vagrantfileFor({ name }: MachineFile, text: TracedText): ReadText {
  const about = { machine: name, kind: "vagrantfile" as const, path: undefined };
  return readText(about, text, parseVagrantfile(text.text, name), () => []);
}

/**
 * Reads everything that a lab's templates set: each machine's files, steps, awaits and plans, and its part of the
 * Vagrantfile.
 * @param templates the folder of the roles
 * @param options the daemons, so that their variables are read as they read them
 * @throws BadConfiguration when a role or a template is wrong
 */
export async function readSettings(
  lab: Lab,
  templates: string,
  { daemons = [] }: { daemons?: readonly Daemon[] } = {},
): Promise<Reading> {
  const roles = await loadRoles(templates);
  const common = await vagrantfile(lab);
  const ofMachines = lab.machines.map(async (machine) => {
    const reader = { lab, machine, daemons };
    const ofRoles = rolesOf[machine.role].map(async (name) => {
      const role = roles[name];
      return [
        ...(await filesOf(role, reader)),
        ...(await scriptsOf(role, reader)),
        await planOf(role, reader),
      ];
    });
    return [...(await Promise.all(ofRoles)).flat(), vagrantfileFor(machine, common)];
  });
  const texts = (await Promise.all(ofMachines)).flat();
  const undone = await Promise.all(
    lab.machines.flatMap((machine) =>
      rolesOf[machine.role].map((name) => undoOf(roles[name], { lab, machine, daemons })),
    ),
  );
  return {
    settings: texts.flatMap(({ settings }) => [...settings.values()]),
    texts: [...texts, ...undone.flat()],
  };
}

/** Everything that a lab's templates set, as `readSettings` reads it. */
export const settingsOf = async (...given: Parameters<typeof readSettings>): Promise<Setting[]> =>
  (await readSettings(...given)).settings;
