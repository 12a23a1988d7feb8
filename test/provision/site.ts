import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Lab } from "../../harness/lab/lab.ts";
import { provision } from "../../harness/provision/provision.ts";
import type { Change, ProvisionResult } from "../../harness/provision/result.ts";
import { aLab } from "./labs.ts";
import { LocalMachine } from "./local.ts";
import { ownTemplates } from "../../harness/paths.ts";

/** Where an image's archive lies in the site's folder. */
const archive = (name: string): string => name.replace("/", "-");

/** What changes of some kinds were about. */
export const what = (changes: Change[] | undefined, ...kinds: Change["kind"][]): string[] =>
  (changes ?? []).filter(({ kind }) => kinds.includes(kind)).map((change) => change.what);

/** A master and a worker on this host, and the lab they are provisioned for. */
export class Site implements AsyncDisposable {
  readonly master: LocalMachine;
  readonly worker: LocalMachine;
  readonly lab: Lab;
  /** The folder of the roles. */
  templates = ownTemplates;
  /** What provisioning said: "worker1: starting kubelet". */
  readonly said: string[] = [];
  readonly #folder: string;

  private constructor(master: LocalMachine, worker: LocalMachine, lab: Lab, folder: string) {
    this.master = master;
    this.worker = worker;
    this.lab = lab;
    this.#folder = folder;
  }

  static async start(): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), "hardway-site-"));
    const lab = await aLab("embedded", (one) => {
      one.keys = [];
      one.repositories = [];
      for (const image of Object.values(one.images))
        if ("archive" in image) image.archive = pathToFileURL(join(folder, archive(image.name))).href;
    });
    const master = await LocalMachine.start("master", "master", folder);
    const worker = await LocalMachine.start("worker1", "worker", folder);
    const site = new Site(master, worker, lab, folder);
    for (const { name } of Object.values(lab.images)) await site.publish(name, "1");
    return site;
  }

  /** Makes an image's archive, of this content. */
  publish(image: string, id: string): Promise<void> {
    return writeFile(join(this.#folder, archive(image)), `${image} sha256:${id}\n`);
  }

  provision(signal = new AbortController().signal): Promise<ProvisionResult> {
    const say = (machine: string, text: string): number => this.said.push(`${machine}: ${text}`);
    return provision(this.lab, [this.master, this.worker], { signal, templates: this.templates, say });
  }

  /** What provisioning throws, when it must. */
  refusal(signal?: AbortSignal): Promise<unknown> {
    return this.provision(signal).then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  /** Resolves once provisioning has said so; mocha's timeout ends a wait in vain. */
  async says(text: RegExp): Promise<void> {
    while (!this.said.some((line) => text.test(line))) await pause(20);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.master[Symbol.asyncDispose](), this.worker[Symbol.asyncDispose]()]);
    await rm(this.#folder, { recursive: true });
  }
}
