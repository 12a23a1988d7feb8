import { z } from "zod";
import { labSchema, type Role } from "./schema.ts";

const { shape } = labSchema;
const url = z.string().min(1);
const machine = shape.machines.element;
const image = z.looseObject({ name: z.string(), archive: url.optional() });

/**
 * A lab as a session keeps it: a lab file's values with what was prepared filled in, where a URL may be any that the
 * host's own folders lead to. What an older one could not say is filled in by `withDefaults`.
 */
export const keptLabSchema = z
  .looseObject({
    name: shape.name,
    file: z.string(),
    summary: z.string(),
    isolation: shape.isolation,
    network: shape.network,
    management: shape.management,
    machines: shape.machines,
    box: z.looseObject({ ...shape.box.shape, url, checksums: url }),
    keys: z.array(z.looseObject({ ...shape.keys.element.shape, url })),
    repositories: z.array(z.looseObject({ ...shape.repositories.element.shape, baseurl: z.array(url) })),
    control: shape.control,
    flannel: shape.flannel,
    services: shape.services,
    ports: shape.ports.optional(),
    guestbook: z.looseObject({ redisSlaves: z.int().min(1), frontends: z.int().min(1) }).optional(),
    images: z.looseObject({ pause: image, redisMaster: image, redisSlave: image, frontend: image }),
    listeners: shape.listeners,
    master: machine.refine(({ role }) => role === ("master" satisfies Role)),
    workers: z.array(machine).min(1),
    hostAddress: z.ipv4(),
  })
  .refine(({ machines, master, workers }) => {
    const names = (list: { name: string }[]) =>
      list
        .map(({ name }) => name)
        .sort()
        .join();
    return names(machines) === names([master, ...workers]);
  });
