import type { Asked, Fact } from "../facts/fact.ts";
import { httpFromContainer, dockerInfo } from "../facts/docker.ts";
import { dockerOptions, subnetEnv } from "../facts/flannel.ts";
import { http } from "../facts/http.ts";
import { importedKeys } from "../facts/keys.ts";
import { forwardPolicy, links, routes, type Link } from "../facts/links.ts";
import { listeners } from "../facts/listeners.ts";
import { bypasses, packageFiles, packages } from "../facts/packages.ts";
import { machineParts } from "../facts/parts.ts";
import { ping } from "../facts/ping.ts";
import { packageManager } from "../facts/repositories.ts";
import { system } from "../facts/system.ts";
import { units, type Unit } from "../facts/units.ts";
import type { Role } from "../lab/schema.ts";
import { unitsOf } from "./roles.ts";
import type { Readings } from "./readings.ts";

/** The units a machine is asked about: its role's, and the firewall that must not be there. */
const watchedUnits = (role: Role): string[] => [...unitsOf[role], "firewalld"];

/**
 * The snapshots of a machine: its packages, their kept files, whose proof takes an emulated machine long, and the
 * state it is in.
 */
export type Planned = "packages" | "kept files" | "state";

const plans = {
  packages: [packageManager, importedKeys, packages, bypasses],
  "kept files": [packageFiles],
  state: [system, machineParts, listeners, links, routes],
} as const satisfies Record<Planned, readonly Fact<unknown>[]>;

const planOf = (name: string): Planned =>
  (["packages", "kept files"] as const).find((plan) => plans[plan].some((fact) => fact.name === name)) ??
  "state";

/**
 * A machine as specs see it: nouns to ask for, no commands to run. What it answers is typed data; what was asked
 * before is not asked again, except where `eventually` looks anew.
 */
export abstract class SpecMachine {
  abstract readonly role: Role;
  readonly name: string;
  readonly address: string;
  readonly readings: Readings;
  readonly #prepare: (planned: Planned) => void;

  /** @param prepare called before a fact is read: takes its snapshot, on every machine at once */
  constructor(readings: Readings, prepare: (planned: Planned) => void) {
    this.name = readings.observer.name;
    this.address = readings.observer.address;
    this.readings = readings;
    this.#prepare = prepare;
  }

  read<T, A extends readonly string[]>(fact: Fact<T, A>, ...args: A): Promise<T> {
    this.#prepare(planOf(fact.name));
    return this.readings.read(fact, ...args);
  }

  /** What every machine is asked at once, before the first spec that wants to know. */
  planned(what: Planned): Asked[] {
    const asked = plans[what].map((fact) => fact.ask());
    return what === "state" ? [...asked, units.ask(...watchedUnits(this.role))] : asked;
  }

  system = () => this.read(system);
  parts = () => this.read(machineParts);
  listeners = () => this.read(listeners);
  links = () => this.read(links);
  routes = () => this.read(routes);
  packageManager = () => this.read(packageManager);
  importedKeys = () => this.read(importedKeys);
  packages = () => this.read(packages);
  packageFiles = () => this.read(packageFiles);
  signatureBypasses = () => this.read(bypasses);
  units = () => this.read(units, ...watchedUnits(this.role));
  /** The units as the judging found them. */
  unitsAtFirst = () => this.readings.readFirst(units, ...watchedUnits(this.role));
  /** The same of one unit, for no evidence; undefined while no spec has looked. */
  unitAtFirst = (name: string): Unit | undefined =>
    this.readings.recall(units, ...watchedUnits(this.role))?.find((unit) => unit.name === name);
  /** What a URL answers when this machine asks. */
  asks = (url: string) => this.read(http, url);
  pings = (address: string) => this.read(ping, address);

  async unit(name: string): Promise<Unit> {
    const unit = (await this.units()).find((one) => one.name === name);
    if (unit === undefined) throw new Error(`${name} is no unit of a ${this.role}`);
    return unit;
  }

  /** An interface by its name; undefined where there is none. */
  async link(name: string): Promise<Link | undefined> {
    return (await this.links()).find((link) => link.name === name);
  }
}

/** A worker: flannel, docker, a kubelet and kube-proxy. */
export class Worker extends SpecMachine {
  override readonly role = "worker";

  override planned(what: Planned): Asked[] {
    const own = what === "state" ? [subnetEnv, dockerOptions, forwardPolicy, dockerInfo] : [];
    return super.planned(what).concat(own.map((fact) => fact.ask()));
  }

  subnetEnv = () => this.read(subnetEnv);
  dockerOptions = () => this.read(dockerOptions);
  forwardPolicy = () => this.read(forwardPolicy);
  docker = () => this.read(dockerInfo);
  /** What a URL answers when a container of this worker asks. */
  asksFromContainer = (pid: string, url: string) => this.read(httpFromContainer, pid, url);
}
