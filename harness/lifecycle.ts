import { collect } from "./collect/collect.ts";
import { components } from "./judge/cluster.ts";
import { knownFrom } from "./judge/known.ts";
import { provisioningFailures } from "./judge/provisioning-failures.ts";
import { NotJudged } from "./errors.ts";
import { refusals } from "./facts/refusals.ts";
import { judge, type Judgement, type SpecResult } from "./judge/index.ts";
import { takeDown } from "./machines/down.ts";
import { servePackages } from "./machines/package-server.ts";
import type { SshMachine } from "./machines/ssh.ts";
import { bringUp, machinesOf } from "./machines/up.ts";
import { labHome } from "./paths.ts";
import { record } from "./report/recording.ts";
import { packagePort } from "./begin/rehearse.ts";
import { provision } from "./provision/provision.ts";
import type { ProvisionResult } from "./provision/result.ts";
import { givenFiles } from "./provision/given.ts";
import { countsOf } from "./report/counts.ts";
import { templatesDigest } from "./report/digest.ts";
import type { Progress } from "./report/progress.ts";
import { writeSession, type Session } from "./session.ts";

/** What every step of the life cycle is given. */
export interface Course {
  session: Session;
  progress: Progress;
  signal: AbortSignal;
}

/** A lab whose machines answer. Disposing drops the connections; `down` is what ends the machines. */
export interface Running extends AsyncDisposable {
  course: Course;
  machines: SshMachine[];
}

/** A lab whose machines were turned into their roles, as far as its settings let them. */
export interface Provisioned {
  running: Running;
  result: ProvisionResult;
}

/** Rendered → Running. @throws LabNotBuilt when a machine does not answer */
export async function up(course: Course): Promise<Running> {
  const { session, progress, signal } = course;
  const { lab, placement, box, folder } = session;
  const machines = await progress.stage("up", async (say) => {
    const home = labHome(lab.name);
    const answered = await bringUp({ lab, placement, box, folder, home, say, signal });
    return [answered, `${answered.length} machines answer over SSH, ${placement.driver}`];
  });
  return running(course, machines);
}

/** A lab that is up already → Running: the machines connect when they are first used. */
export const reach = (course: Course): Running => running(course, machinesOf(course.session.lab));

/** Running → Provisioned. @throws BadConfiguration, LabNotBuilt or NotJudged as `provision` does, and where a stand-in cannot show it */
export async function provisionLab(
  current: Running,
  { healthy }: { healthy?: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined } = {},
): Promise<Provisioned> {
  const { session, progress, signal } = current.course;
  const result = await progress.stage("provision", async (say) => {
    await using _ = await packageServer(session);
    const doing = new Map<string, string>();
    const done = await provision(session.lab, current.machines, {
      signal,
      templates: session.templates,
      healthy,
      say: (machine, text) => {
        doing.set(machine, text);
        say([...doing].map(([name, what]) => `${name}: ${what}`).join(" · "));
      },
    });
    const broke = done.failures.length === 0 ? "" : `, ${done.failures.length} machines broke off`;
    return [done, (done.changed === 0 ? "nothing to change" : `${done.changed} changes`) + broke];
  });
  session.provisioned = {
    digest: await templatesDigest(session.templates),
    revision: (session.provisioned?.revision ?? 0) + (result.changed > 0 ? 1 : 0),
    failures: result.failures,
  };
  await writeSession(session);
  await refuseStandIns(current);
  return { running: current, result };
}

/**
 * Ends a run whose settings want what a stand-in cannot do, before it is taken for a broken cluster.
 * @throws NotJudged
 */
async function refuseStandIns({ machines, course: { signal } }: Running): Promise<void> {
  const said = await Promise.all(
    machines.map(async (machine) => {
      const { stdout } = await machine.run(refusals.ask().command, { signal });
      return stdout.split("\n").flatMap((line) => (line === "" ? [] : [`${machine.name}: ${line}`]));
    }),
  );
  const [first, ...more] = said.flat();
  if (first === undefined) return;
  throw new NotJudged({
    message: first,
    details: more,
    hint: "npm run e2e -- --daemons upstream, or --daemons FOLDER with the real one in it",
  });
}

/** How to judge. */
export interface Judging {
  /** Only specs whose full title matches. */
  grep?: RegExp | undefined;
  /** The longest wait of each spec in a healthy run, milliseconds, by its whole title. */
  healthy?: ReadonlyMap<string, number> | undefined;
  /** Which judging of this run it is, from 1. */
  round?: number;
}

/** Provisioned → judged: the specs' answers. */
export async function judgeLab(
  { running }: Pick<Provisioned, "running">,
  { grep, healthy, round = 1 }: Judging = {},
): Promise<Judgement> {
  const { session, progress, signal } = running.course;
  return progress.stage(round === 1 ? "judge" : `judge ${round}`, async (say) => {
    await using _ = await packageServer(session);
    const count = { passed: 0, failed: 0, unsteady: 0, "not judged": 0 };
    const onSpec = ({ status, title }: SpecResult) => {
      count[status]++;
      say(`${count.passed} passed, ${count.failed} failed · ${title.join(" › ")}`);
    };
    const files = await givenFiles(session.lab, session.templates);
    await using recording = await record(session.folder, round, files);
    const judgement = await judge(session.lab, running.machines, {
      signal,
      onSpec,
      record: recording.add,
      known: await knownFrom(session.lab, session.templates),
      failures: provisioningFailures(session.provisioned?.failures ?? [], components, session.lab.machines),
      files,
      ...(grep === undefined ? {} : { grep }),
      ...(healthy === undefined ? {} : { healthy }),
    });
    return [judgement, countsOf(judgement.specs)];
  });
}

/** Keeps what the machines can still say, in the run's folder. */
export async function keepEvidence({ course, machines }: Running): Promise<void> {
  const { session, progress } = course;
  await progress.stage("collect", async () => {
    const { files, denied } = await collect(machines, session.folder);
    for (const what of denied.slice(0, 5)) progress.announce(`warning: SELinux denied ${what}`);
    const more = denied.length === 0 ? "" : `; SELinux denied ${denied.length} things, see audit.txt`;
    return [files, `${files} files under machines/${more}`];
  });
}

/** Takes the machines, their disks and networks down, found by the session's label. */
export async function down({ session, progress }: Omit<Course, "signal">): Promise<void> {
  await progress.stage("down", async () => {
    const removed = await takeDown(session.placement.label, { uri: session.placement.uri });
    return [removed, `${removed.length} machines, volumes and networks removed`];
  });
}

function running(course: Course, machines: SshMachine[]): Running {
  return {
    course,
    machines,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(machines.map((machine) => machine[Symbol.asyncDispose]()));
    },
  };
}

/** The server of what the prepare hook published, for as long as machines may ask it. */
const packageServer = ({ published, lab }: Session): Promise<AsyncDisposable> =>
  published === undefined
    ? Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() })
    : servePackages(published, lab.hostAddress, packagePort);
