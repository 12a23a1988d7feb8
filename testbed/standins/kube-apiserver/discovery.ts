import { resources, type Resource } from "./resources.ts";

/** As a v1.5.2 release says of itself. */
const version = {
  major: "1",
  minor: "5",
  gitVersion: "v1.5.2",
  gitCommit: "08e099554f3c31f6e6f07b448ab3ed78d0520507",
  gitTreeState: "clean",
  buildDate: "2017-01-12T04:52:34Z",
  goVersion: "go1.7.4",
  compiler: "gc",
  platform: "linux/amd64",
};

const groupVersion = { groupVersion: "extensions/v1beta1", version: "v1beta1" };
const group = {
  name: "extensions",
  versions: [groupVersion],
  preferredVersion: groupVersion,
  serverAddressByClientCIDRs: null,
};

function resourceList(of: Resource["group"], groupVersion: string, more: object[]): object {
  const listed = resources.filter((resource) => resource.group === of);
  return {
    kind: "APIResourceList",
    groupVersion,
    resources: [
      ...listed.flatMap(({ name, namespaced, kind, shortNames, subresources }) => [
        { name, namespaced, kind, ...(shortNames.length > 0 && { shortNames }) },
        ...subresources.map((sub) => ({ name: `${name}/${sub}`, namespaced, kind: kindOf(sub, kind) })),
      ]),
      ...more,
    ],
  };
}

function kindOf(subresource: string, kind: string): string {
  return { scale: "Scale", binding: "Binding" }[subresource] ?? kind;
}

/**
 * What the server says of itself at a path that belongs to no object, or undefined.
 * @param address the client's way here, host:port
 */
export function discover(path: string, address: string): object | undefined {
  switch (path) {
    case "/":
      return {
        paths: [
          "/api",
          "/api/v1",
          "/apis",
          "/apis/extensions",
          "/apis/extensions/v1beta1",
          "/healthz",
          "/version",
        ],
      };
    case "/version":
      return version;
    case "/api":
      return {
        kind: "APIVersions",
        versions: ["v1"],
        serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: address }],
      };
    case "/api/v1": {
      const componentStatuses = {
        name: "componentstatuses",
        namespaced: false,
        kind: "ComponentStatus",
        shortNames: ["cs"],
      };
      return resourceList("", "v1", [componentStatuses]);
    }
    case "/apis":
      return { kind: "APIGroupList", groups: [group] };
    case "/apis/extensions":
      return { kind: "APIGroup", apiVersion: "v1", ...group };
    case "/apis/extensions/v1beta1":
      return resourceList("extensions", "extensions/v1beta1", []);
    default:
      return undefined;
  }
}
