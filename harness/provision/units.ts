import { budget } from "../budgets.ts";
import { ClusterBroken } from "../errors.ts";
import { poll } from "../machines/poll.ts";
import { sh } from "../render/quote.ts";
import { ask } from "./ask.ts";
import { settingsBehind } from "./blame.ts";
import { tail } from "../machines/command.ts";
import type { UnitState } from "./unit-state.ts";
import type { Work } from "./work.ts";

/** Between two looks at a unit, in milliseconds; a look takes an emulated machine about as long. */
const every = 250;

/** A main process that systemd had to start this often will not stay. */
const loop = 3;

const absent: UnitState = {
  load: "not-found",
  active: "inactive",
  sub: "dead",
  result: "",
  file: "",
  pending: false,
  began: 0,
};

const look = async (work: Work, unit: string): Promise<UnitState> =>
  (await ask(work.machine, { units: [unit] }, work.signal)).units.get(unit) ?? absent;

/** The unit's failure as an answer: its state, its last words, and the settings these words are about. */
async function broken(work: Work, unit: string, saw: string): Promise<ClusterBroken> {
  const { machine, signal, files } = work;
  const ran = await machine.run(`journalctl -u ${sh(unit)} -n 20 --no-pager 2>/dev/null`, { signal });
  const journal = tail(ran.stdout, 20);
  return new ClusterBroken({
    message: `${machine.name} ${unit}: expected the unit to be active, saw ${saw}`,
    details: [
      ...journal,
      ...(await settingsBehind(journal, unit, files)).map((place) => `set by   ${place}`),
    ],
    hint: `npm run lab -- ssh ${machine.name} -- journalctl -u ${unit} -n 50`,
  });
}

const stateText = ({ active, sub, result }: UnitState): string =>
  `it ${active} (${[sub, ...(result === "" || result === "success" ? [] : [`result ${result}`])].join(", ")})`;

/**
 * Waits until a unit that was told to start is active. It is started without blocking and watched, because starting
 * a unit that notifies blocks until systemd's own limit, and because systemd restarts a daemon that fails.
 */
async function untilActive(work: Work, unit: string, before: UnitState): Promise<UnitState> {
  const begun = Date.now();
  const starts = new Set<number>();
  let looks = 0;
  let state = before;
  const settled = await poll(
    async () => {
      state = await look(work, unit);
      looks += 1;
      if (state.began !== 0 && state.began !== before.began) starts.add(state.began);
      if (starts.size >= loop) return "started again and again";
      if (state.pending || ["activating", "deactivating", "reloading"].includes(state.active))
        return undefined;
      return state.active === "active" ? "active" : "ended";
    },
    { within: budget.unit, every, signal: work.signal },
  );
  if (settled === "active") return state;
  const took = `${looks} looks in ${((Date.now() - begun) / 1000).toFixed(1)} s of ${budget.unit / 1000} s`;
  const again = settled === "started again and again" ? `, started ${starts.size} times` : "";
  throw await broken(work, unit, `${stateText(state)}${again} (${took})`);
}

/**
 * Enables a unit and sees to it that it is active, with its files as they are now.
 * @throws ClusterBroken when it does not become active: the settings make no working cluster
 */
export async function bringUp(work: Work, unit: string): Promise<void> {
  const { machine, signal } = work;
  const before = (await work.look({ units: [unit] })).units.get(unit) ?? absent;
  work.unitsReached = true;
  if (before.load === "not-found") throw await broken(work, unit, "no such unit");
  const restart = work.restarts.delete(unit);
  const start = restart || before.active !== "active" || before.pending;
  const service = sh(`${unit}.service`);
  const commands = [
    ...(before.file === "enabled" ? [] : [`systemctl --quiet enable ${service}`]),
    ...(before.active === "failed" ? [`systemctl reset-failed ${service}`] : []),
    ...(start ? [`systemctl --no-block ${restart ? "restart" : "start"} ${service}`] : []),
  ];
  if (commands.length === 0) return;
  const verb = before.active === "active" ? "restarted" : "started";
  work.say(start ? `${verb.replace(/ed$/, "ing")} ${unit}` : `enabling ${unit}`);
  const ran = await machine.run(["set -e", ...commands].join("\n"), { signal });
  if (ran.code !== 0) throw await broken(work, unit, tail(ran.stderr, 1)[0] ?? `exit code ${ran.code}`);
  if (before.file !== "enabled") work.changed("unit", `${unit} enabled`);
  if (!start) return;
  work.changed("unit", `${unit} ${verb}`);
  work.started.set(unit, (await untilActive(work, unit, before)).began);
}

/**
 * Looks once more at the units that were started: a daemon that does not notify counts as active as soon as it was
 * forked, and can die of its first flag after that.
 * @throws ClusterBroken when one is not active any more, or was started again since
 */
export async function stillUp(work: Work): Promise<void> {
  if (work.started.size === 0) return;
  const { units } = await ask(work.machine, { units: [...work.started.keys()] }, work.signal);
  for (const [unit, began] of work.started) {
    const state = units.get(unit) ?? absent;
    if (state.active === "active" && state.began === began) continue;
    const saw = state.active === "active" ? "it started again by systemd" : stateText(state);
    throw await broken(work, unit, `${saw} soon after its start`);
  }
}
