import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { project } from "../paths.ts";
import type { WantedFile } from "./plan.ts";

/** What daemons name when a setting is wrong (facts/kubernetes-1.5.2.md §e): flags, files, etcd keys. */
const complaints = [
  /unknown flag: (--[\w-]+)/,
  /flag provided but not defined: -([\w-]+)/,
  /invalid argument .* for (--[\w-]+)/,
  /(--[\w-]+) must be specified/,
  /Key not found \((\/[\w./-]+)\)/,
  /\bopen (\/[^\s:]+):/,
  /Unknown admission plugin: (\w+)/,
  /No (--[\w-]+) specified/,
];

/** Kubernetes' flags may be written with either. */
const dashed = (text: string): string => text.replaceAll("_", "-");

async function place(file: WantedFile, named: string): Promise<string[]> {
  const line = file.content
    .split("\n")
    .find((one) => !one.startsWith("#") && dashed(one).includes(dashed(named)));
  const variable = /^\s*(\w+)=/.exec(line ?? "")?.[1];
  if (variable === undefined) return [];
  const source = await readFile(resolve(project, file.template), "utf8");
  const at = source.split("\n").findIndex((one) => one.trimStart().startsWith(`${variable}=`));
  return at === -1 ? [] : [`${file.template}:${at + 1}  ${variable}`];
}

/**
 * The settings that a unit's last words are about, as `template:line  VARIABLE`; none where the words name nothing
 * that one of the unit's own files sets.
 */
export async function settingsBehind(
  journal: string[],
  unit: string,
  files: WantedFile[],
): Promise<string[]> {
  const named = journal.flatMap((line) => complaints.flatMap((complaint) => complaint.exec(line)?.[1] ?? []));
  const own = files.filter((file) => file.restarts.includes(unit));
  const places = await Promise.all(
    [...new Set(named)].flatMap((name) => own.map((file) => place(file, name))),
  );
  return [...new Set(places.flat())];
}
