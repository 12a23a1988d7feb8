import type { LoadedLab } from "../lab/load.ts";
import { cores, disks, memory, node, places } from "./capacity.ts";
import type { Finding } from "./finding.ts";
import { cgroups, kvm, libvirt, namespaces, rights } from "./isolation.ts";
import { earlier, networks } from "./occupied.ts";
import { pool } from "./pool.ts";
import { chromium, packages, programs } from "./programs.ts";
import { everyLab, type Requirement } from "./requirements.ts";
import { sources } from "./sources.ts";

/**
 * Looks for everything a lab needs of this host, side by side, so that it takes as long as the slowest look: 5 s where
 * nothing answers. Nothing is changed.
 * @param needs the packages that the lab's prepare hook needs beside those of every lab
 */
export async function doctorFor(lab: LoadedLab, needs: Requirement[]): Promise<Finding[]> {
  const required = [...everyLab, ...needs];
  const looks: Promise<Finding[] | Finding>[] = [
    node(),
    packages(required),
    programs(required),
    rights(lab),
    kvm(lab),
    lab.isolation === "host" ? libvirt() : namespaces(),
    cgroups(lab),
    cores(lab),
    memory(lab),
    places(lab),
    disks(lab),
    pool(lab),
    networks(lab),
    earlier(lab),
    sources(lab),
    chromium(),
  ];
  return (await Promise.all(looks)).flat();
}
