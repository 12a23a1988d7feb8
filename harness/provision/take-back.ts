import { budget } from "../budgets.ts";
import { LabNotBuilt } from "../errors.ts";
import { tail } from "../machines/command.ts";
import { asRoot } from "../machines/hint.ts";
import type { Ran } from "../machines/machine.ts";
import { sh } from "../render/quote.ts";
import { appliedFile, originalOf, unwanted, without, type Applied, type Effect } from "./applied.ts";
import { absent, parseUnits, showUnits } from "./unit-state.ts";
import { isUnitFile } from "./push.ts";
import type { Work } from "./work.ts";

/** What cannot be taken back leaves a machine that no set of templates describes. */
function notTakenBack({ machine }: Work, what: string, { stdout, stderr, code }: Ran): LabNotBuilt {
  return new LabNotBuilt({
    message: `${machine.name}: expected ${what} to be taken back, for the templates no longer want it; saw exit code ${code}`,
    details: tail(`${stdout}\n${stderr}`, 5),
    hint: `npm run lab -- destroy, then a fresh lab; ${asRoot(machine.name, `cat ${appliedFile}`)} tells what was done`,
  });
}

/** A step's undo script for one effect, which it is told after its first line: that one says what it does. */
export const undoing = (script: string, { what, was }: Effect): string =>
  script.replace("\n", () => `\nset -- ${sh(what)} ${sh(was)}\n`);

/**
 * Takes back effects of a step, the last one first, by its own undo script: $1 is what it had declared, $2 what was
 * before.
 */
export async function undo(work: Work, step: string, effects: readonly Effect[]) {
  const known = work.applied.steps[step];
  if (known === undefined) return;
  for (const one of effects.toReversed()) {
    const { what } = one;
    work.say(`taking back ${what}`);
    const ran = await work.machine.run(undoing(known.undo, one), { signal: work.signal });
    if (ran.code !== 0) throw notTakenBack(work, what, ran);
    work.changed("step", `${what} taken back`, known.restarts);
    known.effects = known.effects.filter((effect) => effect.what !== what);
    await work.record();
  }
  if (known.effects.length === 0) work.applied.steps = without(work.applied.steps, [step]);
  await work.record();
}

/** Stops and disables units, but for what they were before us. */
async function dropUnits(work: Work, units: Applied["units"]): Promise<void> {
  const names = Object.keys(units);
  if (names.length === 0) return;
  work.say(`stopping ${names.join(", ")}`);
  const services = (which: string[]): string => which.map((name) => sh(`${name}.service`)).join(" ");
  const stopped = names.filter((name) => units[name]?.active !== true);
  const disabled = names.filter((name) => units[name]?.enabled !== true);
  const script = [
    ...(stopped.length === 0 ? [] : [`systemctl stop ${services(stopped)}`]),
    ...(disabled.length === 0 ? [] : [`systemctl --quiet disable ${services(disabled)}`]),
    showUnits(names),
  ].join("\n");
  const ran = await work.machine.run(script, { signal: work.signal, within: budget.unit });
  const now = parseUnits(ran.stdout);
  for (const name of names) {
    const { active, file } = now.get(name) ?? absent;
    const stays = stopped.includes(name) && !["inactive", "failed"].includes(active);
    if (stays || (disabled.includes(name) && file === "enabled")) throw notTakenBack(work, name, ran);
    work.changed("unit", `${name} ${stopped.includes(name) ? "stopped and disabled" : "left as it was"}`);
  }
  work.applied.units = without(work.applied.units, names);
  await work.record();
}

const restore = `# Gives files back to what was there before; what was nowhere before goes.
set -eu
restore() { # path, where its original is kept
  if [ -e "$2" ] || [ -L "$2" ]; then
    mv -fT -- "$2" "$1"
    if command -v restorecon >/dev/null; then restorecon -- "$1"; fi
    echo restored
  elif [ -e "$1.rpmnew" ]; then # its package came after our file
    mv -fT -- "$1.rpmnew" "$1"
    echo restored
  else
    rm -f -- "$1"
    rmdir --ignore-fail-on-non-empty -- "\${1%/*}" 2>/dev/null || true
    echo removed
  fi
}
`;

async function dropFiles(work: Work, files: Applied["files"]): Promise<void> {
  const paths = Object.keys(files);
  if (paths.length === 0) return;
  work.say(`removing ${paths.join(", ")}`);
  const script = [
    restore,
    ...paths.map((path) => `restore ${sh(path)} ${sh(originalOf(path))}`),
    ...(paths.some(isUnitFile) ? ["systemctl daemon-reload"] : []),
  ].join("\n");
  const ran = await work.machine.run(script, { signal: work.signal });
  if (ran.code !== 0) throw notTakenBack(work, paths.join(", "), ran);
  const done = ran.stdout.split("\n");
  for (const [index, path] of paths.entries()) {
    work.changed("file", `${path} ${done[index] ?? "removed"}`, files[path]?.restarts);
  }
  work.applied.files = without(work.applied.files, paths);
  await work.record();
}

async function dropImages(work: Work, images: string[]): Promise<void> {
  if (images.length === 0) return;
  work.say(`removing ${images.join(", ")}`);
  const gone = images.map((name) => `! docker inspect --type image ${sh(name)} >/dev/null 2>&1`).join(" && ");
  const script = `docker rmi -f ${images.map(sh).join(" ")} 2>&1\n${gone}`;
  const ran = await work.machine.run(script, { signal: work.signal, within: budget.image });
  if (ran.code !== 0) throw notTakenBack(work, images.join(", "), ran);
  for (const name of images) work.changed("image", `${name} removed`);
  work.applied.images = work.applied.images.filter((name) => !images.includes(name));
  await work.record();
}

/**
 * Removes packages that nothing installed needs; one that something else needs would be there in a fresh lab, too. What
 * came with them as dependencies goes as well: yum 3 must be told, dnf does so by itself.
 */
async function dropPackages(work: Work, packages: string[]): Promise<void> {
  if (packages.length === 0) return;
  const all = packages.map(sh).join(" ");
  const { machine, signal } = work;
  const look = `# Asks which packages nothing else needs.
export LC_ALL=C
if rpm -e --test ${all} >/dev/null 2>&1; then printf '%s\\n' ${all}; exit; fi
for name in ${all}; do if rpm -e --test "$name" >/dev/null 2>&1; then printf '%s\\n' "$name"; fi; done`;
  const free = (await machine.run(look, { signal })).stdout.split("\n");
  const names = packages.filter((name) => free.includes(name));
  if (names.length > 0) {
    work.say(`removing ${names.join(", ")}`);
    const script = `LC_ALL=C yum -y --setopt=clean_requirements_on_remove=1 remove ${names.map(sh).join(" ")} </dev/null 2>&1`;
    const ran = await machine.run(script, { signal, within: budget.packages });
    if (ran.code !== 0) throw notTakenBack(work, names.join(", "), ran);
    for (const name of names) work.changed("package", `${name} removed`);
  }
  work.applied.packages = work.applied.packages.filter((name) => !packages.includes(name));
  await work.record();
}

/**
 * Takes back what provisioning had done to the machine and its plan no longer wants: effects of steps, units, files,
 * images, packages. Else a change that takes something away would be judged with it still there.
 * @returns whether anything was taken back
 * @throws LabNotBuilt where something cannot be
 */
export async function takeBack(work: Work): Promise<boolean> {
  const { files, units, packages, images, steps } = unwanted(work.applied, work.plan);
  const counts = [files, units, packages, images, steps].map((things) => Object.keys(things).length);
  if (counts.every((count) => count === 0)) return false;
  // Steps first: what they did may need the units.
  for (const [step, { effects }] of Object.entries(steps).reverse()) await undo(work, step, effects);
  await dropImages(work, images);
  await dropUnits(work, units);
  await dropFiles(work, files);
  await dropPackages(work, packages);
  return true;
}
