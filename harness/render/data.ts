import type { Lab } from "../lab/lab.ts";
import { movedPorts } from "../lab/ports.ts";
import type { MachineFile } from "../lab/schema.ts";

type Repository = Lab["repositories"][number];

/** What a template of machine files can name. */
interface TemplateData extends Pick<Lab, "master" | "workers" | "machines"> {
  lab: Lab;
  /** The machine the file is for. */
  machine: MachineFile;
  flannel: Lab["flannel"];
  services: Lab["services"];
  ports: Lab["ports"];
  /** Which of the groups in `ports` are not where the daemons listen by default. */
  moved: ReturnType<typeof movedPorts>;
  guestbook: Lab["guestbook"];
  images: Lab["images"];
  keys: Lab["keys"];
  /** The lab's repositories, each with the path at which machines keep its key. */
  repositories: (Repository & { keyPath: string })[];
}

/** The data for one machine's templates; the lab's rules see to it that each repository's key exists. */
export function templateData(lab: Lab, machine: MachineFile): TemplateData {
  const { master, workers, machines, flannel, services, ports, guestbook, images, keys } = lab;
  const paths = new Map(keys.map((key) => [key.id, key.path]));
  const repositories = lab.repositories.map((repository) => ({
    ...repository,
    keyPath: paths.get(repository.key) ?? "",
  }));
  return {
    lab,
    machine,
    master,
    workers,
    machines,
    flannel,
    services,
    ports,
    moved: movedPorts(ports),
    guestbook,
    images,
    keys,
    repositories,
  };
}
