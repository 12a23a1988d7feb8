import { readFile } from "node:fs/promises";
import { z } from "zod";
import { rename, writeFile } from "../../harness/files.ts";

/** The sums seen on first use, by archive name, in a file beside the archives' programs. */
export class Pins {
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  async get(name: string): Promise<string | undefined> {
    return (await this.read())[name];
  }

  async set(name: string, sum: string): Promise<void> {
    const pins = { ...(await this.read()), [name]: sum };
    await writeFile(`${this.file}.new`, `${JSON.stringify(pins, undefined, 2)}\n`);
    await rename(`${this.file}.new`, this.file);
  }

  private async read(): Promise<Record<string, string>> {
    const text = await readFile(this.file, "utf8").catch(() => "{}");
    return z.record(z.string(), z.string()).parse(JSON.parse(text));
  }
}
