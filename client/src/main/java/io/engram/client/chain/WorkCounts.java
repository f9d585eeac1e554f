package io.engram.client.chain;

import io.engram.genesis.Address;

/**
 * What this node has done for the blocks that joined its chain since it started: those that it proposed itself, and the
 * inferences that it recomputed in the others. A block that it executed in vain, because another one was decided, does not
 * count, and one that it executed twice counts once. Thread-safe.
 *
 * <p>A block of someone else joins the chain only through {@link BlockValidator}, which runs every inference in it on this
 * node, or none, where the block was replayed with others' results: those are not counted. A result that was remembered from a run ahead, or from another block, was computed here as well.
 */
public final class WorkCounts {

    /**
     * @param proposed blocks of this node
     * @param inferences recomputed in the blocks of others
     * @param steps of those inferences
     */
    public record Totals(long proposed, long inferences, long steps) {

        private static final Totals NONE = new Totals(0, 0, 0);

        private Totals plus(long blocks, long moreInferences, long moreSteps) {
            return new Totals(proposed + blocks, inferences + moreInferences, steps + moreSteps);
        }
    }

    private final Address self;

    /** Written by whoever changes the chain, one at a time. */
    private volatile Totals totals = Totals.NONE;

    /** @param self whose blocks are this node's own */
    public WorkCounts(Address self) {
        this.self = self;
    }

    /** To be told of every change of the head from the start on. */
    public void onChange(ChainEvent event) {
        if (event instanceof ChainEvent.Appended appended) {
            ExecutedBlock added = appended.block();
            boolean own = added.block().header().coinbase().equals(self);
            boolean computed = added.inferenceSteps() > 0;
            totals = own
                    ? totals.plus(1, 0, 0)
                    : totals.plus(0, computed ? added.inferences().size() : 0, added.inferenceSteps());
        }
    }

    public Totals totals() {
        return totals;
    }
}
