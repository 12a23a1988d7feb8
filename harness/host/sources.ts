import type { LoadedLab } from "../lab/load.ts";
import { reachable } from "./choose.ts";
import { no, unproved, yes, type Finding } from "./finding.ts";
import { askMirrors } from "./mirrors.ts";

/** Whether everything a lab fetches from elsewhere answers. */
export async function sources(lab: LoadedLab): Promise<Finding[]> {
  const files = urlsOf(lab).map(async (url) => {
    const { ok, why } = await reachable(url);
    if (ok) return [yes("source", why)];
    return [no("source", why, `curl -I ${url}; or another source in ${lab.file}`)];
  });
  const repositories = lab.repositories.map(async (repository) => {
    const mirrors = await askMirrors(repository);
    const enough = mirrors.some(({ ok }) => ok);
    return mirrors.map(({ url, ok, why }) => {
      const what = `packages, ${repository.id}`;
      const mend = `curl -I ${url.replace(/\/*$/, "/")}repodata/repomd.xml; or another mirror in ${lab.file}`;
      if (ok) return yes(what, why);
      return enough ? unproved(what, `${why}; another mirror has all`) : no(what, why, mend);
    });
  });
  return (await Promise.all([...files, ...repositories])).flat();
}

/** What a lab fetches beside packages; what its hook prepares is no URL. */
function urlsOf({ box, keys, images }: LoadedLab): string[] {
  const archives = Object.values(images).flatMap((image) => ("archive" in image ? [image.archive] : []));
  const all = [box.url, box.checksums, ...keys.map(({ url }) => url), ...archives];
  return [...new Set(all)].filter((url) => /^https?:/.test(url));
}
