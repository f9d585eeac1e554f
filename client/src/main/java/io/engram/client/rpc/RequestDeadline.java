package io.engram.client.rpc;

import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.CancelledException;
import io.engram.inference.engine.Demand;
import io.engram.inference.opcode.InferenceTerms;
import java.util.function.Supplier;

/** How long the request at hand may still take. Bound to the thread that answers it. */
public final class RequestDeadline {

    private static final ScopedValue<Cancellation> CURRENT = ScopedValue.newInstance();
    private static final long NANOS = 1_000_000_000;

    private RequestDeadline() {}

    /** Runs {@code work} with a deadline; within it, what asks {@link #check} or runs models ends by then. */
    static <T> T within(int seconds, Supplier<T> work) {
        long end = System.nanoTime() + seconds * NANOS;
        Cancellation deadline = () -> {
            if (System.nanoTime() - end >= 0) {
                throw new CancelledException("the request took more than " + seconds + " s");
            }
        };
        return ScopedValue.where(CURRENT, deadline).call(work::get);
    }

    /** @throws CancelledException when the time is over */
    public static void check() {
        cancellation().check();
    }

    /** What ends with the request; never outside of one. */
    public static Cancellation cancellation() {
        return CURRENT.orElse(Cancellation.NEVER);
    }

    /** On whose behalf the request runs models. */
    public static Demand demand() {
        return Demand.call(cancellation());
    }

    /** On what terms calls and replays run them. */
    public static InferenceTerms terms() {
        return InferenceTerms.of(demand());
    }
}
