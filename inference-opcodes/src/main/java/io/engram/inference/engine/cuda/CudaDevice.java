package io.engram.inference.engine.cuda;

import io.engram.evm.LocalFaultException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device and the thread that alone talks to it. The first fault is the last: from then on the device is not used any
 * more. Thread-safe.
 */
final class CudaDevice {

    private static final Logger LOG = LoggerFactory.getLogger(CudaDevice.class);

    /** Compute capability from which on the tensor cores are used, and the least. */
    private static final int TENSOR_CORES = 80;

    private static final int LEAST = 75;

    /** Long enough for the driver to translate the kernels on a slow machine. */
    private static final long OPEN_MINUTES = 2;

    /** Runs that may wait for a lane; who comes then waits to be let in. */
    private static final int MAX_WAITING = 1024;

    /** How long the thread looks at a run without sleeping. */
    private static final long SPIN_NANOS = 300_000;

    private static final long SLEEP_MICROS = 100;

    private final Driver driver;
    private final int ordinal;
    private final Driver.Facts facts;
    private final CudaOptions options;
    private final Map<Kernel, Driver.Function> functions = new EnumMap<>(Kernel.class);
    private final List<Lane> lanes = new ArrayList<>();
    private final BlockingQueue<Work<?>> queue = new ArrayBlockingQueue<>(MAX_WAITING);
    private final CompletableFuture<Boolean> opened = new CompletableFuture<>();
    private final AtomicInteger load = new AtomicInteger();
    private volatile Optional<CudaException> fault = Optional.empty();

    private CudaDevice(Driver driver, int ordinal, CudaOptions options) {
        this.driver = driver;
        this.ordinal = ordinal;
        this.facts = driver.describe(ordinal);
        this.options = options;
    }

    /** @throws CudaException when it cannot be used */
    static CudaDevice open(Driver driver, int ordinal, CudaOptions options) {
        CudaDevice device = new CudaDevice(driver, ordinal, options);
        if (device.facts.capability() < LEAST) {
            throw new CudaException(device.toString(), "compute capability " + LEAST / 10.0 + " is needed");
        }
        Thread.ofPlatform().daemon().name("inference-cuda-" + ordinal).start(device::serve);
        device.awaitOpened();
        device.fault.ifPresent(fault -> {
            throw fault;
        });
        return device;
    }

    private void awaitOpened() {
        try {
            boolean _ = opened.get(OPEN_MINUTES, TimeUnit.MINUTES);
        } catch (TimeoutException _) {
            fail(new CudaException(toString(), "cannot be opened in " + OPEN_MINUTES + " minutes"));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            fail(new CudaException(toString(), "interrupted while it was opened"));
        }
    }

    /** The PTX that fits the device. */
    String tier() {
        return tier(facts);
    }

    static String tier(Driver.Facts facts) {
        return facts.capability() >= TENSOR_CORES ? "mma" : "dp4a";
    }

    int multiprocessors() {
        return facts.multiprocessors();
    }

    int lanes() {
        return options.lanes();
    }

    /** What went wrong; empty as long as the device may be used. */
    Optional<CudaException> fault() {
        return fault;
    }

    /** Runs that are not done. */
    int load() {
        return load.get();
    }

    /** The most arena, and the most weights, that a model may take so that all lanes have room at the same time. */
    long modelLimit() {
        return memoryLimit() / (2L * options.lanes());
    }

    private long memoryLimit() {
        return facts.memoryBytes() / 100 * options.memoryShare();
    }

    Duration timeLimit() {
        return options.timeLimit();
    }

    /** The result is completed whatever happens: with a {@link CudaException} when the device cannot be used any more. */
    void submit(Work<?> work) {
        load.incrementAndGet();
        var _ = work.result().whenComplete((_, _) -> load.decrementAndGet());
        try {
            while (fault.isEmpty()) {
                if (queue.offer(work, options.timeLimit().toMillis(), TimeUnit.MILLISECONDS)) {
                    // The thread may have ended meanwhile; then nobody else takes it out.
                    fault.ifPresent(this::refuseAll);
                    return;
                }
                fail(new CudaException(toString(), "no answer in " + options.timeLimit()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            work.result().completeExceptionally(new LocalFaultException("interrupted while waiting for a GPU", e));
            return;
        }
        fault.ifPresent(cause -> work.result().completeExceptionally(cause));
    }

    /** Makes {@code cause} the fault of the device, if it has none yet, and says so. */
    void fail(CudaException cause) {
        synchronized (this) {
            if (fault.isPresent()) {
                return;
            }
            fault = Optional.of(cause);
        }
        if (opened.isDone()) {
            LOG.error("{} is not used any more: {}", this, cause.getMessage());
        }
        refuseAll(cause);
    }

    private void refuseAll(CudaException cause) {
        List<Work<?>> refused = new ArrayList<>();
        queue.drainTo(refused);
        refused.forEach(work -> work.result().completeExceptionally(cause));
    }

    private void serve() {
        try {
            open();
            opened.complete(true);
            while (fault.isEmpty()) {
                step();
            }
        } catch (CudaException e) {
            fail(e);
        } catch (InterruptedException e) {
            fail(new CudaException(toString(), "interrupted"));
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            LOG.error("The thread of {} ends", this, e);
            fail(new CudaException(toString(), e.toString()));
        }
        CudaException cause = fault.orElseThrow();
        lanes.forEach(lane -> lane.abandon().ifPresent(work -> work.result().completeExceptionally(cause)));
        refuseAll(cause);
        opened.complete(false);
    }

    private void open() throws IOException {
        driver.open(ordinal);
        Driver.Module module = driver.load(ptx(tier()));
        for (Kernel kernel : Kernel.values()) {
            functions.put(kernel, driver.function(module, kernel.entry()));
        }
        Budget budget = new Budget(driver, memoryLimit());
        Resident resident = new Resident(driver, budget, options.timeLimit());
        for (int i = 0; i < options.lanes(); i++) {
            lanes.add(new Lane(driver, budget, resident, options.graphs()));
        }
    }

    /** The text of a tier. */
    static byte[] ptx(String tier) throws IOException {
        try (InputStream in = CudaDevice.class.getResourceAsStream(tier + ".ptx")) {
            if (in == null) {
                throw new IOException("this build has no " + tier + ".ptx");
            }
            return in.readAllBytes();
        }
    }

    private void step() throws InterruptedException {
        Optional<Lane> free = lanes.stream().filter(Lane::isFree).findFirst();
        long youngest = lanes.stream()
                .filter(lane -> !lane.isFree())
                .mapToLong(Lane::elapsed)
                .min()
                .orElse(Long.MAX_VALUE);
        if (free.isPresent()) {
            Optional<Work<?>> next = next(youngest);
            if (next.isPresent()) {
                free.get().start(next.get(), functions);
            }
        } else if (youngest >= SPIN_NANOS) {
            TimeUnit.MICROSECONDS.sleep(SLEEP_MICROS);
        }
        for (Lane lane : lanes) {
            if (!lane.finish()
                    && !lane.isFree()
                    && lane.elapsed() > options.timeLimit().toNanos()) {
                throw new CudaException(toString(), "a run takes longer than " + options.timeLimit());
            }
        }
    }

    /** Sleeps while there is nothing to do, and does not sleep while a run is young. */
    private Optional<Work<?>> next(long youngest) throws InterruptedException {
        if (youngest == Long.MAX_VALUE) {
            return Optional.of(queue.take());
        }
        if (youngest < SPIN_NANOS) {
            Thread.onSpinWait();
            return Optional.ofNullable(queue.poll());
        }
        return Optional.ofNullable(queue.poll(SLEEP_MICROS, TimeUnit.MICROSECONDS));
    }

    @Override
    public String toString() {
        return "GPU " + ordinal + " (" + facts.name() + ")";
    }
}
