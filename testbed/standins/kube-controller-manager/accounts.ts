import { ApiError, type ApiClient } from "../common/api.ts";
import type { Mirror } from "./mirror.ts";

/** Gives each namespace its default service account, key or no key. */
export class AccountController {
  readonly #api: ApiClient;
  readonly #mirror: Mirror;

  constructor(api: ApiClient, mirror: Mirror) {
    this.#api = api;
    this.#mirror = mirror;
  }

  async sync(): Promise<void> {
    const { namespaces, accounts } = this.#mirror;
    for (const { metadata, status } of namespaces) {
      const has = accounts.some(
        (account) => account.metadata.namespace === metadata.name && account.metadata.name === "default",
      );
      if (has || status?.phase === "Terminating") continue;
      const account = { metadata: { name: "default", namespace: metadata.name } };
      try {
        await this.#api.create(`/api/v1/namespaces/${metadata.name}/serviceaccounts`, account);
      } catch (error) {
        // Made already, and not heard of yet.
        if (!(error instanceof ApiError && error.reason === "AlreadyExists")) throw error;
      }
    }
  }
}
