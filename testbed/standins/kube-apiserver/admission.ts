import { setTimeout as pausing } from "node:timers/promises";
import type { ApiObject, Namespace, Pod, PodSpec, Secret, ServiceAccount } from "../common/objects.ts";
import { Failure, forbidden } from "./failure.ts";
import { namespaces, pods, secrets, serviceAccounts, type Place } from "./resources.ts";
import type { Store } from "./store.ts";

/** Every admission plugin 1.5.2 knows; another name ends it at the start. */
export const knownPlugins = [
  "AlwaysAdmit",
  "AlwaysDeny",
  "AlwaysPullImages",
  "DefaultStorageClass",
  "DenyEscalatingExec",
  "DenyExecOnPrivileged",
  "ImagePolicyWebhook",
  "InitialResources",
  "LimitPodHardAntiAffinityTopology",
  "LimitRanger",
  "NamespaceAutoProvision",
  "NamespaceExists",
  "NamespaceLifecycle",
  "OwnerReferencesPermissionEnforcement",
  "PersistentVolumeLabel",
  "PodNodeSelector",
  "PodSecurityPolicy",
  "ResourceQuota",
  "SecurityContextDeny",
  "ServiceAccount",
];

/** Those of them that would show in a guestbook cluster, and do nothing here. */
export const pluginsOfTheReal = [
  "AlwaysDeny",
  "AlwaysPullImages",
  "ImagePolicyWebhook",
  "InitialResources",
  "NamespaceAutoProvision",
  "PodNodeSelector",
  "PodSecurityPolicy",
];

const tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const tokenType = "kubernetes.io/service-account-token";
const lookups = 10;
const lookupPause = 150;

/** What --admission-control asks for, as far as it shows in a guestbook cluster: the other plugins admit everything. */
export class Admission {
  readonly #store: Store;
  readonly #plugins: Set<string>;

  constructor(store: Store, plugins: string[]) {
    this.#store = store;
    this.#plugins = new Set(plugins);
  }

  /** The object as it may be created. @throws Failure where it may not */
  async create({ resource, namespace }: Place, object: ApiObject): Promise<ApiObject> {
    if (resource.namespaced) await this.#needsNamespace(resource, namespace, object.metadata.name);
    if (resource !== pods) return object;
    if (this.#plugins.has("SecurityContextDeny")) denySecurityContext(object as Pod);
    return this.#plugins.has("ServiceAccount") ? this.#withAccount(object as Pod, namespace) : object;
  }

  /** @throws Failure for the namespaces that must stay */
  remove({ resource, name }: Place): void {
    if (resource !== namespaces || !this.#plugins.has("NamespaceLifecycle")) return;
    if (name === "default" || name === "kube-system") {
      throw forbidden(namespaces, name, "this namespace may not be deleted");
    }
  }

  async #needsNamespace(resource: Place["resource"], namespace: string, name: string): Promise<void> {
    if (!this.#plugins.has("NamespaceLifecycle") && !this.#plugins.has("NamespaceExists")) return;
    const place = { resource: namespaces, namespace: "", name: namespace };
    const { status }: Namespace = await this.#store.get(place);
    if (status?.phase !== "Terminating") return;
    const why = `Unable to create new content in namespace ${namespace} because it is being terminated.`;
    throw forbidden(resource, name, why);
  }

  /** facts/kubernetes-1.5.2.md §e.1: the client is asked to try again each second, and gives up after ten times. */
  async #withAccount(pod: Pod, namespace: string): Promise<Pod> {
    const name = pod.spec.serviceAccountName || "default";
    const account = await this.#account(namespace, name);
    if (account === undefined) {
      const why = `service account ${namespace}/${name} was not found, retry after the service account is created`;
      throw forbidden(pods, pod.metadata.name, why);
    }
    const token = await this.#token(account, namespace);
    if (token === undefined) {
      const message =
        `No API token found for service account "${name}", ` +
        "retry after the token is automatically created and added to the service account";
      const details = { name: "create pod", kind: "serviceaccounts", retryAfterSeconds: 1 };
      throw new Failure(500, "ServerTimeout", message, details);
    }
    return { ...pod, spec: { ...mount(pod.spec, token), serviceAccountName: name, serviceAccount: name } };
  }

  /** The default account is made for each namespace: a moment's patience for it. */
  async #account(namespace: string, name: string): Promise<ServiceAccount | undefined> {
    const place = { resource: serviceAccounts, namespace, name };
    for (let left = name === "default" ? lookups : 1; left > 0; left -= 1) {
      try {
        return await this.#store.get(place);
      } catch (error) {
        if (!(error instanceof Failure && error.code === 404)) throw error;
      }
      if (left > 1) await pausing(lookupPause);
    }
    return undefined;
  }

  async #token(account: ServiceAccount, namespace: string): Promise<string | undefined> {
    if (!account.secrets?.length) return undefined;
    const named = new Set(account.secrets.map(({ name }) => name));
    const { items } = await this.#store.list(secrets, namespace);
    return (items as Secret[]).find(
      ({ metadata, type }) =>
        type === tokenType &&
        named.has(metadata.name) &&
        metadata.annotations?.["kubernetes.io/service-account.uid"] === account.metadata.uid,
    )?.metadata.name;
  }
}

function mount(spec: PodSpec, secretName: string): PodSpec {
  const volume = { name: secretName, secret: { secretName, defaultMode: 420 } };
  const volumes = spec.volumes ?? [];
  const present = volumes.find((given) => given.secret?.secretName === secretName);
  const mounted = { name: present?.name ?? volume.name, readOnly: true, mountPath: tokenPath };
  return {
    ...spec,
    volumes: present === undefined ? [...volumes, volume] : volumes,
    containers: spec.containers.map((container) => {
      const mounts = container.volumeMounts ?? [];
      if (mounts.some(({ mountPath }) => mountPath === tokenPath)) return container;
      return { ...container, volumeMounts: [...mounts, mounted] };
    }),
  };
}

function denySecurityContext({ metadata, spec }: Pod): void {
  const deny = (what: string): never => {
    throw forbidden(pods, metadata.name, `${what} is forbidden`);
  };
  const whole = spec.securityContext ?? {};
  if (whole.supplementalGroups !== undefined) deny("SecurityContext.SupplementalGroups");
  if (whole.seLinuxOptions !== undefined) deny("pod.Spec.SecurityContext.SELinuxOptions");
  if (whole.runAsUser !== undefined) deny("pod.Spec.SecurityContext.RunAsUser");
  if (whole.fsGroup !== undefined) deny("SecurityContext.FSGroup");
  for (const { securityContext = {} } of spec.containers) {
    if (securityContext.seLinuxOptions !== undefined) deny("SecurityContext.SELinuxOptions");
    if (securityContext.runAsUser !== undefined) deny("SecurityContext.RunAsUser");
  }
}
