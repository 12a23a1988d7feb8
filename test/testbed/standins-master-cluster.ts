import { generateKeyPairSync } from "node:crypto";
import { access, writeFile } from "node:fs/promises";
import https from "node:https";
import { ApiClient } from "../../testbed/standins/common/api.ts";
import { EtcdV2 } from "../../testbed/standins/common/etcd.ts";
import { freePorts, until, Workshop, type Daemon } from "./standins-master-daemons.ts";

/** Debian's package etcd-server. */
async function findEtcd(): Promise<string> {
  for (const folder of (process.env.PATH ?? "").split(":")) {
    const file = `${folder}/etcd`;
    const there = await access(file).then(
      () => true,
      () => false,
    );
    if (there) return file;
  }
  throw new Error("etcd is not installed: apt-get install etcd-server");
}

async function startEtcd(workshop: Workshop, program: string, client: number, peer: number): Promise<Daemon> {
  const urls = { client: `http://127.0.0.1:${client}`, peer: `http://127.0.0.1:${peer}` };
  const daemon = workshop.start(
    program,
    "--enable-v2=true",
    "--unsafe-no-fsync",
    `--data-dir=${workshop.folder}/etcd`,
    `--listen-client-urls=${urls.client}`,
    `--advertise-client-urls=${urls.client}`,
    `--listen-peer-urls=${urls.peer}`,
    `--initial-advertise-peer-urls=${urls.peer}`,
    `--initial-cluster=default=${urls.peer}`,
  );
  await until(() => new EtcdV2([urls.client]).get("/"));
  return daemon;
}

/** A real etcd and the apiserver's stand-in on ports of their own, and what else of a master is started there. */
export class TestMaster {
  readonly address: string;
  readonly api: ApiClient;
  readonly etcd: EtcdV2;
  readonly keyFile: string;
  readonly daemons: { etcd: Daemon; apiserver: Daemon };
  readonly #workshop: Workshop;
  readonly #secure: number;

  private constructor(workshop: Workshop, etcd: Daemon, [client = 0, insecure = 0, secure = 0]: number[]) {
    this.#workshop = workshop;
    this.#secure = secure;
    this.keyFile = `${workshop.folder}/serviceaccount.key`;
    this.address = `http://127.0.0.1:${insecure}`;
    this.api = new ApiClient(this.address);
    this.etcd = new EtcdV2([`http://127.0.0.1:${client}`]);
    const apiserver = workshop.start(
      "kube-apiserver",
      `--etcd-servers=http://127.0.0.1:${client}`,
      `--insecure-port=${insecure}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${secure}`,
      "--advertise-address=10.146.47.100",
      `--cert-dir=${workshop.folder}`,
      "--service-cluster-ip-range=10.254.0.0/16",
      "--admission-control=NamespaceLifecycle,NamespaceExists,SecurityContextDeny,ServiceAccount",
      `--service-account-key-file=${this.keyFile}`,
    );
    this.daemons = { etcd, apiserver };
  }

  static async start(): Promise<TestMaster> {
    const program = await findEtcd();
    const workshop = await Workshop.open("kube-apiserver", "kube-controller-manager", "kube-scheduler");
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
    await writeFile(`${workshop.folder}/serviceaccount.key`, pem);
    const [peer = 0, client = 0, ...ports] = await freePorts(4);
    const etcd = await startEtcd(workshop, program, client, peer);
    const master = new TestMaster(workshop, etcd, [client, ...ports]);
    await until(async () => ((await fetch(`${master.address}/healthz`)).ok ? true : undefined));
    return master;
  }

  /** Starts another of the master's daemons. */
  async startOn(name: string, ...args: string[]): Promise<Daemon> {
    const [port = 0] = await freePorts(1);
    const where = [`--master=${this.address}`, "--address=127.0.0.1", `--port=${port}`];
    return this.#workshop.start(name, ...where, ...args);
  }

  /** The status of the secure port's answer; no token where it is empty. */
  askSecurely(token: string): Promise<number> {
    const headers = token === "" ? {} : { Authorization: `Bearer ${token}` };
    const port = this.#secure;
    return new Promise((resolve, reject) => {
      https
        .get(
          { host: "127.0.0.1", port, path: "/healthz", headers, rejectUnauthorized: false },
          (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          },
        )
        .on("error", reject);
    });
  }

  close(): Promise<void> {
    return this.#workshop.close();
  }
}
