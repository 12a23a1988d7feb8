import { expect } from "chai";
import { about, claim, lab, packagesOf } from "../harness/judge/index.ts";

/** The ids of the lab's keys: the last 16 digits of their fingerprints. */
const keyIds = lab.keys.map(({ fingerprint }) => fingerprint.slice(-16).toLowerCase());

describe("packages", () => {
  for (const machine of lab.machines) {
    describe(machine.name, () => {
      it("takes packages from the lab's repositories and from no other", async () => {
        const { repositories } = await machine.packageManager();
        const enabled = repositories.filter((repository) => repository.enabled);
        expect(
          enabled.map(({ id, baseurl, mirrorlist }) => ({ id, baseurl, mirrorlist })),
          about(machine, "repositories"),
        ).to.deep.equal(lab.repositories.map(({ id, baseurl }) => ({ id, baseurl, mirrorlist: undefined })));
      });

      it("checks packages' signatures in every repository, switched on or not", async () => {
        const unchecked = (await machine.packageManager()).repositories.filter(({ gpgcheck }) => !gpgcheck);
        expect(
          unchecked.map(({ id, file }) => `${id} in ${file}`),
          about(machine, "repositories", "with gpgcheck off"),
        ).to.deep.equal([]);
      });

      for (const { id, key } of lab.repositories) {
        it(`checks ${id} against its own key`, async () => {
          const repository = (await machine.packageManager()).repositories.find((one) => one.id === id);
          const path = lab.keys.find((one) => one.id === key)?.path;
          expect(repository?.gpgkey, about(machine, "repositories", `${id} gpgkey`)).to.deep.equal([
            `file://${path ?? ""}`,
          ]);
        });
      }

      for (const { id } of lab.repositories.filter(({ signedMetadata }) => signedMetadata)) {
        it(`checks the signature of ${id}'s metadata`, async () => {
          const repository = (await machine.packageManager()).repositories.find((one) => one.id === id);
          expect(repository?.repoGpgcheck, about(machine, "repositories", `${id} repo_gpgcheck`)).to.equal(
            true,
          );
        });
      }

      it("checks the certificate of every server it takes packages from", async () => {
        const unchecked = (await machine.packageManager()).repositories.filter(
          ({ enabled, sslverify }) => enabled && !sslverify,
        );
        expect(
          unchecked.map(({ id, file }) => `${id} in ${file}`),
          about(machine, "repositories", "with sslverify off"),
        ).to.deep.equal([]);
      });

      it("checks packages given as files, too", async () => {
        const { localpkgGpgcheck } = await machine.packageManager();
        expect(localpkgGpgcheck, about(machine, "local packages", "localpkg_gpgcheck")).to.equal(true);
      });

      it("trusts the lab's keys and no other, by full fingerprint", async () => {
        const fingerprints = (await machine.importedKeys()).map(({ fingerprint }) => fingerprint);
        expect(fingerprints, about(machine, "keys")).to.have.members(
          lab.keys.map(({ fingerprint }) => fingerprint),
        );
      });

      for (const name of packagesOf[machine.role]) {
        it(`has ${name}`, async () => {
          const names = (await machine.packages()).map((one) => one.name);
          claim(
            names.includes(name),
            about(machine, "packages"),
            `${name} to be installed`,
            `${names.length} others`,
          );
        });
      }

      it("has no package but those signed by the lab's keys", async () => {
        const foreign = (await machine.packages()).filter(
          ({ keyId }) => keyId === undefined || !keyIds.includes(keyId),
        );
        expect(
          foreign.map(({ full, signature }) => `${full}: ${signature}`),
          about(machine, "packages", "not signed by the lab's keys"),
        ).to.deep.equal([]);
      });

      it("was never told to leave signatures unchecked", async () => {
        expect(
          await machine.signatureBypasses(),
          about(machine, "packages", "installed with checks off"),
        ).to.deep.equal([]);
      });
    });
  }
});
