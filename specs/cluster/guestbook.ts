import type { Lab } from "../../harness/lab/lab.ts";
import type { Setting, SettingProblem } from "../../harness/settings/setting.ts";

/** An object's settings, by their paths. */
interface Manifest {
  kind: string;
  name: string;
  settings: readonly Setting[];
}

type Rule = (settings: readonly Setting[], lab: Lab) => SettingProblem[];

/** The objects in the manifests, each once. */
function manifestsIn(settings: readonly Setting[]): Manifest[] {
  const found = new Map<string, Setting[]>();
  for (const setting of settings) {
    const object = /^([A-Z]\w+ [^:]*): /.exec(setting.key)?.[1];
    if (setting.kind !== "manifest" || setting.state !== "set" || object === undefined) continue;
    const key = `${setting.machine} ${setting.path ?? ""} ${object}`;
    found.set(key, [...(found.get(key) ?? []), setting]);
  }
  return [...found.values()].flatMap((own) => {
    const [, kind = "", name = ""] = /^([A-Z]\w+) ([^:]*): /.exec(own[0]?.key ?? "") ?? [];
    return [{ kind, name, settings: own }];
  });
}

/** An object's settings whose path a pattern fits, with what its groups find. */
const at = ({ settings }: Manifest, path: RegExp): { setting: Setting; groups: string[] }[] =>
  settings.flatMap((setting) => {
    const found = path.exec(setting.key.replace(/^[A-Z]\w+ [^:]*: /, ""));
    return found === null ? [] : [{ setting, groups: found.slice(1) }];
  });

const warning = (
  settings: readonly [Setting, ...Setting[]],
  message: string,
  hint: string,
): SettingProblem => ({ severity: "warning", message, hint, source: settings[0].source, settings });

const podPath = (object: Manifest): string => (object.kind === "Pod" ? "" : "spec\\.template\\.");

const labelsOf = (object: Manifest): { name: string; setting: Setting }[] =>
  at(object, new RegExp(`^${podPath(object)}metadata\\.labels\\.(.+)$`)).map(({ setting, groups }) => ({
    name: groups[0] ?? "",
    setting,
  }));

const portsOf = (object: Manifest): Setting[] => at(object, /\.containerPort$/).map(({ setting }) => setting);

/** Each service's selector and ports, and the pods' labels and ports. */
const selectors: Rule = (settings) => {
  const objects = manifestsIn(settings);
  const pods = objects.filter((object) => at(object, /\bspec\.containers\b/).length > 0);
  return objects
    .filter(({ kind }) => kind === "Service")
    .flatMap((service): SettingProblem[] => {
      const wanted = at(service, /^spec\.selector\.(.+)$/).map(({ setting, groups }) => ({
        name: groups[0] ?? "",
        setting,
      }));
      const [first, ...others] = wanted.map(({ setting }) => setting);
      if (first === undefined || pods.length === 0) return [];
      const fits = (object: Manifest): boolean => {
        const labels = new Map(labelsOf(object).map(({ name, setting }) => [name, setting.value]));
        return wanted.every(({ name, setting }) => labels.get(name) === setting.value);
      };
      const chosen = pods.filter(fits);
      const selector = wanted.map(({ name, setting }) => `${name}=${setting.value}`).join(",");
      const namesake = pods.find(({ name }) => name === service.name);
      const labels = namesake === undefined ? [] : labelsOf(namesake);
      if (chosen.length === 0) {
        const odd = wanted.find(({ name, setting }) =>
          labels.every((label) => label.name !== name || label.setting.value !== setting.value),
        );
        const saw = labels.map(({ name, setting }) => `${name}=${setting.value}`).join(",") || "none";
        const ends = odd === undefined ? [first, ...others] : [odd.setting, first, ...others];
        return [
          warning(
            [ends[0] ?? first, ...new Set([...ends, ...labels.map(({ setting }) => setting)])],
            `expected pods with the labels ${selector} that service ${service.name} selects, saw none: those of ${service.name} have ${saw}`,
            "a service's selector and its pods' labels are two ends of one thing",
          ),
        ];
      }
      if (namesake !== undefined && !chosen.includes(namesake)) {
        return [
          warning(
            [first, ...others, ...labels.map(({ setting }) => setting)],
            `expected service ${service.name} to select the pods of ${namesake.name}, saw those of ${chosen.map(({ name }) => name).join(", ")} by ${selector}`,
            "a service's selector and its pods' labels are two ends of one thing",
          ),
        ];
      }
      const more = chosen.filter(({ name }) => name !== service.name);
      const crowd =
        namesake === undefined || more.length === 0
          ? []
          : [
              warning(
                [first, ...others],
                `expected service ${service.name} to select the pods of ${service.name} alone, saw those of ${more.map(({ name }) => name).join(", ")} too, by ${selector}`,
                "select by a label that only its own pods have",
              ),
            ];
      return [...crowd, ...targetPorts(service, chosen)];
    });
};

function targetPorts(service: Manifest, pods: readonly Manifest[]): SettingProblem[] {
  const open = pods.flatMap(portsOf);
  if (open.length === 0) return [];
  return at(service, /^spec\.ports\[(.+)\]\.port$/).flatMap(({ setting, groups }): SettingProblem[] => {
    const target = at(service, /^spec\.ports\[(.+)\]\.targetPort$/).find(
      (one) => one.groups[0] === groups[0],
    )?.setting;
    const { value } = target ?? setting;
    if (!/^\d+$/.test(value) || open.some((port) => port.value === value)) return [];
    return [
      warning(
        [target ?? setting, ...open],
        `expected service ${service.name} to send to a port its pods have, saw ${value} and ${[...new Set(open.map((port) => port.value))].join(", ")}`,
        "targetPort, which is the service's port where it is not given, and containerPort are two ends of one thing",
      ),
    ];
  });
}

/** Ports that the images ask services at: they take a service's address from its variables, and no port. */
const asked: Readonly<Record<string, string>> = {
  "redis-master": "6379",
  "redis-slave": "6379",
  frontend: "80",
};

const askedPorts: Rule = (settings) =>
  manifestsIn(settings).flatMap((object): SettingProblem[] => {
    const expected =
      object.kind === "Service" && Object.hasOwn(asked, object.name) ? asked[object.name] : undefined;
    const ports = at(object, /^spec\.ports\[.+\]\.port$/).map(({ setting }) => setting);
    const [first, ...rest] = ports;
    if (expected === undefined || first === undefined || ports.some(({ value }) => value === expected))
      return [];
    return [
      warning(
        [first, ...rest],
        `expected service ${object.name} at port ${expected}, where it is asked, saw ${first.value}`,
        "what asks it knows the port, and takes only the address from the service",
      ),
    ];
  });

/** What the variable names of services come to: the images ask for these services by name. */
const names: Rule = (settings) => {
  const objects = manifestsIn(settings);
  const services = objects.filter(({ kind }) => kind === "Service").map(({ name }) => name);
  const [some] = objects
    .filter(({ kind }) => kind === "Service")
    .flatMap((object) => at(object, /^metadata\.name$/));
  if (some === undefined) return [];
  return Object.keys(asked)
    .filter((name) => !services.includes(name))
    .map((name) => {
      const renamed = objects.find((one) => one.kind === "Service" && !Object.hasOwn(asked, one.name));
      const own =
        renamed === undefined ? some.setting : (at(renamed, /^metadata\.name$/)[0]?.setting ?? some.setting);
      return warning(
        [own],
        `expected a service ${name}, whose variables pods ask for, saw ${services.join(", ")}`,
        `the images read ${name.toUpperCase().replaceAll("-", "_")}_SERVICE_HOST, or its name`,
      );
    });
};

/** Images that the lab does not load: there is no registry to have them from. */
const images: Rule = (settings, lab) => {
  const known = Object.values(lab.images).map(({ name }) => name);
  return manifestsIn(settings).flatMap((object) => [
    ...at(object, /\.image$/)
      .filter(({ setting }) => !known.includes(setting.value))
      .map(({ setting }) =>
        warning(
          [setting],
          `expected one of the lab's images for ${object.name}, saw ${setting.value}`,
          `the lab file has ${known.join(", ")}`,
        ),
      ),
    ...at(object, /\.imagePullPolicy$/)
      .filter(({ setting }) => setting.value === "Always")
      .map(({ setting }) =>
        warning(
          [setting],
          `expected ${object.name} to take the image that was loaded, saw imagePullPolicy ${setting.value}`,
          "the machines reach no registry",
        ),
      ),
  ]);
};

/** Deployments of no pods, and pods that find nobody or no room. */
const pods: Rule = (settings, lab) =>
  manifestsIn(settings).flatMap((object) => [
    ...at(object, /^spec\.replicas$/)
      .filter(({ setting }) => setting.value === "0")
      .map(({ setting }) =>
        warning(
          [setting],
          `expected pods of ${object.name}, saw ${setting.value} replicas`,
          "ask for one at least",
        ),
      ),
    ...at(object, /\.env\[GET_HOSTS_FROM\]\.value$/)
      .filter(({ setting }) => setting.value !== "env")
      .map(({ setting }) =>
        warning(
          [setting],
          `expected GET_HOSTS_FROM env for ${object.name}, saw ${setting.value}`,
          "the cluster has no DNS: pods find services by the variables they are started with",
        ),
      ),
    ...at(object, /\.requests\.(cpu|memory)$/).flatMap(({ setting, groups }): SettingProblem[] => {
      const most =
        groups[0] === "cpu"
          ? Math.max(...lab.workers.map(({ cpus }) => cpus))
          : Math.max(...lab.workers.map(({ memory }) => memory)) * 2 ** 20;
      if (amount(setting.value) < most) return [];
      return [
        warning(
          [setting],
          `expected a request for ${groups[0] ?? ""} that a worker has room for, saw ${setting.value} for ${object.name}`,
          "a pod that fits on no worker stays pending",
        ),
      ];
    }),
  ]);

const suffixes: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A quantity as Kubernetes writes it: `100m`, `100Mi`. */
const amount = (text: string): number => {
  const [, number = "0", suffix = ""] = /^"?([\d.]+)([a-zA-Z]*)"?$/.exec(text) ?? [];
  return Number(number) * (suffixes[suffix] ?? 1);
};

export const guestbookRules: readonly Rule[] = [selectors, askedPorts, names, images, pods];
