package io.engram.inference.engine;

import io.engram.evm.LocalFaultException;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fast back end once it has proven itself, and the oracle until then and after any failure. Both give the same bits, so
 * a change on the way has no effect but speed; what fails on the fast one is computed by the oracle. Thread-safe.
 */
public final class GuardedBackend implements Backend {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedBackend.class);

    private final Backend oracle;
    private final int crossCheck;
    private final AtomicLong computed = new AtomicLong();
    private volatile Optional<Backend> fast = Optional.empty();
    private volatile Optional<String> fault = Optional.empty();
    private final CountDownLatch tested = new CountDownLatch(1);

    private GuardedBackend(Backend oracle, int crossCheck) {
        this.oracle = oracle;
        this.crossCheck = crossCheck;
    }

    /**
     * Starts on the oracle; a thread in the background makes one candidate after another, tests it and lets the first
     * that passes take over, and says in the log why one does not. The test runs on compiled code too, as it repeats
     * itself. A candidate that is guarded itself has passed one.
     */
    public static GuardedBackend inBackground(List<Supplier<Backend>> candidates, Backend oracle) {
        GuardedBackend guarded = new GuardedBackend(oracle, 0);
        Thread.ofPlatform().daemon().name("inference-self-test").start(() -> {
            guarded.admitFirst(candidates);
            guarded.tested.countDown();
        });
        return guarded;
    }

    /** A back end that has passed its test already. */
    public static GuardedBackend trusting(Backend fast, Backend oracle) {
        return trusting(fast, oracle, 0);
    }

    /** @param crossCheck one in so many of its results is computed by the oracle too and compared; 0: none */
    static GuardedBackend trusting(Backend fast, Backend oracle, int crossCheck) {
        GuardedBackend guarded = new GuardedBackend(oracle, crossCheck);
        guarded.fast = Optional.of(fast);
        guarded.tested.countDown();
        return guarded;
    }

    /** Whether the fast back end is the one that computes now. */
    public boolean isFast() {
        return fast.isPresent();
    }

    private void admitFirst(List<Supplier<Backend>> candidates) {
        if (candidates.stream().noneMatch(this::admit)) {
            LOG.warn("Inference stays on the {} back end", oracle.name());
        }
    }

    private boolean admit(Supplier<Backend> maker) {
        try {
            Backend candidate = maker.get();
            if (!(candidate instanceof GuardedBackend)) {
                SelfTest.require(candidate, oracle);
            }
            fast = Optional.of(candidate);
            LOG.info("Inference runs on the {} back end", candidate.name());
            return true;
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            LOG.warn("A back end for inference is not used: {}", e.toString());
            return false;
        }
    }

    @Override
    public void awaitTested() throws InterruptedException {
        tested.await();
    }

    /** The one that computes now. */
    @Override
    public String name() {
        return fast.orElse(oracle).name();
    }

    @Override
    public int runsAtOnce() {
        return fast.orElse(oracle).runsAtOnce();
    }

    @Override
    public ModelProgram prepare(Model model) {
        return new Program(model);
    }

    private final class Program implements ModelProgram {

        private final Model model;
        private final ModelProgram sure;
        private volatile boolean declined;
        private volatile Optional<ModelProgram> quick = Optional.empty();

        Program(Model model) {
            this.model = model;
            this.sure = oracle.prepare(model);
        }

        @Override
        public Tensor step(int index, List<Tensor> inputs) {
            return attempt(program -> program.step(index, inputs));
        }

        @Override
        public ModelRun run(List<Tensor> inputs, boolean commit, Cancellation cancellation) {
            return attempt(program -> program.run(inputs, commit, cancellation));
        }

        @Override
        public long bytes() {
            return sure.bytes() + quick.map(ModelProgram::bytes).orElse(0L);
        }

        private <T> T attempt(Function<ModelProgram, T> work) {
            return quickly(work).map(result -> checked(result, work)).orElseGet(() -> work.apply(sure));
        }

        /** @return empty when the fast back end is not there, declines the model or fails */
        private <T> Optional<T> quickly(Function<ModelProgram, T> work) {
            Optional<Backend> now = fast;
            if (now.isEmpty() || declined) {
                return Optional.empty();
            }
            try {
                return Optional.of(work.apply(program(now.get())));
            } catch (UnsupportedModelException e) {
                declined = true;
                LOG.info("The {} back end declines {}: {}", now.get().name(), model, e.getMessage());
            } catch (LocalFaultException e) {
                LOG.error("The {} back end failed", now.get().name(), e);
                boolean _ = distrust("it failed: " + e.getMessage());
            }
            return Optional.empty();
        }

        private <T> T checked(T result, Function<ModelProgram, T> work) {
            if (crossCheck == 0 || computed.incrementAndGet() % crossCheck != 0) {
                return result;
            }
            T again = work.apply(sure);
            if (!again.equals(result)) {
                boolean _ = distrust("another result than that of the " + oracle.name() + " back end for " + model);
            }
            return again;
        }

        private ModelProgram program(Backend backend) {
            Optional<ModelProgram> known = quick;
            return known.isPresent() ? known.get() : prepare(backend);
        }

        private synchronized ModelProgram prepare(Backend backend) {
            if (quick.isEmpty()) {
                quick = Optional.of(backend.prepare(model));
            }
            return quick.get();
        }
    }

    /**
     * For good: what was wrong once may be wrong again, and only a restart tests it anew. A fast back end that has another
     * behind it changes over to that.
     */
    @Override
    public synchronized boolean distrust(String evidence) {
        if (fast.isEmpty()) {
            return false;
        }
        if (fast.get().distrust(evidence)) {
            return true;
        }
        fault = Optional.of("the " + fast.get().name() + " back end is not trusted any more: " + evidence);
        fast = Optional.empty();
        LOG.error("Inference goes back to the {} back end; {}", oracle.name(), fault.get());
        return true;
    }

    @Override
    public Optional<String> fault() {
        return fault.or(() -> fast.flatMap(Backend::fault));
    }
}
