package io.engram.client.sync;

import io.engram.client.chain.ChainEvent;
import io.engram.p2p.eth.EthProtocol;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.BooleanSupplier;

/** Tells peers of each new head, on a thread of its own. Nothing is told while this node is catching up. */
final class BlockGossip implements AutoCloseable {

    private static final int WAITING = 64;

    private final EthProtocol eth;
    private final BooleanSupplier following;
    private final BlockingQueue<ChainEvent.Appended> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Thread thread;

    /** @param following whether this node is at the head of the chain */
    BlockGossip(EthProtocol eth, BooleanSupplier following) {
        this.eth = eth;
        this.following = following;
        this.thread = Thread.ofVirtual().name("block gossip").start(this::tellUntilClosed);
    }

    /** Takes an event of the chain; what does not fit is not told, and peers find it by the next block. */
    void onChange(ChainEvent event) {
        if (event instanceof ChainEvent.Appended appended) {
            boolean _ = waiting.offer(appended);
        }
    }

    private void tellUntilClosed() {
        try {
            while (true) {
                ChainEvent.Appended appended = waiting.take();
                eth.announceRange();
                if (following.getAsBoolean()) {
                    eth.broadcastBlock(
                            appended.block().block(),
                            appended.head().hash(),
                            appended.head().totalDifficulty());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
