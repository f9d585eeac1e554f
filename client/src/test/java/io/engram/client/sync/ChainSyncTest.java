package io.engram.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.pool.AddResult;
import io.engram.genesis.transaction.Transaction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that sync from each other over real sockets. */
class ChainSyncTest {

    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path folder;

    private final List<SyncNode> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(SyncNode::close);
    }

    private SyncNode node(String name) throws Exception {
        SyncNode node = new SyncNode(folder.resolve(name));
        nodes.add(node);
        return node;
    }

    private static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    @Test
    void aNewNodeSyncsAndThenFollowsTheHead() throws Exception {
        SyncNode maker = node("maker");
        maker.makeBlocks(250);
        SyncNode follower = node("follower");
        follower.connect(maker);
        eventually("synced", () -> follower.agreesWith(maker));
        assertThat(follower.height()).isEqualTo(250);
        assertThat(follower.network.sync().progress()).isEmpty();

        for (int i = 0; i < 5; i++) {
            maker.makeBlocks(1);
            eventually("followed", () -> follower.agreesWith(maker));
        }
        assertThat(follower.parts.store().receipts(follower.parts.chain().head().hash()))
                .isEqualTo(
                        maker.parts.store().receipts(maker.parts.chain().head().hash()));
    }

    @Test
    void aLineOfNodesPassesBlocksAndTransactionsOn() throws Exception {
        SyncNode maker = node("maker");
        SyncNode middle = node("middle");
        SyncNode end = node("end");
        middle.connect(maker);
        end.connect(middle);
        maker.makeBlocks(3);
        eventually("synced", () -> end.agreesWith(maker));

        Transaction transfer = SyncNode.transfer(2, 0);
        assertThat(end.parts.pool().add(transfer)).isInstanceOf(AddResult.Added.class);
        eventually(
                "arrived", () -> maker.parts.pool().transaction(transfer.hash()).isPresent());
        maker.makeBlocks(1);
        eventually("followed", () -> end.agreesWith(maker));
        assertThat(end.parts.store().transaction(transfer.hash())).isPresent();
        assertThat(end.parts.pool().size()).isZero();
    }

    @Test
    void aNodeThatWasAwayGoesOnFromWhereItWas() throws Exception {
        SyncNode maker = node("maker");
        maker.makeBlocks(60);
        try (SyncNode follower = new SyncNode(folder.resolve("follower"))) {
            follower.connect(maker);
            eventually("some blocks", () -> follower.height() >= 20);
        }
        maker.makeBlocks(60);
        SyncNode again = node("follower");
        assertThat(again.height()).isGreaterThanOrEqualTo(20);
        again.connect(maker);
        eventually("synced", () -> again.agreesWith(maker));
    }

    @Test
    void bodiesComeFromSeveralPeersAndOneMayGo() throws Exception {
        SyncNode maker = node("maker");
        maker.makeBlocks(150);
        SyncNode second = node("second");
        second.connect(maker);
        eventually("synced", () -> second.agreesWith(maker));
        SyncNode third = node("third");
        third.connect(maker);
        third.connect(second);
        eventually("begun", () -> third.height() > 0);
        second.close();
        nodes.remove(second);
        eventually("synced", () -> third.agreesWith(maker));
    }

    @Test
    void aNodeOnAnotherBranchIsLeftAlone() throws Exception {
        SyncNode maker = node("maker");
        SyncNode rival = node("rival");
        maker.makeBlocks(5);
        Transaction other = SyncNode.transfer(3, 0);
        assertThat(rival.parts.pool().add(other)).isInstanceOf(AddResult.Added.class);
        rival.makeBlocks(9);
        maker.connect(rival);
        eventually("they met", () -> !maker.peers.peers().isEmpty());
        Thread.sleep(1_500);
        assertThat(maker.height()).isEqualTo(5);
        assertThat(rival.height()).isEqualTo(9);
    }
}
