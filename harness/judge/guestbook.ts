import { budget } from "../budgets.ts";
import { ClusterBroken } from "../errors.ts";
import { factOf, linesOf, type Observation } from "../facts/fact.ts";
import { apiPath, type Kind, type Pod } from "../facts/kubernetes.ts";
import { answerOf, curl, type Answer } from "../facts/http.ts";
import { sh } from "../render/quote.ts";
import { eventually } from "./eventually.ts";
import type { SpecLab } from "./lab.ts";
import type { Master } from "./master.ts";
import { about, claim } from "./subject.ts";

/** The guestbook's deployments; its services have the same names. */
const deployments = ["redis-master", "redis-slave", "frontend"] as const;
const names: readonly string[] = deployments;

/** The port that each of its services has, and that its pods answer on. */
export const servicePorts: Record<(typeof deployments)[number], number> = {
  "redis-master": 6379,
  "redis-slave": 6379,
  frontend: 80,
};

/** A command's last words where it failed. */
const complaint = (_: string, { code, stderr }: Observation): string | undefined =>
  code === 0 ? undefined : (linesOf(stderr).at(-1) ?? `exit code ${code}`);

/** `--validate=false`: a later kubectl would validate against a schema that Kubernetes 1.5 does not serve. */
const create = factOf(
  "create objects",
  (api: string, file: string) =>
    `timeout 100 kubectl --server ${sh(api)} create --validate=false -f ${sh(file)}`,
  complaint,
);

const patchService = factOf(
  "patch service",
  (api: string, name: string, patch: string) =>
    `timeout 100 kubectl --server ${sh(api)} patch service ${sh(name)} --type=merge -p ${sh(patch)}`,
  complaint,
);

const request = "curl -sS --noproxy '*' -A hardway-e2e --max-time 20 -o /dev/null -w '%{http_code}\\n'";

/** What is gone already is as good as deleted. */
function isDone(stdout: string, { machine, stderr }: Observation): void {
  const status = stdout.trim();
  if (status !== "200" && status !== "404")
    throw new ClusterBroken(`${machine}: expected the API to do it, saw HTTP ${status} ${stderr.trim()}`);
}

const scaleToNone = factOf(
  "scale to none",
  (url: string) =>
    `${request} -X PATCH -H 'Content-Type: application/merge-patch+json' -d '{"spec":{"replicas":0}}' ${sh(url)}`,
  isDone,
);

const remove = factOf("delete object", (url: string) => `${request} -X DELETE ${sh(url)}`, isDone);

const post = factOf(
  "post message",
  (url: string) => curl(url),
  (_, seen) => answerOf(seen.args[0] ?? "", seen),
);

const isOurs = ({ labels }: { labels: Record<string, string> }): boolean =>
  ["redis", "guestbook"].includes(labels["app"] ?? "");

/** The guide's guestbook on a cluster: made from the manifests that provisioning left on the master. */
class Guestbook {
  /** How many pods each of its deployments keeps. */
  readonly replicas: Record<(typeof deployments)[number], number>;
  readonly #master: Master;
  #making: Promise<void> | undefined;

  constructor({ master, guestbook }: Pick<SpecLab, "master" | "guestbook">) {
    this.#master = master;
    const { redisSlaves, frontends } = guestbook;
    this.replicas = { "redis-master": 1, "redis-slave": redisSlaves, frontend: frontends };
  }

  /** Creates it, in the place of one left by an aborted run; once, and as often as it was unmade. @throws what creating throws, each time */
  async make(): Promise<void> {
    about(this.#master, "guestbook objects");
    this.#making ??= this.remove().then(() => this.#create());
    await this.#making;
  }

  /** Removes what was made. */
  async unmake(): Promise<void> {
    if (this.#making === undefined) return;
    this.#making = undefined;
    await this.remove();
  }

  /** Services before deployments: pods find them by environment variables, set when a pod starts. */
  async #create(): Promise<void> {
    for (const file of ["services", "deployments"]) {
      const objects = about(this.#master, "guestbook objects");
      const { readings, api } = this.#master;
      const saw = await readings.act(create, api, `/etc/hardway/guestbook/${file}.yaml`);
      claim(saw === undefined, objects, `kubectl to create its ${file}`, saw ?? "");
    }
  }

  /** Turns the frontend from ClusterIP to NodePort, as the guide does. */
  async expose(): Promise<void> {
    const services = about(this.#master, "guestbook services");
    const { readings, api } = this.#master;
    const saw = await readings.act(patchService, api, "frontend", '{"spec":{"type":"NodePort"}}');
    claim(saw === undefined, services, "kubectl to patch the frontend's", saw ?? "");
  }

  pods = async (): Promise<Pod[]> => (await this.#master.pods()).filter(isOurs);
  services = async () => (await this.#master.services()).filter(({ name }) => names.includes(name));

  /** Everything of it but its pods. */
  objects = async (): Promise<{ name: string }[]> => [
    ...(await this.#deployments()),
    ...(await this.#replicaSets()),
    ...(await this.services()),
  ];
  #deployments = async () => (await this.#master.deployments()).filter(({ name }) => names.includes(name));
  #replicaSets = async () => (await this.#master.replicaSets()).filter(isOurs);

  /** The port of every worker that leads to the frontend. @throws CheckFailed while there is none */
  async nodePort(): Promise<number> {
    const frontend = (await this.services()).find(({ name }) => name === "frontend");
    const port = frontend?.nodePorts[0];
    claim(
      port !== undefined,
      about(this.#master, "guestbook services"),
      "frontend to have a NodePort",
      frontend?.type ?? "no service",
    );
    return port;
  }

  /** Stores a message through a worker's NodePort; what the page says to that: "Updated". */
  post = async (through: string, port: number, message: string): Promise<string> =>
    said(
      await this.#master.readings.act(
        post,
        `${page(through, port)}?cmd=set&key=messages&value=${encodeURIComponent(message)}`,
      ),
    );

  /** What is stored, as the page tells it through a worker's NodePort. */
  message = async (through: string, port: number): Promise<string> =>
    said(await this.#master.asks(`${page(through, port)}?cmd=get&key=messages`));

  /**
   * Removes all of it, what an aborted run left too: by the API and from the pods upwards, since a later kubectl
   * relies on a garbage collection that Kubernetes 1.5 does not have (facts/kubernetes-1.5.2.md §f).
   */
  async remove(): Promise<void> {
    const { readings, api } = this.#master;
    const urls = (kind: Kind, objects: readonly { name: string }[]) =>
      objects.map(({ name }): [string] => [`${api}${apiPath(kind, name)}`]);
    const left = await this.#deployments();
    if (left.length > 0) await readings.actOnEach(scaleToNone, urls("deployments", left));
    await this.areGone();
    const all = [
      ...urls("deployments", left),
      ...urls("replicasets", await this.#replicaSets()),
      ...urls("services", await this.services()),
    ];
    if (all.length > 0) await readings.actOnEach(remove, all);
  }

  /** Waits for the last pod to go. @throws CheckFailed naming those that stay */
  areGone = () =>
    eventually(
      async () => {
        const pods = await this.pods();
        claim(
          pods.length === 0,
          about(this.#master, "guestbook gone"),
          "no pod to be left",
          pods.map(({ name }) => name).join(", "),
        );
      },
      { within: budget.gone },
    );
}

const guestbooks = new WeakMap<SpecLab, Guestbook>();

/** The guestbook of a cluster: one, whichever spec asks. */
export function guestbookOn(lab: SpecLab): Guestbook {
  const known = guestbooks.get(lab) ?? new Guestbook(lab);
  guestbooks.set(lab, known);
  return known;
}

/** What the page answered: its message or data; the whole answer where it is another. */
function said({ status, body }: Answer): string {
  const told = /^\s*\{\s*"(?:message|data)"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)?.[1];
  return status === 200 && told !== undefined
    ? String(JSON.parse(told))
    : `HTTP ${status}: ${body.slice(0, 200)}`;
}

const page = (host: string, port: number): string => `http://${host}:${port}/guestbook.php`;
