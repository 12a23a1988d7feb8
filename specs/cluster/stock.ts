import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../harness/paths.ts";

/** The packages whose files are kept beside the embedded lab's, word for word as CentOS has them (facts/centos7.md §2). */
const packages = ["kubernetes", "etcd", "flannel", "docker"];

const files = [
  "/etc/kubernetes/config",
  "/etc/kubernetes/apiserver",
  "/etc/kubernetes/controller-manager",
  "/etc/kubernetes/scheduler",
  "/etc/kubernetes/kubelet",
  "/etc/kubernetes/proxy",
  "/etc/etcd/etcd.conf",
  "/etc/sysconfig/flanneld",
];

/** The variables that a text of a package sets, unquoted. */
function variablesIn(text: string): Map<string, string> {
  const lines = text.matchAll(/^([A-Z][A-Z0-9_]*)=(["']?)(.*)\2$/gm);
  return new Map([...lines].map(([, key = "", , value = ""]) => [key, value]));
}

/** What the packages' own files set, by path on the machine. */
export const stock: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  files.flatMap((path) => {
    const file = packages
      .map((name) => join(project, "testbed", "packages", name, "root", path))
      .find((one) => existsSync(one));
    return file === undefined ? [] : [[path, variablesIn(readFileSync(file, "utf8"))] as const];
  }),
);
