import type { Asked, Fact } from "../facts/fact.ts";
import { httpFromContainer, httpOftenFromContainer, dockerInfo } from "../facts/docker.ts";
import { file } from "../facts/file.ts";
import { filterTable } from "../facts/filter.ts";
import { dockerOptions, subnetEnv } from "../facts/flannel.ts";
import { http } from "../facts/http.ts";
import { importedKeys } from "../facts/keys.ts";
import { links, routes, type Link } from "../facts/links.ts";
import { listeners } from "../facts/listeners.ts";
import { bypasses, packageFiles, packages } from "../facts/packages.ts";
import { machineParts } from "../facts/parts.ts";
import { refusals } from "../facts/refusals.ts";
import { ping } from "../facts/ping.ts";
import { packageManager } from "../facts/repositories.ts";
import { addressesOf } from "../facts/resolution.ts";
import { sysctl } from "../facts/sysctl.ts";
import { clock, system } from "../facts/system.ts";
import { unit, type Unit } from "../facts/unit.ts";
import { unitFiles } from "../facts/unit-files.ts";
import { unitProcess } from "../facts/unit-process.ts";
import type { Role } from "../lab/schema.ts";
import { sysctlsOf, unitsOf } from "./roles.ts";
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
  state: [clock, system, machineParts, listeners, links, routes, filterTable],
} as const satisfies Record<Planned, readonly Fact<unknown>[]>;

const planOf = (name: string): Planned =>
  (["packages", "kept files"] as const).find((plan) => plans[plan].some((fact) => fact.name === name)) ??
  "state";

/** What of a lab each of its machines is asked about. */
export interface Surroundings {
  /** The names of the lab's machines. */
  names: readonly string[];
  /** The paths of files that it was given, by machine. */
  files: ReadonlyMap<string, readonly string[]>;
}

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
  planned(what: Planned, { names, files }: Surroundings): Asked[] {
    const asked = plans[what].map((fact) => fact.ask());
    if (what !== "state") return asked;
    return [
      ...asked,
      ...watchedUnits(this.role).map((name) => unit.ask(name)),
      ...unitsOf[this.role].flatMap((name) => [unitProcess.ask(name), unitFiles.ask(name)]),
      ...Object.keys(sysctlsOf[this.role]).map((name) => sysctl.ask(name)),
      ...names.map((name) => addressesOf.ask(name)),
      ...(files.get(this.name) ?? []).map((path) => file.ask(path)),
    ];
  }

  /** What is asked where a spec about this machine failed, for telling why, beside what its daemons say. */
  circumstances = (): Asked[] => [filterTable.ask()];

  /** How far its clock is ahead of the host's, in seconds, as it was first seen. */
  clockAhead = (): Promise<number> => {
    this.#prepare("state");
    return this.readings.readFirst(clock);
  };
  system = () => this.read(system);
  parts = () => this.read(machineParts);
  /** What its stand-ins cannot show. */
  refusals = () => this.read(refusals);
  listeners = () => this.read(listeners);
  links = () => this.read(links);
  routes = () => this.read(routes);
  packageManager = () => this.read(packageManager);
  importedKeys = () => this.read(importedKeys);
  packages = () => this.read(packages);
  packageFiles = () => this.read(packageFiles);
  signatureBypasses = () => this.read(bypasses);
  filterTable = () => this.read(filterTable);
  unit = (name: string): Promise<Unit> => this.read(unit, name);
  /** Those of its role. */
  units = () => Promise.all(unitsOf[this.role].map((name) => this.unit(name)));
  /** A unit as the judging found it. */
  unitFoundAtFirst = (name: string) => this.readings.readFirst(unit, name);
  /** The same for no evidence; undefined while no spec has looked. */
  unitAtFirst = (name: string): Unit | undefined => this.readings.recall(unit, name);
  /** A unit's main process as it was started. */
  process = (name: string) => this.read(unitProcess, name);
  unitFiles = (name: string) => this.read(unitFiles, name);
  sysctl = (name: string) => this.read(sysctl, name);
  /** The addresses this machine takes a name for. */
  addressesOf = (name: string) => this.read(addressesOf, name);
  file = (path: string) => this.read(file, path);
  /** What a URL answers when this machine asks. */
  asks = (url: string) => this.read(http, url);
  pings = (address: string) => this.read(ping, address);

  /** An interface by its name; undefined where there is none. */
  async link(name: string): Promise<Link | undefined> {
    return (await this.links()).find((link) => link.name === name);
  }
}

/** A worker: flannel, docker, a kubelet and kube-proxy. */
export class Worker extends SpecMachine {
  override readonly role = "worker";

  override planned(what: Planned, surroundings: Surroundings): Asked[] {
    const own = what === "state" ? [subnetEnv, dockerOptions, dockerInfo] : [];
    return super.planned(what, surroundings).concat(own.map((fact) => fact.ask()));
  }

  subnetEnv = () => this.read(subnetEnv);
  dockerOptions = () => this.read(dockerOptions);
  docker = () => this.read(dockerInfo);
  /** What a URL answers when a container of this worker asks. */
  asksOftenFromContainer = (pid: string, url: string) => this.read(httpOftenFromContainer, pid, url);
  asksFromContainer = (pid: string, url: string) => this.read(httpFromContainer, pid, url);
}
