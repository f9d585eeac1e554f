package io.engram.p2p.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.crypto.KeyPair;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session that is let in while the dialler chooses takes the two locks in the other order. */
class DiallerLockTest {

    private static final String DIALLER = "dialler";

    private final CountDownLatch choosing = new CountDownLatch(1);
    private final CountDownLatch admitting = new CountDownLatch(1);

    @Test
    @Timeout(30)
    void choosingWhomToDialDoesNotWaitForASessionThatIsLetIn() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        EnodeUrl other = EnodeUrl.of(NodeId.of(KeyPair.random(new SecureRandom())), new InetSocketAddress(loopback, 1));
        try (PeerNetwork network = new PeerNetwork(
                KeyPair.random(new SecureRandom()), PeerOptions.of("test", 25), List.of(), this::instant)) {
            network.addBootNode(other);
            network.start();
            choosing.await();
            Thread asking = Thread.ofPlatform().daemon().unstarted(() -> network.addPersistent(other));
            // What admits sessions holds this lock and asks the dialler.
            synchronized (network) {
                admitting.countDown();
                asking.start();
                assertThat(asking.join(Duration.ofSeconds(10))).isTrue();
            }
        }
    }

    /** Stops the dialler inside of its choice until the other lock is held. */
    private Instant instant() {
        if (Thread.currentThread().getName().equals(DIALLER)) {
            choosing.countDown();
            try {
                assertThat(admitting.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return Instant.EPOCH;
    }
}
