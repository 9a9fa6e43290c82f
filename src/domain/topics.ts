/**
 * What channels can subscribe to. `schedule`: the default of `schedules.NAME` in `breakwater.yaml`, by which a topic's
 * jobs run; a topic without one runs by other means. `options`: what a subscription can narrow it by, beside a scope.
 * Settings, arguments, definitions and forms derive from this list.
 */
export const topicDefinitions = {
  alerts: { schedule: "* * * * *", options: ["severity", "state"] },
  rescan: { schedule: "0 8 * * *", options: ["severity", "immediate"] },
  coverage: { schedule: "0 * * * *" },
  recommendations: { schedule: "0 9 * * *", options: ["severity"] },
  compliance: { schedule: "30 8 * * *" },
  drills: {},
} as const satisfies Record<string, { schedule?: string; options?: readonly TopicOption[] }>;

export const topicOptions = ["severity", "state", "immediate"] as const;
export type TopicOption = (typeof topicOptions)[number];
export type Topic = keyof typeof topicDefinitions;
export const topics = Object.keys(topicDefinitions) as [Topic, ...Topic[]];

/** Whether a subscription to the topic can be narrowed by this. */
export function hasOption(topic: Topic, option: TopicOption): boolean {
  const about: { schedule?: string; options?: readonly TopicOption[] } = topicDefinitions[topic];
  return about.options?.includes(option) ?? false;
}

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
