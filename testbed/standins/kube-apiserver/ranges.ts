const toNumber = (address: string): number =>
  address.split(".").reduce((number, quad) => number * 256 + Number(quad), 0);

const toAddress = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");

/** The addresses services may have: all of a network but its first and its last. */
export class ServiceRange {
  readonly #first: number;
  readonly #size: number;

  /** @throws RangeError where the network is too small to hold a service, in 1.5.2's words */
  constructor(cidr: string) {
    const [address = "", mask = "32"] = cidr.split("/");
    this.#size = 2 ** (32 - Number(mask));
    this.#first = Math.floor(toNumber(address) / this.#size) * this.#size;
    if (this.#size < 8) {
      throw new RangeError(`The service cluster IP range must be at least 8 IP addresses`);
    }
  }

  /** The first one, which the `kubernetes` service gets. */
  first(): string {
    return toAddress(this.#first + 1);
  }

  contains(address: string): boolean {
    const offset = toNumber(address) - this.#first;
    return offset > 0 && offset < this.#size - 1;
  }

  /** A free one, at random; undefined where none is left. */
  pick(used: Set<string>): string | undefined {
    const choices = this.#size - 2;
    const offset = pickFree(choices, (choice) => used.has(toAddress(this.#first + 1 + choice)));
    return offset === undefined ? undefined : toAddress(this.#first + 1 + offset);
  }
}

/** The ports NodePort services may have, e.g. "30000-32767". */
export class PortRange {
  readonly #text: string;
  readonly #low: number;
  readonly #size: number;

  constructor(text: string) {
    const [low = 0, high = 0] = text.split("-").map(Number);
    this.#text = text;
    this.#low = low;
    this.#size = high - low + 1;
  }

  contains(port: number): boolean {
    return port >= this.#low && port < this.#low + this.#size;
  }

  pick(used: Set<number>): number | undefined {
    const offset = pickFree(this.#size, (choice) => used.has(this.#low + choice));
    return offset === undefined ? undefined : this.#low + offset;
  }

  toString(): string {
    return this.#text;
  }
}

function pickFree(choices: number, isUsed: (choice: number) => boolean): number | undefined {
  const start = Math.floor(Math.random() * choices);
  for (let step = 0; step < choices; step += 1) {
    const choice = (start + step) % choices;
    if (!isUsed(choice)) return choice;
  }
  return undefined;
}
