package io.engram.client.exchange;

import io.engram.p2p.peer.TokenBucket;
import java.time.Duration;

/** How fast chunks may be asked for, all downloads together. Thread-safe. */
final class ChunkRate {

    private final TokenBucket bucket =
            new TokenBucket(ExchangeLimits.CHUNKS_PER_SECOND, ExchangeLimits.CHUNK_BURST, System::nanoTime);

    /** Waits until so many more may be asked for. */
    void await(int chunks) throws InterruptedException {
        Duration wait;
        synchronized (this) {
            wait = bucket.take(chunks);
        }
        if (!wait.isZero()) {
            Thread.sleep(wait);
        }
    }
}
