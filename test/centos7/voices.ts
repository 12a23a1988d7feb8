import { alike, api, environment, json } from "./voices/api.ts";
import { filterTable } from "./voices/filter.ts";
import { links, ping, routes } from "./voices/links.ts";
import { listeners } from "./voices/listeners.ts";
import { controls, importedKeys, packageFiles, packages, repositories } from "./voices/packages.ts";
import { system } from "./voices/system.ts";
import { journal, shownUnit } from "./voices/units.ts";
import type { Voice } from "./voices/voice.ts";

const kubernetes = "Kubernetes 1.5.2, built from its source with Go 1.19 and run";
const etcd = "etcd 3.3.11, built from its tag and run";
const flannel = "the files of flannel 0.7.1-4.el7 in a public transcript (docs/facts/centos7.md §2, FLN)";
/** Not CentOS's to word: a script of the harness prints it, or the host does, or nothing is printed at all. */
const ours = "the harness itself";

/**
 * CentOS 7's voice for every fact and every act, by its name, whatever way observations are keyed.
 */
export const voices: Record<string, Voice> = {
  system,
  clock: alike(undefined),
  parts: alike(ours),
  refusals: alike(ours),
  listeners,
  links,
  routes,
  "filter table": filterTable,
  sysctl: alike(undefined),
  "addresses of name": alike(undefined),
  file: alike(undefined),
  "key file": alike(undefined),
  unit: shownUnit,
  "unit files": shownUnit,
  process: shownUnit,
  journal,
  "subnet.env": environment(flannel),
  "docker options": environment(flannel),
  "docker info": json(
    "docker 1.13.1, built from its tag and run; the names of the machine put in their place",
  ),
  "start probe": alike("docker 1.13.1, built from its tag and run"),
  "remove probe": alike(ours),
  "http from container": api(undefined),
  "http often from container": alike(undefined),
  ping,
  "etcd health": alike(etcd),
  "etcd members": api(etcd),
  "etcd tree": api(etcd),
  nodes: api(kubernetes),
  componentstatuses: api(kubernetes),
  deployments: api(kubernetes),
  replicasets: api(kubernetes),
  pods: api(kubernetes),
  services: api(kubernetes),
  endpoints: api(kubernetes),
  "default service account's token": alike(ours),
  "create objects": alike(kubernetes),
  "patch service": alike(kubernetes),
  "scale to none": alike(kubernetes),
  "delete object": alike(kubernetes),
  http: api(undefined),
  "post message": api(undefined),
  browser: alike(ours),
  repositories,
  "imported keys": importedKeys,
  packages,
  "signature bypasses": alike(ours),
  "package files": packageFiles,
  "control packages": controls,
};
