import { log } from "../common/log.ts";
import { Backoff } from "./backoff.ts";
import type { Docker } from "./docker.ts";

/** Why a container does not run yet, as its status says it. */
export interface Waiting {
  reason: string;
  message: string;
}

/** Sees to it that images are there, pulling one at a time, and not too often what cannot be pulled. */
export class Images {
  readonly #docker: Docker;
  readonly #backoff = new Backoff();
  #pulling: Promise<unknown> = Promise.resolve();

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** Undefined once docker has the image, else why it has not. Throws DockerError where docker is down. */
  async ensure(image: string, policy: string): Promise<Waiting | undefined> {
    if (policy !== "Always" && (await this.#docker.hasImage(image))) return undefined;
    if (policy === "Never") {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      return { reason: "ErrImageNeverPull", message };
    }
    if (this.waitFor(image) > 0) {
      return { reason: "ImagePullBackOff", message: `Back-off pulling image "${image}"` };
    }
    const pull = this.#pulling.then(() => this.#docker.pull(image));
    this.#pulling = pull.catch(() => undefined);
    try {
      await pull;
      return undefined;
    } catch (error) {
      this.#backoff.next(image);
      const { message } = error as Error;
      log.error(`Failed to pull image "${image}": ${message}`);
      return { reason: "ErrImagePull", message };
    }
  }

  /** The milliseconds until the image is asked for again. */
  waitFor(image: string): number {
    return this.#backoff.left(image);
  }
}
