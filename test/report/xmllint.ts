import { execa } from "execa";
import { join } from "node:path";

/** What xmllint finds wrong with a JUnit document by our schema; nothing where it finds it valid. */
export async function invalid(document: string): Promise<string> {
  const schema = join(import.meta.dirname, "junit.xsd");
  const { exitCode, stderr } = await execa("xmllint", ["--noout", "--nonet", "--schema", schema, "-"], {
    input: document,
    reject: false,
  });
  return exitCode === 0 ? "" : stderr || `xmllint ended with ${String(exitCode)}`;
}

/** What an XPath expression comes to in a document, as xmllint reads it. */
export async function xpath(document: string, expression: string): Promise<string> {
  // A line end that xmllint adds is taken away, but none of the value's own.
  const { stdout } = await execa("xmllint", ["--nonet", "--xpath", expression, "-"], {
    input: document,
    stripFinalNewline: true,
  });
  return stdout;
}
