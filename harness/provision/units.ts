import { budget, withinHealthy } from "../budgets.ts";
import { tail } from "../machines/command.ts";
import { poll } from "../machines/poll.ts";
import { sh } from "../render/quote.ts";
import { ask } from "./ask.ts";
import { unitBroken } from "./unit-broken.ts";
import { absent, parseUnits, showUnits } from "./unit-state.ts";
import type { UnitState } from "./unit-state.ts";
import type { Work } from "./work.ts";

/**
 * How long systemctl may wait in one look for a unit's start to end, in seconds. It waits on the machine: looking
 * again and again would take an emulated machine's time from the very daemon that is starting.
 */
const wait = 5;

/** A main process that systemd had to start this often will not stay. */
const loop = 3;

const service = (unit: string): string => sh(`${unit}.service`);

interface Look {
  state: UnitState;
  /** The last that systemctl complained about. */
  complaint: string | undefined;
}

/** Gives a command about a unit some time to end, and looks at the unit then, in one round trip. */
async function after(work: Work, unit: string, command: string): Promise<Look> {
  const script = `${command}\n${showUnits([unit])}`;
  const { stdout, stderr } = await work.machine.run(script, { signal: work.signal });
  return { state: parseUnits(stdout).get(unit) ?? absent, complaint: tail(stderr, 1)[0] };
}

const text = ({ active, sub, result }: UnitState): string =>
  `it ${active} (${[sub, ...(result === "" || result === "success" ? [] : [`result ${result}`])].join(", ")})`;

/**
 * Starts a unit and watches it until it is active. `systemctl start` alone blocks until systemd's own limit when a
 * unit does not notify, and says nothing of a daemon that fails and is started again.
 * @returns when its main process began
 */
async function start(
  work: Work,
  unit: string,
  verb: "start" | "restart",
  before: UnitState,
): Promise<number> {
  const begun = Date.now();
  const within = withinHealthy(budget.unit, work.healthy.get(unit));
  const starts = new Set<number>();
  let looks = 0;
  let last: Look = { state: before, complaint: undefined };
  // systemd does not start what failed too often before it is told to forget that.
  const forget = before.active === "failed" ? `systemctl reset-failed ${service(unit)}\n` : "";
  const settled = await poll(
    async () => {
      // Every `start` after the first command joins its wait.
      const command =
        looks === 0 ? `${forget}timeout ${wait} systemctl ${verb}` : `timeout ${wait} systemctl start`;
      last = await after(work, unit, `${command} ${service(unit)}`);
      looks += 1;
      const { load, active, pending, began } = last.state;
      if (began !== 0 && began !== before.began) starts.add(began);
      if (load === "not-found") return "absent";
      if (starts.size >= loop) return "looping";
      if (pending || ["activating", "deactivating", "reloading"].includes(active)) return undefined;
      return active === "active" ? "active" : "ended";
    },
    { within, every: 250, signal: work.signal },
  );
  if (settled === "active") return last.state.began;
  const took = `${looks} looks in ${((Date.now() - begun) / 1000).toFixed(1)} s of ${(within / 1000).toFixed(0)} s`;
  const again = starts.size > 1 ? `, started ${starts.size} times` : "";
  const saw = settled === "absent" ? (last.complaint ?? "no such unit") : text(last.state);
  throw await unitBroken(work, unit, `${saw}${again} (${took})`);
}

/** Enables the plan's units, all at once: each call makes systemd read all of its files again. */
async function enable(work: Work): Promise<void> {
  const units = work.plan.items.flatMap((item) => (item.kind === "unit" ? [item.name] : []));
  for (const unit of units) {
    const { file, active } = work.first.units.get(unit) ?? absent;
    work.applied.units[unit] ??= { enabled: file === "enabled", active: active === "active" };
  }
  await work.record();
  const disabled = units.filter((unit) => work.first.units.get(unit)?.file !== "enabled");
  if (disabled.length === 0) return;
  const command = `systemctl --quiet enable ${disabled.map(service).join(" ")}`;
  const ran = await work.machine.run(command, { signal: work.signal });
  if (ran.code !== 0) {
    const unit = disabled.find((name) => ran.stderr.includes(`${name}.service`)) ?? disabled.join(", ");
    throw await unitBroken(work, unit, tail(ran.stderr, 1)[0] ?? `exit code ${ran.code}`);
  }
  for (const unit of disabled) work.changed("unit", `${unit} enabled`);
}

/** A unit's state: as it was found, as long as nothing was changed that could have stopped it. */
async function state(work: Work, unit: string): Promise<UnitState> {
  const first = work.first.units.get(unit) ?? absent;
  if (first.active !== "active" || !work.hasChanged()) return first;
  return (await ask(work.machine, { units: [unit] }, work.signal)).units.get(unit) ?? absent;
}

/**
 * Enables a unit and sees to it that it is active, with its files as they are now.
 * @throws ClusterBroken when it does not become active: the settings make no working cluster
 */
export async function bringUp(work: Work, unit: string): Promise<void> {
  if (!work.unitsReached) await enable(work);
  work.unitsReached = true;
  const before = await state(work, unit);
  const running = before.active === "active";
  const restart = work.restarts.delete(unit) && before.active !== "inactive";
  if (running && !before.pending && !restart) return;
  work.say(`${running ? "restarting" : "starting"} ${unit}`);
  work.changed("unit", `${unit} ${running ? "restarted" : "started"}`);
  work.started.set(unit, await work.timed(() => start(work, unit, restart ? "restart" : "start", before)));
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
    const now = units.get(unit) ?? absent;
    if (now.active === "active" && now.began === began) continue;
    const saw = now.active === "active" ? "it started again by systemd" : text(now);
    throw await unitBroken(work, unit, `${saw} soon after its start`);
  }
}
