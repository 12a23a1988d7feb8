import { ClusterBroken } from "../errors.ts";
import { factOf, linesOf } from "../facts/fact.ts";
import { sh } from "../render/quote.ts";
import { running } from "./running.ts";
import type { Worker } from "./machine.ts";

const name = "hardway-probe";

const start = factOf(
  "start probe",
  (image: string) => `docker rm -f ${name} >/dev/null 2>&1
docker run -d --rm --name ${name} --label hardway-e2e=probe ${sh(image)} >/dev/null &&
docker inspect --format '{{.NetworkSettings.IPAddress}} {{.State.Pid}}' ${name}`,
  (stdout, { machine, code, stderr }) => {
    const [address = "", pid = ""] = stdout.trim().split(" ");
    if (code === 0) return { address, pid };
    throw new ClusterBroken(
      `${machine} docker: expected a container to start, saw ${linesOf(stderr).at(-1) ?? "nothing"}`,
    );
  },
);

const remove = factOf(
  "remove probe",
  () => `docker rm -f ${name} >/dev/null 2>&1`,
  () => undefined,
);

/** A container of ours on a worker, that answers HTTP and can ask: proves what pods could do, without Kubernetes. */
export class Probe {
  readonly #worker: Worker;
  /** On the worker's docker0. */
  readonly #address: string;
  /** Its first process, as the worker knows it. */
  readonly #pid: string;

  constructor(worker: Worker, { address, pid }: { address: string; pid: string }) {
    this.#worker = worker;
    this.#address = address;
    this.#pid = pid;
  }

  /** What the other container answers this one. */
  asks = (other: Probe) => this.#worker.asksFromContainer(this.#pid, `http://${other.#address}/`);
  /** The statuses that a URL answers when it is asked often. */
  asksOften = (url: string) => this.#worker.asksOftenFromContainer(this.#pid, url);
  remove = () => this.#worker.readings.actHere(remove);
}

const started = new WeakMap<Worker, Promise<Probe>>();

/** A worker's container that serves HTTP on port 80: started where it is first asked for, in the place of one left over. @throws ClusterBroken */
export function probeOn(worker: Worker): Promise<Probe> {
  const known = started.get(worker) ?? startOn(worker);
  started.set(worker, known);
  return known;
}

async function startOn(worker: Worker): Promise<Probe> {
  const image = running().lab.images.frontend.name;
  return new Probe(worker, await worker.readings.actHere(start, image));
}

/** Removes the containers that were started; those that did not start leave nothing. */
export async function removeProbes(workers: readonly Worker[]): Promise<void> {
  await Promise.all(
    workers.map(async (worker) => {
      const probe = started.get(worker);
      started.delete(worker);
      await probe?.then(
        (one) => one.remove(),
        () => undefined,
      );
    }),
  );
}
