import type { Client, ClientChannel } from "ssh2";
import { budget } from "../budgets.ts";
import { NotJudged } from "../errors.ts";
import type { MachineFile } from "../lab/schema.ts";
import { connect, isRefusal, openChannel, type Target } from "./connection.ts";
import { exchange } from "./exchange.ts";
import { Gate } from "./gate.ts";
import type { Machine, Ran, RunOptions } from "./machine.ts";
import { poll } from "./poll.ts";
import { rootCommand } from "./quote.ts";

/** sshd takes 10 sessions on a connection by default, and refuses some from 8 on. */
const channels = 5;

/** A machine over one SSH connection, which is kept, and opened again when it was lost. */
export class SshMachine implements Machine, AsyncDisposable {
  readonly name: string;
  readonly role: Machine["role"];
  readonly address: string;
  readonly #target: Target;
  readonly #gate = new Gate(channels);
  #client: Promise<Client> | undefined;

  constructor({ name, role, address }: Pick<MachineFile, "name" | "role" | "address">, target: Target) {
    this.name = name;
    this.role = role;
    this.address = address;
    this.#target = target;
  }

  /** Connects, where it is not connected yet. @throws Error saying why it cannot */
  async connect(signal?: AbortSignal): Promise<void> {
    await this.#connected(signal);
  }

  run(script: string, options: RunOptions = {}): Promise<Ran> {
    return this.#gate.pass(() => this.#run(script, options));
  }

  /** Ends the connection; the next `run` opens another. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#client !== undefined) await this.#drop(this.#client);
  }

  /** Ends one connection; not the one that may be in its place by now, on which other commands run. */
  async #drop(client: Promise<Client>): Promise<void> {
    if (this.#client === client) this.#client = undefined;
    (await client.catch(() => undefined))?.destroy();
  }

  async #run(script: string, options: RunOptions): Promise<Ran> {
    const { within = budget.command, signal } = options;
    signal?.throwIfAborted();
    const { command, preamble } = rootCommand(script, Math.ceil(within / 1000) + 5);
    const subject = `${this.name}: ${firstLine(script)}`;
    const channel = await this.#open(command, subject, signal);
    return exchange(channel, { ...options, within, preamble, subject });
  }

  /** A command that was not started yet can be tried again, on a new connection too; a started one never is. */
  async #open(command: string, subject: string, signal: AbortSignal | undefined): Promise<ClientChannel> {
    let lost = 0;
    const channel = await poll(
      async () => {
        const client = this.#connected(signal);
        try {
          return await openChannel(await client, command);
        } catch (error) {
          signal?.throwIfAborted();
          if (isRefusal(error)) return undefined;
          await this.#drop(client);
          if (++lost > 1) throw this.#unreachable(subject, error);
          return undefined;
        }
      },
      { within: budget.handshake, every: 100, ...(signal === undefined ? {} : { signal }) },
    );
    if (channel === undefined) throw this.#unreachable(subject, "sshd refuses another session");
    return channel;
  }

  #connected(signal?: AbortSignal): Promise<Client> {
    if (this.#client !== undefined) return this.#client;
    const connecting = connect(this.#target, signal).then((client) => {
      client.on("error", () => undefined); // what matters is that it is closed then
      client.on("close", () => {
        if (this.#client === connecting) this.#client = undefined;
      });
      return client;
    });
    connecting.catch(() => {
      if (this.#client === connecting) this.#client = undefined;
    });
    this.#client = connecting;
    return connecting;
  }

  #unreachable(subject: string, error: unknown): NotJudged {
    const reason = error instanceof Error ? error.message : String(error);
    return new NotJudged({
      message: `${subject}: the machine cannot be reached: ${reason}`,
      details: [`ssh ${this.#target.username}@${this.#target.host} port ${this.#target.port}`],
      cause: error,
    });
  }
}

const firstLine = (script: string): string => {
  const line = script.split("\n").find((text) => text.trim() !== "") ?? "";
  return line.length > 100 ? `${line.slice(0, 97)}...` : line;
};
