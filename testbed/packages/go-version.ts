import { openThere } from "../../harness/files.ts";

/** What stands before a program's build information, as Go's debug/buildinfo reads it since Go 1.18. */
const magic = Buffer.from("\xff Go buildinf:", "latin1");
/** It is aligned so, and this long: magic, the size of a pointer, flags, and nothing up to where texts begin. */
const layout = { align: 16, flags: 15, texts: 32, inline: 2 };
const chunk = 4 * 2 ** 20;

/** The version of the Go that built a program: "1.19.8"; undefined where the program is none of Go 1.18's or later. */
export async function goVersionOf(path: string): Promise<string | undefined> {
  await using file = await openThere(path);
  const buffer = Buffer.alloc(chunk + 256);
  for (let offset = 0; ; offset += chunk) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
    const seen = buffer.subarray(0, bytesRead);
    for (let at = seen.indexOf(magic); at !== -1; at = seen.indexOf(magic, at + 1)) {
      if (at % layout.align !== 0 || ((seen[at + layout.flags] ?? 0) & layout.inline) === 0) continue;
      const version = /^.go(\d+\.\d+(?:\.\d+)?)/s.exec(
        seen.subarray(at + layout.texts, at + layout.texts + 64).toString("latin1"),
      );
      if (version?.[1] !== undefined) return version[1];
    }
    if (bytesRead < buffer.length) return undefined;
  }
}
