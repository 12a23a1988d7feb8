import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { tail } from "./command.ts";

/** The last lines a machine has written to its serial console. */
export async function consoleTail(folder: string, machine: string, lines = 8): Promise<string[]> {
  const text = await readFile(join(folder, `${machine}.log`), "utf8").catch(() => undefined);
  if (text === undefined) return ["(no console: it was never started)"];
  const said = tail(stripVTControlCharacters(text).replaceAll("\r", ""), lines);
  return said.length === 0 ? ["(its console is empty)"] : said;
}
