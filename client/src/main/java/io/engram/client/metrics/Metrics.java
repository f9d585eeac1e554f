package io.engram.client.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Figures that are read when somebody asks for them, and the memory of the JVM. Thread-safe. */
public final class Metrics {

    private final PrometheusRegistry registry = new PrometheusRegistry();

    public Metrics() {
        JvmMemoryMetrics.builder().register(registry);
    }

    /**
     * Something that goes up and down.
     *
     * @param value called by the reader's thread; must not wait
     */
    public Metrics gauge(String name, String help, LongSupplier value) {
        return gauge(name, help, () -> OptionalLong.of(value.getAsLong()));
    }

    /** As above, left out while there is no value. */
    public Metrics gauge(String name, String help, Supplier<OptionalLong> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> value.get().ifPresent(callback::call))
                .register(registry);
        return this;
    }

    /**
     * Something that goes up and down for each of several things.
     *
     * @param label what tells them apart
     * @param values by the label's value
     */
    public Metrics gauges(String name, String help, String label, Supplier<Map<String, Long>> values) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(callback -> values.get().forEach((of, value) -> callback.call(value, of)))
                .register(registry);
        return this;
    }

    /**
     * Something that only goes up and begins at 0 with the process.
     *
     * @param name without {@code _total}, which readers see behind it
     */
    public Metrics counter(String name, String help, LongSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call((double) value.getAsLong()))
                .register(registry);
        return this;
    }

    MetricSnapshots read() {
        return registry.scrape();
    }
}
