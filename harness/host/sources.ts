import type { LoadedLab } from "../lab/load.ts";
import { reachable } from "./choose.ts";
import { no, yes, type Finding } from "./finding.ts";

/** Whether everything a lab fetches from elsewhere answers. */
export const sources = (lab: LoadedLab): Promise<Finding[]> =>
  Promise.all(
    urlsOf(lab).map(async (url) => {
      const { ok, why } = await reachable(url);
      if (ok) return yes("source", why);
      return no("source", why, `curl -I ${url}; or another mirror in ${lab.file}`);
    }),
  );

/** What a lab fetches, signed metadata beside each repository included; what its hook prepares is no URL. */
function urlsOf({ box, keys, repositories, images }: LoadedLab): string[] {
  const metadata = repositories.flatMap(({ baseurl, signedMetadata }) =>
    baseurl.map((url) => `${url}repodata/repomd.xml${signedMetadata ? ".asc" : ""}`),
  );
  const archives = Object.values(images).flatMap((image) => ("archive" in image ? [image.archive] : []));
  const all = [box.url, box.checksums, ...keys.map(({ url }) => url), ...metadata, ...archives];
  return [...new Set(all)].filter((url) => /^https?:/.test(url));
}
