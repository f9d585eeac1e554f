package io.engram.inference.engine.cuda;

import java.util.LinkedHashMap;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs that a lane has given before, taken down so that one call gives each again: with small networks the calls take
 * longer than the work. The first run of a kind is given call by call, as a driver may load a kernel at its first launch
 * and must not while it captures. One lane's; the device's thread only.
 */
final class Graphs {

    private static final Logger LOG = LoggerFactory.getLogger(Graphs.class);

    /** CUDA 11.4: earlier drivers lack a function that is called. */
    private static final int FIRST_VERSION = 11_040;

    /** Graphs that a lane keeps, those not used for longest dropped first; each takes the driver a few KiB a launch. */
    private static final int MAX = 32;

    /** What a run differs by from others of its lane. */
    private record Run(long program, Work.Form form) {}

    /** What the calls of a run hold: where its memory lies. */
    record Addresses(long arena, long constants, long staging) {}

    /** @param graph none yet after the first run */
    private record Known(Addresses addresses, Optional<Driver.Graph> graph) {}

    private final Driver driver;
    private final Driver.Stream stream;
    private final LinkedHashMap<Run, Known> known = new LinkedHashMap<>(16, 0.75f, true);
    private boolean on;

    /** @param wanted whether to use them where the driver can */
    Graphs(Driver driver, Driver.Stream stream, boolean wanted) {
        this.driver = driver;
        this.stream = stream;
        this.on = wanted && driver.version() >= FIRST_VERSION;
    }

    /** @param calls give the work to the stream */
    void give(Work<?> work, Addresses addresses, Runnable calls) {
        if (!on || work.form() == Work.Form.STEP) {
            calls.run();
            return;
        }
        Run run = new Run(work.program().number(), work.form());
        Optional<Known> before = Optional.ofNullable(known.get(run));
        if (before.isEmpty()) {
            calls.run();
            keep(run, new Known(addresses, Optional.empty()));
            return;
        }
        before.filter(same -> same.addresses.equals(addresses))
                .flatMap(Known::graph)
                .or(() -> record(run, addresses, calls))
                .ifPresentOrElse(graph -> driver.launch(graph, stream), calls);
    }

    /** @return empty when that is not possible: then every run is given call by call from now on */
    private Optional<Driver.Graph> record(Run run, Addresses addresses, Runnable calls) {
        try {
            Driver.Graph graph = driver.record(stream, calls);
            keep(run, new Known(addresses, Optional.of(graph)));
            return Optional.of(graph);
        } catch (CudaException e) {
            LOG.warn("Runs are given to a GPU call by call: {}", e.getMessage());
            on = false;
            return Optional.empty();
        }
    }

    private void keep(Run run, Known now) {
        drop(run);
        if (known.size() == MAX) {
            drop(known.firstEntry().getKey());
        }
        known.put(run, now);
    }

    private void drop(Run run) {
        Optional.ofNullable(known.remove(run)).flatMap(Known::graph).ifPresent(driver::free);
    }
}
