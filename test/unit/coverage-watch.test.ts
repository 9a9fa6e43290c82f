import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Coverage } from "../../src/domain/coverage/coverage.ts";
import { activityAsked, authorsOf, withoutAuthor } from "../../src/domain/coverage/watch/authors.ts";
import { compareCoverage, confirmSeconds, publishedState } from "../../src/domain/coverage/watch/compare.ts";
import { clustersToReach, type NodeSeen, sightingsOf } from "../../src/domain/coverage/watch/sightings.ts";
import type { WatchState } from "../../src/domain/coverage/watch/watch-state.ts";
import type { Unread } from "../../src/domain/reading/reading.ts";
import {
  clusterIn,
  nodesOf,
  planWith,
  readAt,
  registryIn,
  reported,
  sightedAt,
  subscriptionOf,
  timeAt,
  unreadOf,
} from "../coverage-readings.ts";
import { known, unknown } from "../dispatch-estate.ts";

type About = Partial<Coverage>;
type Look = { about?: About; unread?: Unread[]; nodes?: NodeSeen[]; data?: number; minutes?: number };

/** The state after these looks, an hour apart; each is published before the next one. */
function watched(...looks: Look[]): WatchState {
  let state: WatchState | undefined;
  looks.forEach(({ about, unread, nodes, data, minutes }, index) => {
    const read = readAt(minutes ?? index * 60, about, unread);
    const ids = read.value.clusters.map(({ id }) => id);
    const looked = {
      nodes: new Map(nodes ? ids.map((id) => [id, nodes] as const) : []),
      data: new Map(data === undefined ? [] : ids.map((id) => [id.toLowerCase(), data] as const)),
    };
    const before = state && publishedState(state);
    state = compareCoverage(before, sightingsOf(read, read.asOf, looked));
  });
  return state!;
}

const planOff = { subscriptions: [subscriptionOf("s1", planWith("off"))] };
const cluster = (about: Partial<Coverage["clusters"][number]>) => ({
  clusters: [clusterIn("s1", "aks-1", about)],
});

describe("what is there at the first reading is the baseline", () => {
  it("and nothing of it is a change, then or later", () => {
    const bad = { ...planOff, ...cluster({ policyAddon: known("off"), excluded: known(true) }) };
    expect(reported(watched({ about: bad }))).toEqual([]);
    expect(reported(watched({ about: bad }, { about: bad }))).toEqual([]);
  });

  it("and a subscription that leaves the scope, as one that moves to another management group, loses nothing", () => {
    const gone = { about: { subscriptions: [], clusters: [] } };
    expect(reported(watched({}, gone, gone, gone, {}))).toEqual([]);
  });

  it("of a subscription, when it can be read at last", () => {
    const two = {
      subscriptions: [subscriptionOf("s1"), subscriptionOf("s2", planWith("off"))],
      clusters: [clusterIn("s1", "aks-1"), clusterIn("s2", "aks-2")],
    };
    expect(reported(watched({ unread: [unreadOf("s2")] }, { about: two }))).toEqual([]);
  });
});

describe("a change is named by its cause", () => {
  const off = (...names: string[]) => ({ subscriptions: [subscriptionOf("s1", planWith("on", names))] });
  it.each<[string, About, string]>([
    ["the plan of a subscription", planOff, "plan-off: Subscription s1"],
    ["one extension", off("ContainerSensor"), "extension-off: Subscription s1 ContainerSensor"],
    [
      "two extensions at once",
      off("ContainerSensor", "AgentlessVmScanning"),
      "extension-off: Subscription s1 ContainerSensor, Subscription s1 AgentlessVmScanning",
    ],
    ["the plan of one cluster", cluster({ plan: planWith("off") }), "plan-off: aks-1"],
    ["the sensor's profile", cluster({ sensorProfile: known("off") }), "sensor-off: aks-1"],
    ["the policy add-on", cluster({ policyAddon: known("off") }), "policy-off: aks-1"],
    ["the exclusion tag", cluster({ excluded: known(true) }), "sensor-excluded: aks-1"],
  ])("%s", (_, about, wanted) => {
    expect(reported(watched({}, { about }))).toEqual([wanted]);
    // The same again is no change, and its end is.
    const same = watched({}, { about }, { about });
    expect(reported(same)).toEqual([wanted]);
    expect(same.pending).toEqual([]);
    const over = watched({}, { about }, { about }, {});
    expect(reported(over).every((line) => /recovered \(over\)$/.test(line))).toBe(true);
    expect(over.pending).toHaveLength(1);
    expect(reported(watched({}, { about }, {}, {}))).toEqual([]);
  });

  it("with a plan that is off, neither its extensions nor the sensors are causes of their own", () => {
    const both = { ...planOff, ...cluster({ sensorProfile: known("off") }) };
    expect(reported(watched({}, { about: both }))).toEqual(["plan-off: Subscription s1"]);
  });

  it.each([300, 1])("one for %i clusters, and those that follow soon join it", (count) => {
    const estate = (off: number) => ({
      clusters: Array.from({ length: count + 1 }, (_, index) =>
        clusterIn("s1", `aks-${index}`, { policyAddon: known(index < off ? "off" : "on") }),
      ),
    });
    const state = watched({ about: estate(0) }, { about: estate(count) }, { about: estate(count + 1) });
    const [incident, ...others] = Object.values(state.incidents);
    expect(others).toEqual([]);
    expect(incident!.members).toHaveLength(count + 1);
    expect(incident!.grown).toBe(true);
  });
});

describe("what could not be read", () => {
  const lost = { ...planOff, ...cluster({ policyAddon: known("off" as const) }) };
  it.each<[string, (about: About) => Look]>([
    [
      "a subscription that is unread",
      () => ({ about: { subscriptions: [], clusters: [] }, unread: [unreadOf("s1")] }),
    ],
    ["a subscription that is missing", () => ({ about: { subscriptions: [], clusters: [] } })],
    [
      "a plan without a tier",
      (about) => ({
        about: { ...about, subscriptions: [subscriptionOf("s1", { plan: unknown("?"), extensions: [] })] },
      }),
    ],
    [
      "a profile that says nothing",
      (about) => ({
        about: { ...about, ...cluster({ sensorProfile: unknown("?"), policyAddon: unknown("?") }) },
      }),
    ],
    [
      "clusters that the query did not have",
      (about) => ({ about: { ...about, clusters: [] }, unread: [unreadOf("s1")] }),
    ],
  ])("%s is neither a loss nor a recovery", (_, lookAt) => {
    const look = lookAt({});
    expect(reported(watched({}, look, look, look))).toEqual([]);
    const before = reported(watched({}, { about: lost }));
    const after = watched({}, { about: lost }, lookAt(lost), lookAt(lost));
    expect(reported(after)).toEqual(before);
    expect(after.pending).toEqual([]);
    // What happened meanwhile is a change when it is read again.
    expect(reported(watched({}, look, look, { about: lost }))).toEqual(before);
  });
});

describe("what one answer of Resource Graph alone says", () => {
  const noProfiles = cluster({ sensorProfile: known("off"), policyAddon: known("off"), noProfiles: true });
  const gone = cluster({
    workspace: known(
      "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law",
    ),
    workspaceExists: known(false),
  });
  const there = cluster({ ...gone.clusters[0]!, workspaceExists: known(true) });
  it.each<[string, About, About, string[]]>([
    ["a cluster without its profiles", {}, noProfiles, ["sensor-off: aks-1", "policy-off: aks-1"]],
    ["a workspace that isn't listed", there, gone, ["workspace-missing: aks-1"]],
  ])("is reported once a second reading says it too: %s", (_, before, after, wanted) => {
    const [start, look] = [{ about: before }, { about: after }];
    expect(reported(watched(start, look))).toEqual([]);
    expect(reported(watched(start, look, start))).toEqual([]);
    expect(reported(watched(start, look, look))).toEqual(wanted);
    const over = watched(start, look, look, start);
    expect(reported(over).every((line) => line.endsWith("recovered (over)"))).toBe(true);
    // The same reading looked at again, as for the sensor on nodes, is no second one.
    const first = compareCoverage(watched(start), sightingsOf(readAt(60, after), timeAt(60)));
    expect(reported(compareCoverage(first, sightingsOf(readAt(60, after), timeAt(75))))).toEqual([]);
    expect(confirmSeconds(first, timeAt(61), 15)).toBe(300);
  });

  it("names the workspace, and nothing where the sensor is off anyway", () => {
    const { incidents } = watched({ about: there }, { about: gone }, { about: gone });
    expect(Object.values(incidents)[0]!.members[0]!.detail).toBe("law");
    const off = cluster({ ...gone.clusters[0]!, sensorProfile: known("off") });
    expect(reported(watched({ about: there }, { about: off }, { about: off }))).toEqual([
      "sensor-off: aks-1",
    ]);
  });
});

describe("a new cluster or registry", () => {
  const more = (about: About) => ({
    about: { ...about, clusters: [clusterIn("s1", "aks-1"), ...about.clusters!] },
  });
  it("that nothing covers is a change at once", () => {
    const posture = (state: "on" | "off") => ({
      subscriptions: [
        {
          ...planOff.subscriptions[0]!,
          overlapping: [{ ...planWith(state), name: "CloudPosture" as const }],
        },
      ],
    });
    const fresh = { clusters: [clusterIn("s1", "new")], registries: [registryIn("s1", "acr")] };
    const estate = { ...posture("off"), ...fresh };
    expect(reported(watched({ about: planOff }, more(estate)))).toEqual(["uncovered: new, acr"]);
    // Defender CSPM scans images too, and a registry may have a plan of its own.
    expect(reported(watched({ about: planOff }, more({ ...estate, ...posture("on") })))).toEqual([
      "uncovered: new",
    ]);
    const own = { ...estate, registries: [{ ...registryIn("s1", "acr"), plan: planWith("on") }] };
    expect(reported(watched({ about: planOff }, more(own)))).toEqual(["uncovered: new"]);
    const covered = { clusters: [clusterIn("s1", "new")], registries: [registryIn("s1", "acr")] };
    expect(reported(watched({ about: planOff }, more(estate), more(covered)))).toEqual([
      "uncovered: new recovered, acr recovered (over)",
    ]);
  });

  it("that lacks the sensor has an hour for provisioning", () => {
    const unready = { clusters: [clusterIn("s1", "new", { sensorProfile: known("off") })] };
    const at = (minutes: number, about: About) => ({ ...more(about), minutes });
    expect(reported(watched({ minutes: 0 }, at(60, unready), at(90, unready)))).toEqual([]);
    expect(reported(watched({ minutes: 0 }, at(60, unready), at(120, unready)))).toEqual(["uncovered: new"]);
    expect(
      reported(
        watched(
          { minutes: 0 },
          at(60, unready),
          at(90, { clusters: [clusterIn("s1", "new")] }),
          at(180, unready),
        ),
      ),
    ).toEqual(["sensor-off: new"]);
  });

  it("in a subscription that was never there is one too", () => {
    const two = {
      subscriptions: [subscriptionOf("s1"), subscriptionOf("s2", planWith("off"))],
      clusters: [clusterIn("s1", "aks-1"), clusterIn("s2", "new")],
    };
    expect(reported(watched({}, { about: two }))).toEqual(["uncovered: new"]);
  });

  it("that is gone again in two readings is over as deleted", () => {
    const estate = more({ ...planOff, clusters: [clusterIn("s1", "new")] });
    const without = { about: planOff };
    expect(reported(watched(without, estate, without))).toEqual(["uncovered: new"]);
    expect(reported(watched(without, estate, without, without))).toEqual(["uncovered: new deleted (over)"]);
    expect(reported(watched(without, estate, without, estate, without))).toEqual(["uncovered: new"]);
  });
});

describe("the sensor on nodes", () => {
  const [ready, lost] = [nodesOf({ n1: "ready", n2: "ready" }), nodesOf({ n1: "ready", n2: "not-ready" })];
  const look = (minutes: number, nodes?: NodeSeen[]): Look => ({ minutes, ...(nodes && { nodes }) });
  it("is lost after fifteen minutes, not before", () => {
    const short = watched(look(0, ready), look(60, lost), look(74, lost));
    expect(reported(short)).toEqual([]);
    expect(confirmSeconds(short, timeAt(74), 15)).toBe(60);
    const state = watched(look(0, ready), look(60, lost), look(75, lost));
    expect(reported(state)).toEqual(["sensor-lost: aks-1 apps"]);
    expect(Object.values(state.incidents)[0]!.members[0]!.detail).toBe("n2");
    expect(confirmSeconds(state, timeAt(75), 15)).toBeUndefined();
    expect(reported(watched(look(0, ready), look(60, lost), look(74, ready), look(80, lost)))).toEqual([]);
    expect(reported(watched(look(0, ready), look(60, lost), look(75, lost), look(120, ready)))).toEqual([
      "sensor-lost: aks-1 apps recovered (over)",
    ]);
  });

  it("names more nodes in the same message", () => {
    const more = nodesOf({ n1: "absent", n2: "not-ready" });
    const state = watched(look(0, ready), look(60, lost), look(75, lost), look(120, more));
    expect(Object.values(state.incidents)[0]!.members[0]!.detail).toBe("n1, n2");
    expect(state.pending).toHaveLength(1);
  });

  it("stays what it was while the cluster is not reached, and is over with its pool", () => {
    const open = [look(0, ready), look(60, lost), look(75, lost)];
    expect(reported(watched(...open, look(120)))).toEqual(["sensor-lost: aks-1 apps"]);
    const unknownNodes = nodesOf({ n1: "unknown", n2: "unknown" }).map((one) => ({ ...one, pool: "apps" }));
    expect(reported(watched(...open, look(120, [...unknownNodes, ...nodesOf({ n3: "ready" })])))).toEqual([
      "sensor-lost: aks-1 apps",
    ]);
    expect(reported(watched(...open, look(120, nodesOf({ n9: "ready" }, "other"))))).toEqual([
      "sensor-lost: aks-1 apps recovered (over)",
    ]);
  });

  it("is not missed on pools that never had it, on Windows, and on nodes that are not ready", () => {
    const never = [
      ...nodesOf({ t1: "absent" }, "tainted"),
      { name: "w1", pool: "win", os: "windows", ready: true, sensor: "absent" as const },
    ];
    expect(
      reported(
        watched(
          look(0, [...ready, ...never]),
          look(60, [...ready, ...never]),
          look(90, [...ready, ...never]),
        ),
      ),
    ).toEqual([]);
    const down = lost.map((one) => ({ ...one, ready: one.sensor === "ready" }));
    expect(reported(watched(look(0, ready), look(60, down), look(120, down)))).toEqual([]);
  });

  it("is asked for only where it should run", () => {
    const reach = (about: About) => clustersToReach(readAt(0, about).value).map(({ name }) => name);
    expect(reach({})).toEqual(["aks-1"]);
    expect(reach(planOff)).toEqual([]);
    expect(reach(cluster({ power: known("stopped") }))).toEqual([]);
    expect(reach(cluster({ sensorProfile: known("off") }))).toEqual([]);
    expect(reach(cluster({ sensorProfile: unknown("Helm") }))).toEqual(["aks-1"]);
  });
});

describe("who did it", () => {
  const state = watched({}, { about: planOff });
  const incident = Object.values(state.incidents)[0]!;
  const pricing = "/subscriptions/s1/providers/Microsoft.Security/pricings/Containers";
  const entry = {
    at: timeAt(30),
    caller: "alice@contoso.com",
    operation: "Microsoft.Security/pricings/write",
    resource: pricing.toUpperCase(),
    failed: false,
  };

  it("is asked of the activity log, from before the reading before", () => {
    const [first, ...others] = activityAsked(incident, timeAt(61));
    expect(others).toEqual([]);
    expect(first!.asked).toEqual({
      subscription: "s1",
      from: timeAt(-15),
      to: timeAt(61),
      resource: pricing,
    });
  });

  it.each<[string, Partial<typeof entry>, number]>([
    ["the write of the plan", {}, 1],
    ["a write that failed", { failed: true }, 0],
    ["another plan", { resource: pricing.replace("Containers", "KeyVaults") }, 0],
    ["another operation", { operation: "Microsoft.Security/pricings/read" }, 0],
    ["an entry without a caller", { caller: "" }, 0],
  ])("%s", (_, about, count) => {
    const { member } = activityAsked(incident, timeAt(61))[0]!;
    expect(authorsOf("plan-off", [{ member, entries: [{ ...entry, ...about }] }])).toHaveLength(count);
  });

  it("is the last one, named once however many things were changed", () => {
    const { member } = activityAsked(incident, timeAt(61))[0]!;
    const later = { ...entry, at: timeAt(50), caller: "BOB@contoso.com" };
    expect(authorsOf("plan-off", [{ member, entries: [later, entry] }])).toEqual([
      { caller: "BOB@contoso.com", at: timeAt(50), subscription: "Subscription s1" },
    ]);
  });

  it("is asked again for three hours while the log has nothing", () => {
    const by = { authors: [], unknown: { why: "absent" as const } };
    const asked = (minutes: number) =>
      withoutAuthor({ ...state, incidents: { a: { ...incident, by } } }, timeAt(minutes)).length;
    expect([asked(60), asked(240), asked(241)]).toEqual([1, 1, 0]);
  });
});

describe("for all estates and orders of reading", () => {
  type Hour = { plan: "on" | "off" | "unread"; policy: ("on" | "off" | "?" | "gone")[] };
  const hour: fc.Arbitrary<Hour> = fc.record({
    plan: fc.constantFrom("on", "off", "unread"),
    policy: fc.array(fc.constantFrom("on", "off", "?", "gone"), { minLength: 3, maxLength: 3 }),
  });
  const lookOf = ({ plan, policy }: Hour, index: number) =>
    sightedAt(
      index * 60,
      {
        subscriptions: plan === "unread" ? [] : [subscriptionOf("s1", planWith(plan))],
        clusters: policy.flatMap((value, number) =>
          value === "gone" || plan === "unread"
            ? []
            : [
                clusterIn("s1", `aks-${number}`, {
                  policyAddon: value === "?" ? unknown("?") : known(value),
                }),
              ],
        ),
      },
      plan === "unread" ? [unreadOf("s1")] : [],
    );

  it("every change is in one incident once, and the clock never goes back", () => {
    fc.assert(
      fc.property(fc.array(hour, { minLength: 2, maxLength: 8 }), (hours) => {
        let state: WatchState | undefined;
        let revision = -1;
        hours.forEach((one, index) => {
          const before = state && publishedState(state);
          const look = lookOf(one, index);
          const next = compareCoverage(before, look);
          expect(next.revision).toBeGreaterThan(revision);
          revision = next.revision;
          // The same reading again changes nothing that anyone would hear of.
          expect(compareCoverage(publishedState(next), look).pending).toEqual([]);
          // Nothing is open twice, and an incident is over exactly where none of its members is open.
          const open = Object.values(next.incidents).flatMap(({ sort, members }) =>
            members.filter(({ ended }) => !ended).map(({ id, what }) => `${sort}|${id}|${what}`),
          );
          expect(new Set(open).size).toBe(open.length);
          for (const { members, ended } of Object.values(next.incidents))
            expect(ended !== undefined).toBe(members.every((member) => member.ended !== undefined));
          // What is open was seen as lost, and what was seen as fine is not open.
          for (const { sort, members } of Object.values(next.incidents))
            for (const { id, ended } of members)
              if (!ended) expect(next.subscriptions.s1!.things[id]?.facts[sort]).toBe("lost");
          if (one.plan === "unread" && before) expect(next.pending).toEqual([]);
          state = next;
        });
      }),
    );
  });
});

describe("a cluster whose sensor is ready and of which Defender shows nothing any more", () => {
  const nodes = nodesOf({ one: "ready", two: "ready" });
  const seen: Look = { nodes, data: 12 };
  const blind = (minutes: number): Look => ({ nodes, data: 0, minutes });
  const day = 60 + 26 * 60;

  it("is reported once that lasts longer than the interval of the assessments, with the time since when", () => {
    const early = watched(seen, blind(60), blind(day - 1));
    expect(reported(early)).toEqual([]);
    const late = watched(seen, blind(60), blind(day));
    expect(reported(late)).toEqual(["blind: aks-1"]);
    expect(Object.values(late.incidents)[0]!.members[0]!.detail).toBe(timeAt(60));
    const same = watched(seen, blind(60), blind(day), blind(day + 60));
    expect(same.pending).toEqual([]);
    expect(reported(watched(seen, blind(60), blind(day), { ...seen, minutes: day + 60 }))).toEqual([
      "blind: aks-1 recovered (over)",
    ]);
  });

  it.each<[string, Look]>([
    ["nothing was read of it", { nodes }],
    ["its nodes weren't reached", { data: 0 }],
    ["its sensor isn't ready on every node", { nodes: nodesOf({ one: "ready", two: "unknown" }), data: 0 }],
    ["the plan is off", { nodes, data: 0, about: planOff }],
  ])("is not, where %s", (_, look) => {
    const looks = [120, day, 2 * day].map((minutes) => ({ ...look, minutes }));
    expect(reported(watched(seen, ...looks)).filter((line) => line.startsWith("blind"))).toEqual([]);
  });

  it("is not, where Defender never showed anything of it", () => {
    expect(reported(watched(blind(0), blind(60), blind(day), blind(2 * day)))).toEqual([]);
  });

  it("counts from when it was seen empty, also where it couldn't be read in between", () => {
    expect(reported(watched(seen, blind(60), { nodes, minutes: 120 }, blind(day)))).toEqual(["blind: aks-1"]);
  });
});
