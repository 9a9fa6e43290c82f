import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Metrics } from "../ports/process.ts";

/** Seconds; the last buckets are those of a backlog. */
const buckets = [0.005, 0.05, 0.25, 1, 2.5, 5, 10, 30, 60, 90, 120, 300, 900, 3600, 14_400, 86_400];

/** Counters, gauges and histograms made at first use, and the text that Prometheus reads. */
export function prometheus(): { metrics: Metrics; text(): Promise<{ type: string; body: string }> } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "breakwater_" });
  const made = new Map<string, Counter | Gauge | Histogram>();
  const named = <Kind extends Counter | Gauge | Histogram>(
    name: string,
    make: (about: { name: string; help: string }) => Kind,
  ) => {
    let metric = made.get(name) as Kind | undefined;
    if (!metric) {
      metric = make({ name: `breakwater_${name}`, help: name.replaceAll("_", " ") });
      made.set(name, metric);
    }
    return metric;
  };
  const registers = [registry];
  return {
    metrics: {
      count(name, labels = {}, by = 1) {
        named(name, (about) => new Counter({ ...about, labelNames: Object.keys(labels), registers })).inc(
          labels,
          by,
        );
      },
      gauge(name, value, labels = {}) {
        named(name, (about) => new Gauge({ ...about, labelNames: Object.keys(labels), registers })).set(
          labels,
          value,
        );
      },
      observe(name, seconds, labels = {}) {
        const make = (about: { name: string; help: string }) =>
          new Histogram({ ...about, labelNames: Object.keys(labels), buckets, registers });
        named(name, make).observe(labels, seconds);
      },
    },
    text: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  };
}
