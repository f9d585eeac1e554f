package io.engram.p2p.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.fork.ForkSchedule;
import io.engram.genesis.transaction.Transaction;
import io.engram.p2p.eth.BlockStart;
import io.engram.p2p.eth.EthPeer;
import io.engram.p2p.eth.EthVersion;
import io.engram.p2p.eth.SampleChain;
import io.engram.p2p.istanbul.IstanbulMessage;
import io.engram.p2p.rlpx.DisconnectReason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole nodes over real sockets. */
class PeerNetworkTest {

    private final List<TestNode> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
    }

    private TestNode node(int length) throws Exception {
        return track(new TestNode(new SampleChain(1337, 1, length)));
    }

    private TestNode track(TestNode node) {
        nodes.add(node);
        return node;
    }

    private static EthPeer connect(TestNode from, TestNode to) throws Exception {
        from.network.addPersistent(to.enode());
        Eventually.holds(
                "connected", () -> from.eth(to).isPresent() && to.eth(from).isPresent());
        return from.eth(to).orElseThrow();
    }

    private static <T> T answer(CompletableFuture<T> request) throws Exception {
        return request.get(15, TimeUnit.SECONDS);
    }

    @Test
    void twoNodesExchangeHeadersBodiesReceiptsAndTransactions() throws Exception {
        TestNode follower = node(0);
        TestNode full = node(40);
        Transaction pooled = SampleChain.transaction(99);
        full.chain.pool(pooled);
        EthPeer peer = connect(follower, full);

        assertThat(peer.status().head()).isEqualTo(full.chain.hash(40));
        assertThat(peer.range().orElseThrow().latest()).isEqualTo(40);
        List<BlockHeader> headers = answer(peer.headers(new BlockStart.ByNumber(1), 10, 0, false));
        assertThat(headers).hasSize(10).first().isEqualTo(full.chain.block(1).header());
        assertThat(answer(peer.headers(new BlockStart.ByHash(full.chain.hash(40)), 3, 9, true)))
                .extracting(BlockHeader::number)
                .containsExactly(40L, 30L, 20L);
        assertThat(answer(peer.headers(new BlockStart.ByNumber(39), 100, 0, false)))
                .hasSize(2);
        assertThat(answer(peer.headers(new BlockStart.ByNumber(0), 2, Long.MAX_VALUE, false)))
                .hasSize(1);
        List<BlockBody> bodies = answer(peer.bodies(List.of(full.chain.hash(3), Hash.ZERO, full.chain.hash(4))));
        assertThat(bodies)
                .containsExactly(full.chain.block(3).body(), full.chain.block(4).body());
        assertThat(answer(peer.receipts(List.of(full.chain.hash(5))))).hasSize(1);
        assertThat(answer(peer.pooledTransactions(List.of(pooled.hash(), Hash.ZERO))))
                .containsExactly(pooled);
    }

    @Test
    void fiveNodesSpreadBlocksTransactionsAndVotes() throws Exception {
        List<TestNode> five = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            five.add(node(5));
        }
        TestNode hub = five.getFirst();
        for (TestNode other : five.subList(1, 5)) {
            connect(other, hub);
        }
        hub.eth.broadcastBlock(hub.chain.block(5), hub.chain.hash(5), UInt256.valueOf(6));
        hub.eth.broadcastTransactions(List.of(SampleChain.transaction(7)));
        hub.istanbul.broadcast(
                IstanbulMessage.COMMIT, Bytes.of(1, 2, 3), Set.of(five.get(4).id()));

        List<TestNode> others = five.subList(1, 5);
        Eventually.holds(
                "two got the block, two its hash",
                () -> others.stream().mapToInt(node -> node.blocks.size()).sum() == 2
                        && others.stream()
                                        .mapToInt(node -> node.announcedBlocks.size())
                                        .sum()
                                == 2);
        Eventually.holds(
                "two got the transaction, two its hash",
                () -> others.stream().mapToInt(node -> node.transactions.size()).sum() == 2
                        && others.stream()
                                        .mapToInt(node -> node.announced.size())
                                        .sum()
                                == 2);
        for (TestNode voter : five.subList(1, 4)) {
            assertThat(Eventually.next(voter.votes)).isEqualTo(Bytes.of(1, 2, 3));
        }
        assertThat(five.get(4).votes).isEmpty();
        assertThat(five.subList(1, 5))
                .allSatisfy(node -> assertThat(node.voters).extracting(Peer::id).contains(hub.id()));
    }

    @Test
    void nodesThatDialEachOtherEndUpWithOneSession() throws Exception {
        TestNode left = node(1);
        TestNode right = node(1);
        left.network.addPersistent(right.enode());
        right.network.addPersistent(left.enode());
        Eventually.holds(
                "connected",
                () -> left.eth(right).isPresent() && right.eth(left).isPresent());
        assertThat(left.network.peers()).hasSize(1);
        assertThat(right.network.peers()).hasSize(1);
        EthPeer peer = left.eth(right).orElseThrow();
        assertThat(answer(peer.headers(new BlockStart.ByNumber(0), 1, 0, false)))
                .hasSize(1);
    }

    @Test
    void aNodeOutsideTheAllowListIsRefused() throws Exception {
        TestNode friend = node(1);
        TestNode stranger = node(1);
        PeerOptions options = new PeerOptions("closed", 5, 5, Optional.of(Set.of(friend.id())));
        TestNode closed = track(new TestNode(new SampleChain(1337, 1, 1), options, InstantSource.system()));
        connect(friend, closed);
        stranger.network.addCandidate(closed.enode());
        Eventually.holds("refused", () -> closed.network.statistics().refusals() > 0);
        assertThat(closed.eth(stranger)).isEmpty();

        closed.network.allowOnly(Optional.of(Set.of()));
        Eventually.holds("the friend has to go", () -> closed.network.peers().isEmpty());
    }

    @Test
    void peersOfAnotherNetworkGenesisOrForkAreRefused() throws Exception {
        TestNode here = node(3);
        for (SampleChain other : List.of(
                new SampleChain(1338, 1, 3),
                new SampleChain(1337, 2, 3),
                new SampleChain(
                        1337, 1, 3, ForkSchedule.builder().block(Fork.LONDON, 2).build()))) {
            TestNode elsewhere = track(new TestNode(other));
            elsewhere.network.addCandidate(here.enode());
            Eventually.holds(
                    "refused", () -> elsewhere.network.statistics().disconnects(DisconnectReason.SUBPROTOCOL) > 0);
            assertThat(here.eth.peers()).isEmpty();
        }
    }

    @Test
    void aFullNodeLetsInPersistentPeersOnly() throws Exception {
        PeerOptions one = new PeerOptions("small", 1, 1, Optional.empty());
        TestNode small = track(new TestNode(new SampleChain(1337, 1, 1), one, InstantSource.system()));
        TestNode first = node(1);
        connect(first, small);
        TestNode second = node(1);
        second.network.addCandidate(small.enode());
        Eventually.holds(
                "turned away", () -> second.network.statistics().disconnects(DisconnectReason.TOO_MANY_PEERS) > 0);

        TestNode third = node(1);
        small.network.addPersistent(third.enode());
        Eventually.holds("persistent", () -> small.eth(third).isPresent());
        assertThat(small.network.peers()).hasSize(2);
    }

    @Test
    void aPersistentPeerIsDialledAgainWhenItWasLost() throws Exception {
        TestNode left = node(1);
        TestNode right = node(1);
        EthPeer before = connect(left, right);
        right.network.peer(left.id()).orElseThrow().disconnect(DisconnectReason.TIMEOUT);
        Eventually.holds(
                "connected again",
                () -> left.eth(right).map(now -> now != before).orElse(false));
    }

    @Test
    void aMisbehavingPeerIsBannedForATime() throws Exception {
        MovableClock clock = new MovableClock();
        TestNode judge = track(new TestNode(new SampleChain(1337, 1, 1), PeerOptions.of("judge", 5), clock));
        TestNode rogue = node(1);
        rogue.network.addPersistent(judge.enode());
        Eventually.holds("connected", () -> judge.eth(rogue).isPresent());
        rogue.network.peer(judge.id()).orElseThrow().send(EthVersion.ETH69.capability(), 2, Bytes.of(1));
        Eventually.holds("dropped", () -> judge.network.peers().isEmpty());
        assertThat(judge.network.isBanned(rogue.id())).isTrue();
        Thread.sleep(2_500);
        assertThat(judge.network.peers()).isEmpty();

        clock.set(Instant.EPOCH.plus(PeerLimits.BAN).plusSeconds(1));
        Eventually.holds("let in again", () -> judge.eth(rogue).isPresent());
    }

    @Test
    void aPeerThatDoesNotReadIsDropped() throws Exception {
        TestNode sender = node(1);
        TestNode slow = node(1);
        EthPeer peer = connect(sender, slow);
        slow.network.peer(sender.id()).orElseThrow().session().setReading(false);
        byte[] noise = new byte[4_000_000];
        new Random(1).nextBytes(noise);
        int sent = 0;
        while (sender.istanbul.send(peer.peer(), IstanbulMessage.PROPOSAL, Bytes.wrap(noise)) && sent < 1_000) {
            sent++;
        }
        assertThat(sent).isBetween(1, 100);
        Eventually.holds("dropped", () -> sender.gone.contains(peer));
    }

    /** A clock that stands still unless moved. */
    private static final class MovableClock implements InstantSource {

        private volatile Instant now = Instant.EPOCH;

        void set(Instant time) {
            now = time;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
