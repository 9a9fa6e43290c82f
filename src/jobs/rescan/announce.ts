import type { Ports } from "../../definitions/ports.ts";
import { compareSnapshots } from "../../domain/findings/comparison/difference.ts";
import { packFixed } from "../../domain/findings/comparison/fixed-before.ts";
import type { RescanDigest } from "../../domain/findings/digest/delta.ts";
import { type DigestInput, digestsOf } from "../../domain/findings/digest/digest.ts";
import { type DigestFilter, digestFilters } from "../../domain/findings/digest/digest-filter.ts";
import type { DayCount, SnapshotHead } from "../../domain/findings/model/snapshot.ts";

/**
 * Tells each channel what changed between the last two snapshots, and records that it did. Everything that is said
 * comes from the store: done again after a crash, it says the same, and the outbox has each digest once.
 */
export async function announceSnapshot(slot: string, ports: Ports): Promise<string> {
  const { findings } = ports.store;
  const snapshot = await findings.open(slot);
  if (!snapshot) {
    ports.log.error({ slot }, "a snapshot cannot be read; its digest is left out");
    await findings.setPublished({ slot, days: new Map() });
    return "the snapshot cannot be read";
  }
  const earlier = await findings.previous();
  const before = earlier && (await findings.open(earlier.slot));
  const difference = before && (await compareSnapshots(before, snapshot, await findings.fixedBefore(slot)));
  const days = await publishDigests(ports, {
    slot,
    snapshot,
    before: before?.head,
    difference,
    suspicious: silentModels(snapshot.head, before?.head),
  });
  const fixed = difference && packFixed(difference.fixed);
  await findings.setPublished({ slot, days, ...(fixed && { fixed }) });
  return before ? `${snapshot.head.findings} findings, compared with ${before.head.slot}` : "baseline";
}

/** Reports that a scan read far fewer findings than the one before, and that it was not taken over. */
export async function announceHeld(ports: Ports): Promise<string> {
  const { findings } = ports.store;
  const [held, head] = [await findings.held(), await findings.current()];
  const snapshot = head && (await findings.open(head.slot));
  if (!held || !snapshot) throw new Error("There is no scan that is held back.");
  const { slot, silent, before, now, scans } = held;
  const suspicious = { shrunk: true, silent, before, now, scans };
  await publishDigests(ports, { slot, snapshot, before: snapshot.head, suspicious });
  await findings.setPublished({ slot, days: new Map() });
  return `held back: ${now} findings instead of ${before}`;
}

const everything: DigestFilter = { name: "", channels: [], wanted: [{ scopes: [] }] };

/** Counts for the trend by the name of the filter; those of everything are kept even without a subscription. */
async function publishDigests(
  { store, publish }: Ports,
  input: Omit<DigestInput, "days">,
): Promise<Map<string, DayCount>> {
  const asked = digestFilters(await store.subscriptions.list());
  const filters = asked.some(({ name }) => name === "") ? asked : [everything, ...asked];
  const digests = await digestsOf(filters, { ...input, days: (filter) => store.findings.days(filter) });
  for (const { filter, digest } of digests) {
    if (filter.channels.length > 0) await publish("rescan", [digest], { channels: filter.channels });
  }
  return new Map(digests.map(({ filter, day }) => [filter.name, day]));
}

function silentModels(head: SnapshotHead, before: SnapshotHead | undefined): RescanDigest["suspicious"] {
  const silent = head.models.filter((one) => one.silent);
  if (!before || silent.length === 0) return undefined;
  const scans = Math.max(...silent.map((one) => one.silent ?? 0));
  const names = silent.map(({ model }) => model);
  return { shrunk: false, silent: names, before: before.findings, now: head.told ?? head.findings, scans };
}
