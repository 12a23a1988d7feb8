import { isDeepStrictEqual } from "node:util";
import { ApiError, type ApiClient } from "../common/api.ts";
import { log } from "../common/log.ts";
import type { Service } from "../common/objects.ts";
import { Turn } from "../common/turn.ts";
import { Backoff } from "./backoff.ts";
import type { ContainerInfo, Docker } from "./docker.ts";
import type { Images, Waiting } from "./images.ts";
import {
  graceOf,
  infraName,
  label,
  pathOf,
  titleOf,
  type KubeletContainer,
  type KubeletPod,
  type PodStatus,
} from "./pod.ts";
import { publish } from "./publish.ts";
import { containerRecipe, infraRecipe, type Recipe, type Surroundings } from "./recipe.ts";
import { PodContainers, statusOf } from "./status.ts";
import type { Volumes } from "./volumes.ts";

const retryPause = 10_000;
const infraGrace = 2;

/** What every pod's worker shares. */
export interface Shared {
  docker: Docker;
  api: ApiClient;
  images: Images;
  volumes: Volumes;
  infraImage: string;
  /** The machine's address. */
  hostIP: string;
  /** Every service, undefined until they are known. */
  services: () => Service[] | undefined;
}

/** Makes docker run one pod's containers, or end them, and tells the API. */
export class PodWorker {
  readonly #shared: Shared;
  readonly #turn = new Turn(() => this.#work());
  readonly #backoff = new Backoff();
  readonly #waiting = new Map<string, Waiting>();
  readonly #onEnded: () => void;
  #pod: KubeletPod;
  #gone = false;
  #status: PodStatus | undefined;
  #timer: NodeJS.Timeout | undefined;
  #due = Infinity;

  /** `onEnded` is called when nothing of the pod is left. */
  constructor(shared: Shared, pod: KubeletPod, onEnded: () => void) {
    this.#shared = shared;
    this.#pod = pod;
    this.#status = pod.status;
    this.#onEnded = onEnded;
  }

  get pod(): KubeletPod {
    return this.#pod;
  }

  update(pod: KubeletPod): void {
    this.#pod = pod;
    this.#turn.ask();
  }

  /** Something may have happened to its containers. */
  look(): void {
    this.#turn.ask();
  }

  /** The API has the pod no more. */
  forget(): void {
    this.#gone = true;
    this.#turn.ask();
  }

  async #work(): Promise<void> {
    clearTimeout(this.#timer);
    this.#due = Infinity;
    try {
      if (this.#gone || this.#pod.metadata.deletionTimestamp !== undefined) await this.#end();
      else await this.#run();
    } catch (error) {
      log.error(`Error syncing pod ${this.#pod.metadata.uid}, skipping: ${(error as Error).message}`);
      this.#lookIn(retryPause);
    }
  }

  async #run(): Promise<void> {
    const { docker } = this.#shared;
    const known = this.#shared.services();
    // Pods get the variables of the services there are: without having heard of any, none may start.
    if (known === undefined || ["Succeeded", "Failed"].includes(this.#pod.status?.phase ?? "")) return;
    const containers = await this.#containers();
    try {
      const infra = containers.infra?.Id ?? (await this.#startInfra(containers));
      const info = await docker.inspect(infra);
      const podIp = info?.NetworkSettings.IPAddress ?? "";
      const volumes = await this.#shared.volumes.prepare(this.#pod);
      const around = { infra, podIp, services: known, volumes };
      for (const container of this.#pod.spec.containers) await this.#ensure(container, containers, around);
    } finally {
      await this.#tell(await this.#containers());
    }
  }

  async #tell(containers: PodContainers): Promise<void> {
    const status = statusOf(this.#pod, containers, this.#waiting, this.#shared.hostIP, this.#status);
    if (isDeepStrictEqual(status, this.#status)) return;
    await publish(this.#shared.api, this.#pod, status);
    this.#status = status;
  }

  /** The id of a new infra container; what ran in the old one's network is ended first. */
  async #startInfra(containers: PodContainers): Promise<string> {
    const { images, infraImage } = this.#shared;
    await this.#stop(containers, graceOf(this.#pod));
    for (const { Id } of containers.named(infraName)) await this.#shared.docker.remove(Id);
    const problem = await images.ensure(infraImage, "IfNotPresent");
    if (problem !== undefined) {
      this.#lookIn(images.waitFor(infraImage));
      const failed = `failed to "StartContainer" for "POD" with ${problem.reason}`;
      throw new Error(`${failed}: ${JSON.stringify(problem.message)}`);
    }
    return this.#start(infraRecipe(this.#pod, infraImage));
  }

  async #ensure(container: KubeletContainer, containers: PodContainers, around: Surroundings): Promise<void> {
    const { name, image, imagePullPolicy = "IfNotPresent" } = container;
    const [latest, ...older] = containers.named(name);
    const inPlace = latest?.HostConfig.NetworkMode === `container:${around.infra}`;
    if (latest?.State.Running === true && inPlace) return;
    if (latest !== undefined && !this.#mayRestart(latest.State.ExitCode)) return;
    const left = latest === undefined ? 0 : this.#backoff.left(name, endOf(latest));
    if (left > 0) {
      const wait = `Back-off ${this.#backoff.wait(name) / 1000}s restarting failed container=${name}`;
      this.#hold(name, { reason: "CrashLoopBackOff", message: `${wait} pod=${titleOf(this.#pod)}` }, left);
      return;
    }
    const problem = await this.#shared.images.ensure(image, imagePullPolicy);
    if (problem !== undefined) {
      this.#hold(name, problem, this.#shared.images.waitFor(image));
      return;
    }
    const restarts = latest === undefined ? 0 : Number(latest.Config.Labels[label.restarts] ?? 0) + 1;
    for (const { Id } of older) await this.#shared.docker.remove(Id);
    // The first restart is at once.
    if (latest !== undefined) this.#backoff.next(name);
    try {
      await this.#start(containerRecipe(this.#pod, container, restarts, around));
      this.#waiting.delete(name);
    } catch (error) {
      this.#hold(name, { reason: "RunContainerError", message: (error as Error).message }, retryPause);
    }
  }

  #mayRestart(exitCode: number): boolean {
    const policy = this.#pod.spec.restartPolicy ?? "Always";
    return policy === "Always" || (policy === "OnFailure" && exitCode !== 0);
  }

  #hold(name: string, why: Waiting, wait: number): void {
    this.#waiting.set(name, why);
    this.#lookIn(wait);
  }

  async #start({ name, body }: Recipe): Promise<string> {
    const id = await this.#shared.docker.create(name, body);
    await this.#shared.docker.start(id);
    return id;
  }

  /** Ends the pod's containers, and the pod in the API where it was asked to go. */
  async #end(): Promise<void> {
    const { docker, api, volumes } = this.#shared;
    const containers = await this.#containers();
    await this.#stop(containers, graceOf(this.#pod));
    if (containers.infra !== undefined) await docker.stop(containers.infra.Id, infraGrace);
    await Promise.all(containers.all.map(({ Id }) => docker.remove(Id)));
    await volumes.remove(this.#pod.metadata.uid);
    if (!this.#gone) {
      const options = { gracePeriodSeconds: 0, preconditions: { uid: this.#pod.metadata.uid } };
      await api.remove(pathOf(this.#pod), options).catch((error: unknown) => {
        if (!(error instanceof ApiError && (error.code === 404 || error.code === 409))) throw error;
      });
    }
    this.#onEnded();
  }

  async #stop(containers: PodContainers, grace: number): Promise<void> {
    await Promise.all(containers.running.map(({ Id }) => this.#shared.docker.stop(Id, grace)));
  }

  async #containers(): Promise<PodContainers> {
    return new PodContainers(await this.#shared.docker.containers(`${label.uid}=${this.#pod.metadata.uid}`));
  }

  #lookIn(wait: number): void {
    if (Date.now() + wait >= this.#due) return;
    this.#due = Date.now() + wait;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#turn.ask();
    }, wait);
  }
}

/** When the container ended; undefined where it never ran. */
function endOf({ State }: ContainerInfo): number | undefined {
  return State.FinishedAt.startsWith("0001-") ? undefined : Date.parse(State.FinishedAt);
}
