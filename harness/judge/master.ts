import { etcdHealth, etcdMembers, etcdTree } from "../facts/etcd.ts";
import type { Asked } from "../facts/fact.ts";
import { filterTable } from "../facts/filter.ts";
import { leasesIn, type Lease } from "../facts/flannel.ts";
import {
  componentStatuses,
  deployments,
  endpoints,
  nodes,
  pods,
  replicaSets,
  services,
} from "../facts/kubernetes.ts";
import { defaultToken, keyFile } from "../facts/service-account.ts";
import type { Lab } from "../lab/lab.ts";
import { SpecMachine, type Planned, type Surroundings } from "./machine.ts";
import type { Readings } from "./readings.ts";
import { serviceAccountKey } from "./roles.ts";

/** The master: etcd with flannel's configuration, and the Kubernetes API. */
export class Master extends SpecMachine {
  override readonly role = "master";
  /** The API as workers reach it. */
  readonly api: string;
  readonly tls: string;
  readonly etcd: string;
  readonly #prefix: string;

  constructor(readings: Readings, prepare: (planned: Planned) => void, { flannel, ports }: Lab) {
    super(readings, prepare);
    this.api = `http://${this.address}:${ports.apiserver.insecure}`;
    this.tls = `https://${this.address}:${ports.apiserver.secure}`;
    this.etcd = `http://${this.address}:${ports.etcd.client}`;
    this.#prefix = flannel.prefix;
  }

  override planned(what: Planned, surroundings: Surroundings): Asked[] {
    if (what !== "state") return super.planned(what, surroundings);
    return super
      .planned(what, surroundings)
      .concat(
        etcdHealth.ask(this.etcd),
        etcdMembers.ask(this.etcd),
        etcdTree.ask(this.etcd, this.#prefix),
        nodes.ask(this.api),
        componentStatuses.ask(this.api),
        ...this.#objects(),
        keyFile.ask(serviceAccountKey),
        defaultToken.ask(this.api, this.tls, serviceAccountKey),
      );
  }

  override circumstances = (): Asked[] => [filterTable.ask(), nodes.ask(this.api), ...this.#objects()];

  #objects = (): Asked[] => [services, endpoints, pods].map((kind) => kind.ask(this.api));

  etcdHealth = () => this.read(etcdHealth, this.etcd);
  etcdMembers = () => this.read(etcdMembers, this.etcd);
  nodes = () => this.read(nodes, this.api);
  componentStatuses = () => this.read(componentStatuses, this.api);
  pods = () => this.read(pods, this.api);
  services = () => this.read(services, this.api);
  endpoints = () => this.read(endpoints, this.api);
  deployments = () => this.read(deployments, this.api);
  replicaSets = () => this.read(replicaSets, this.api);
  serviceAccountKey = () => this.read(keyFile, serviceAccountKey);
  defaultToken = () => this.read(defaultToken, this.api, this.tls, serviceAccountKey);

  /** The text under flannel's config key; undefined where there is no such key. */
  async flannelConfig(): Promise<string | undefined> {
    const keys = await this.read(etcdTree, this.etcd, this.#prefix);
    return keys.find(({ key }) => key === `${this.#prefix}/config`)?.value;
  }

  async flannelLeases(): Promise<Lease[]> {
    return leasesIn(await this.read(etcdTree, this.etcd, this.#prefix), this.#prefix);
  }
}
