/**
 * What channels can subscribe to. `schedule`: the default of `schedules.NAME` in `breakwater.yaml`, by which a topic's
 * jobs run; a topic without one runs by other means. Settings, arguments, definitions and forms derive from this list.
 */
export const topicDefinitions = {
  alerts: { schedule: "* * * * *" },
  rescan: { schedule: "0 8 * * *" },
  coverage: { schedule: "0 * * * *" },
  recommendations: { schedule: "0 9 * * *" },
  compliance: { schedule: "30 8 * * *" },
  drills: {},
} as const satisfies Record<string, { schedule?: string }>;

export type Topic = keyof typeof topicDefinitions;
export const topics = Object.keys(topicDefinitions) as [Topic, ...Topic[]];

type Scheduled = {
  [Name in Topic]: (typeof topicDefinitions)[Name] extends { schedule: string } ? Name : never;
};
/** Defaults of `schedules.NAME` of what is no topic: watched hunts are posted to the channel that asked for each. */
const otherSchedules = { hunts: "*/15 * * * *" } as const;
/** What has a schedule of its own in the settings. */
export type ScheduleName = Scheduled[Topic] | keyof typeof otherSchedules;

/** Default cron expression of each schedule. */
export const defaultSchedules = {
  ...Object.fromEntries(
    Object.entries(topicDefinitions).flatMap(([name, about]) =>
      "schedule" in about ? [[name, about.schedule]] : [],
    ),
  ),
  ...otherSchedules,
} as Record<ScheduleName, string>;
export const scheduleNames = Object.keys(defaultSchedules) as [ScheduleName, ...ScheduleName[]];
