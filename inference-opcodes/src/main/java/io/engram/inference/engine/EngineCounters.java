package io.engram.inference.engine;

import java.util.concurrent.atomic.LongAdder;

/** Counts of one priority. Thread-safe. */
final class EngineCounters {

    final LongAdder hits = new LongAdder();
    final LongAdder shared = new LongAdder();
    final LongAdder computed = new LongAdder();
    final LongAdder cancelled = new LongAdder();
    final LongAdder faults = new LongAdder();

    EngineStatus.Counts counts() {
        return new EngineStatus.Counts(hits.sum(), shared.sum(), computed.sum(), cancelled.sum(), faults.sum());
    }
}
