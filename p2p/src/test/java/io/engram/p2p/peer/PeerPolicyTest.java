package io.engram.p2p.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.crypto.KeyPair;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The rules about peers, on a clock that the test moves. */
class PeerPolicyTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final InstantSource clock = now::get;
    private final NodeId node = randomId();

    private static NodeId randomId() {
        return NodeId.of(KeyPair.random(new SecureRandom()));
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    @Test
    void pointsAddUpToABanThatExpires() {
        Reputation reputation = new Reputation(clock);
        assertThat(reputation.penalise(node, Penalty.INVALID_DATA)).isFalse();
        assertThat(reputation.penalise(node, Penalty.INVALID_DATA)).isTrue();
        assertThat(reputation.isBanned(node)).isTrue();
        pass(PeerLimits.BAN.minusSeconds(1));
        assertThat(reputation.isBanned(node)).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(reputation.isBanned(node)).isFalse();
    }

    @Test
    void pointsFade() {
        Reputation reputation = new Reputation(clock);
        for (int i = 0; i < 20; i++) {
            assertThat(reputation.penalise(node, Penalty.TIMEOUT)).isFalse();
            pass(Duration.ofSeconds(Penalty.TIMEOUT.points()));
        }
    }

    @Test
    void aBreachBansAtOnceAndForgivenessLiftsIt() {
        Reputation reputation = new Reputation(clock);
        assertThat(reputation.penalise(node, Penalty.BREACH)).isTrue();
        reputation.forgive(node);
        assertThat(reputation.isBanned(node)).isFalse();
    }

    @Test
    void onlySoManyNodesAreRemembered() {
        Reputation reputation = new Reputation(clock);
        reputation.penalise(node, Penalty.BREACH);
        for (int i = 0; i < PeerLimits.REMEMBERED_NODES; i++) {
            reputation.penalise(randomId(), Penalty.USELESS);
        }
        assertThat(reputation.isBanned(node)).isFalse();
    }

    @Test
    void aPersistentNodeIsDialledAgainAfterADoublingWait() {
        Dialler dialler = new Dialler(clock, new Random(1));
        EnodeUrl url = new EnodeUrl(node, "127.0.0.1", 1, 1);
        dialler.addPersistent(url);
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 12; i++) {
            assertThat(dialler.due(0, id -> true)).containsExactly(url);
            assertThat(dialler.due(0, id -> true)).isEmpty();
            dialler.ended(node, false);
            Duration waited = Duration.ZERO;
            while (dialler.due(0, id -> false).isEmpty() && !isDue(dialler)) {
                pass(Duration.ofMillis(100));
                waited = waited.plusMillis(100);
            }
            assertThat(waited)
                    .isLessThanOrEqualTo(
                            PeerLimits.NAMED_BACKOFF_MAX.multipliedBy(13).dividedBy(10));
            longest = waited;
        }
        assertThat(longest)
                .isGreaterThan(PeerLimits.NAMED_BACKOFF_MAX.multipliedBy(3).dividedBy(5));
        dialler.wasStable(node);
        assertThat(dialler.due(0, id -> true)).containsExactly(url);
    }

    /** Looks without taking: an ineligible node is never due, so eligibility is asked only when the wait is over. */
    private static boolean isDue(Dialler dialler) {
        AtomicLong asked = new AtomicLong();
        dialler.due(0, id -> {
            asked.incrementAndGet();
            return false;
        });
        return asked.get() > 0;
    }

    @Test
    void candidatesAreDialledWhileThereIsRoomAndForgottenWhenUnreachable() {
        Dialler dialler = new Dialler(clock, new Random(1));
        for (int i = 0; i < PeerLimits.CANDIDATES + 10; i++) {
            dialler.addCandidate(new EnodeUrl(randomId(), "127.0.0.1", 1, 1));
        }
        assertThat(dialler.due(0, id -> true)).isEmpty();
        List<EnodeUrl> first = dialler.due(3, id -> true);
        assertThat(first).hasSize(3);
        assertThat(dialler.due(3, id -> true)).isEmpty();
        assertThat(dialler.due(1_000, id -> true)).hasSize(PeerLimits.CONCURRENT_DIALS - 3);
        first.forEach(url -> dialler.ended(url.id(), false));
        pass(PeerLimits.BACKOFF_MAX.multipliedBy(2));
        assertThat(dialler.due(
                        1_000, id -> first.stream().anyMatch(url -> url.id().equals(id))))
                .isEmpty();
    }

    @Test
    void aBootNodeIsDialledAgainWhenItWasNotReached() {
        Dialler dialler = new Dialler(clock, new Random(1));
        EnodeUrl boot = new EnodeUrl(node, "127.0.0.1", 1, 1);
        dialler.addBootNode(boot);
        assertThat(dialler.due(1, id -> true)).containsExactly(boot);
        dialler.ended(node, false);
        pass(PeerLimits.BACKOFF_MAX.multipliedBy(2));
        assertThat(dialler.due(1, id -> true)).containsExactly(boot);
    }

    @Test
    void aBucketGivesABurstAndThenARate() {
        AtomicLong time = new AtomicLong();
        TokenBucket bucket = new TokenBucket(10, 5, time::get);
        for (int i = 0; i < 5; i++) {
            assertThat(bucket.tryTake()).isTrue();
        }
        assertThat(bucket.tryTake()).isFalse();
        assertThat(bucket.take()).isEqualTo(Duration.ofMillis(100));
        assertThat(bucket.take()).isEqualTo(Duration.ofMillis(200));
        time.addAndGet(Duration.ofHours(1).toNanos());
        for (int i = 0; i < 5; i++) {
            assertThat(bucket.tryTake()).isTrue();
        }
        assertThat(bucket.tryTake()).isFalse();
    }

    @Test
    void onePublicHostOrSubnetHoldsSoManyPlaces() {
        InetAddress host = InetAddress.ofLiteral("203.0.113.7");
        InetAddress neighbour = InetAddress.ofLiteral("203.0.113.8");
        InetAddress elsewhere = InetAddress.ofLiteral("198.51.100.1");
        List<InetAddress> sameHost = Collections.nCopies(PeerLimits.PEERS_PER_ADDRESS, host);
        assertThat(AddressLimits.admits(sameHost, host)).isFalse();
        assertThat(AddressLimits.admits(sameHost, neighbour)).isTrue();
        assertThat(AddressLimits.admits(Collections.nCopies(PeerLimits.PEERS_PER_SUBNET, host), neighbour))
                .isFalse();
        assertThat(AddressLimits.admits(Collections.nCopies(100, host), elsewhere))
                .isTrue();
        for (String inside :
                new String[] {"127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.9.9", "100.64.1.1", "fd00::1", "::1"}) {
            InetAddress address = InetAddress.ofLiteral(inside);
            assertThat(AddressLimits.admits(Collections.nCopies(100, address), address))
                    .isTrue();
        }
    }
}
