package io.engram.client.chain;

import io.engram.client.state.StagedState;
import io.engram.client.state.WorldState;
import io.engram.evm.LocalFaultException;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * The canonical chain of this node: what is stored, the rules it follows, and the one way in which it changes.
 * Thread-safe; changes happen one at a time, and listeners hear of them in order, on the changing thread.
 */
public final class Blockchain {

    private final ChainStore store;
    private final WorldState states;
    private final ChainRules rules;
    private final ReentrantLock writing = new ReentrantLock();
    private final List<Consumer<ChainEvent>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<BlockHeader>> decisionListeners = new CopyOnWriteArrayList<>();

    public Blockchain(ChainStore store, WorldState states, ChainRules rules) {
        this.store = store;
        this.states = states;
        this.rules = rules;
    }

    public ChainStore store() {
        return store;
    }

    public WorldState states() {
        return states;
    }

    public ChainRules rules() {
        return rules;
    }

    public ChainStore.Head head() {
        return store.head();
    }

    /** {@code listener} must not change the chain itself. */
    public void onChange(Consumer<ChainEvent> listener) {
        listeners.add(listener);
    }

    /**
     * {@code listener} hears of a block that will be the next one, by its header with a quorum of seals, while others still
     * work on its height. It must return at once.
     */
    void onDecision(Consumer<BlockHeader> listener) {
        decisionListeners.add(listener);
    }

    /** Tells that the block of this header is decided, so that whoever works on another one gives it up (protocol F1). */
    void announceDecision(BlockHeader header) {
        decisionListeners.forEach(listener -> listener.accept(header));
    }

    /** Whether another thread changes the chain, or executes a block on its head. */
    boolean isBusy() {
        return writing.isLocked() && !writing.isHeldByCurrentThread();
    }

    /** Whether the calling thread keeps others from changing the chain, so that it must not wait for anybody. */
    boolean isChangedByThisThread() {
        return writing.isHeldByCurrentThread();
    }

    /** State after the canonical block of this number; absent when this node does not have it. */
    public Optional<StateReader> stateAfter(long number) {
        return states.at(number);
    }

    /** As {@link #stateAfter}; a missing state is a local fault. */
    StateReader requireStateAfter(long number) {
        return stateAfter(number)
                .orElseThrow(() -> new LocalFaultException("the state after block " + number + " is not here"));
    }

    /** Hashes of canonical blocks by number, as BLOCKHASH asks for them; zero where there is none. */
    public LongFunction<Hash> ancestors() {
        return number -> store.canonicalHash(number).orElse(Hash.ZERO);
    }

    /** The canonical block of this hash. */
    public Optional<BlockHeader> canonicalHeader(Hash hash) {
        return store.header(hash)
                .filter(header -> store.canonicalHash(header.number()).equals(Optional.of(hash)));
    }

    /**
     * Undoes the blocks after {@code number}. For development networks, and between branches of Ethereum's chains;
     * under QBFT a sealed block is final.
     */
    public void rewind(long number) {
        exclusively(() -> {
            long firstRemoved = number + 1;
            store.rewind(number);
            publish(new ChainEvent.Rewound(store.head(), firstRemoved));
        });
    }

    /** Runs {@code change} while nobody else changes the chain. */
    void exclusively(Runnable change) {
        writing.lock();
        try {
            change.run();
        } finally {
            writing.unlock();
        }
    }

    /** Runs {@code change} while nobody else changes the chain. */
    <T> T exclusively(Supplier<T> change) {
        writing.lock();
        try {
            return change.get();
        } finally {
            writing.unlock();
        }
    }

    /**
     * Writes an executed block as the new head.
     *
     * @throws IllegalStateException when the head is no longer the block's parent
     */
    void append(ExecutedBlock block, StagedState state) {
        exclusively(() -> {
            if (!block.block().header().parentHash().equals(store.head().hash())) {
                throw new IllegalStateException(
                        "the head changed while block " + block.block().header().number() + " was being made");
            }
            store.append(block, state);
            publish(new ChainEvent.Appended(store.head(), block));
        });
    }

    private void publish(ChainEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }
}
