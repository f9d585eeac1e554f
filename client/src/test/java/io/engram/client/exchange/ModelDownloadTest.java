package io.engram.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.model.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models fetched over real sockets. */
class ModelDownloadTest {

    /** 54 chunks. */
    private static final int OUTPUTS = 12_000;

    /** Enough chunks for every peer to get a part. */
    private static final int MANY_OUTPUTS = 60_000;

    private static final Address AUTHOR = Address.fromHex("0x00000000000000000000000000000000000000a1");

    @TempDir
    Path folder;

    private final List<SharingPeer> peers = new ArrayList<>();

    @AfterEach
    void stop() {
        peers.forEach(SharingPeer::close);
    }

    private SharingPeer peer() throws Exception {
        SharingPeer peer = new SharingPeer(folder.resolve("node" + peers.size()));
        peers.add(peer);
        return peer;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(10);
        }
    }

    private static Wanted wanted(Hash id, long bytes) {
        return new Wanted(id, Wanted.Priority.ATTESTED, Set.of(bytes));
    }

    private static ModelDownload.Outcome fetch(SharingPeer to, Wanted wanted) throws Exception {
        return new ModelDownload(wanted, to.store, new ChunkRate(), to::holders, new LongAdder()).run();
    }

    @Test
    void aModelComesFromSeveralPeersAtOnce() throws Exception {
        byte[] file = SampleModels.sound(AUTHOR, MANY_OUTPUTS, 1);
        Hash id = Commitments.modelId(file);
        SharingPeer target = peer();
        for (int i = 0; i < 3; i++) {
            SharingPeer holder = peer();
            holder.store.add(file);
            target.connect(holder);
        }
        await("all three are there", () -> target.holders(id).size() == 3);
        assertThat(fetch(target, wanted(id, file.length))).isInstanceOf(ModelDownload.Outcome.Held.class);
        assertThat(target.store.file(id)).contains(file);
        assertThat(peers.subList(1, 4))
                .allSatisfy(holder -> assertThat(holder.given).hasPositiveValue());
        try (var left = Files.list(target.store.folder())) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void whatCameBeforeABreakIsNotFetchedAgain() throws Exception {
        byte[] file = SampleModels.sound(AUTHOR, OUTPUTS, 2);
        Hash id = Commitments.modelId(file);
        int chunks = ChunkCheck.chunks(file.length);
        SharingPeer target = peer();
        SharingPeer holder = peer();
        holder.store.add(file);
        holder.supply = 20;
        target.connect(holder);
        await("it is there", () -> !target.holders(id).isEmpty());
        assertThat(fetch(target, wanted(id, file.length))).isInstanceOf(ModelDownload.Outcome.Stalled.class);
        assertThat(target.store.contains(id)).isFalse();
        holder.supply = Integer.MAX_VALUE;
        int before = holder.given.get();
        assertThat(fetch(target, wanted(id, file.length))).isInstanceOf(ModelDownload.Outcome.Held.class);
        assertThat(holder.given.get() - before).isLessThanOrEqualTo(chunks - 18);
        assertThat(target.store.file(id)).contains(file);
    }

    @Test
    void aPartThatWasDamagedIsFetchedAnew() throws Exception {
        byte[] file = SampleModels.sound(AUTHOR, OUTPUTS, 3);
        Hash id = Commitments.modelId(file);
        SharingPeer target = peer();
        SharingPeer holder = peer();
        holder.store.add(file);
        holder.supply = 20;
        target.connect(holder);
        await("it is there", () -> !target.holders(id).isEmpty());
        assertThat(fetch(target, wanted(id, file.length))).isInstanceOf(ModelDownload.Outcome.Stalled.class);
        Files.write(target.store.folder().resolve(id.toHex() + ".part"), new byte[1_000], StandardOpenOption.WRITE);
        holder.supply = Integer.MAX_VALUE;
        assertThat(fetch(target, wanted(id, file.length))).isInstanceOf(ModelDownload.Outcome.Stalled.class);
        assertThat(fetch(target, wanted(id, file.length))).isInstanceOf(ModelDownload.Outcome.Held.class);
    }

    @Test
    void aPeerThatSendsWrongChunksIsDroppedAndAnotherOneCompletes() throws Exception {
        byte[] file = SampleModels.sound(AUTHOR, MANY_OUTPUTS, 4);
        Hash id = Commitments.modelId(file);
        SharingPeer target = peer();
        SharingPeer liar = peer();
        SharingPeer honest = peer();
        liar.store.add(file);
        honest.store.add(file);
        liar.corrupt = true;
        target.connect(liar);
        target.connect(honest);
        await("both are there", () -> target.holders(id).size() == 2);
        assertThat(fetch(target, wanted(id, file.length))).isInstanceOf(ModelDownload.Outcome.Held.class);
        assertThat(target.store.file(id)).contains(file);
        await("the liar is gone", () -> liar.mdl.peers().isEmpty());
        assertThat(honest.mdl.peers()).hasSize(1);
    }

    @Test
    void aFileThatTheCheckerRefusesIsNotKept() throws Exception {
        byte[] file = SampleModels.overflowing(AUTHOR);
        Hash id = Commitments.modelId(file);
        SharingPeer target = peer();
        SharingPeer holder = peer();
        Files.write(holder.store.path(id), file);
        target.connect(holder);
        await("it is there", () -> !target.holders(id).isEmpty());
        assertThat(fetch(target, wanted(id, file.length)))
                .isInstanceOfSatisfying(ModelDownload.Outcome.Refused.class, refused -> {
                    assertThat(refused.forGood()).isTrue();
                    assertThat(refused.reason()).isNotBlank();
                });
        assertThat(target.store.list()).isEmpty();
    }

    @Test
    void aFileOfAnotherLengthThanWasPaidForIsRefused() throws Exception {
        byte[] file = SampleModels.sound(AUTHOR, OUTPUTS, 5);
        Hash id = Commitments.modelId(file);
        SharingPeer target = peer();
        SharingPeer holder = peer();
        holder.store.add(file);
        target.connect(holder);
        await("it is there", () -> !target.holders(id).isEmpty());
        assertThat(fetch(target, wanted(id, 10)))
                .isInstanceOfSatisfying(
                        ModelDownload.Outcome.Refused.class,
                        refused -> assertThat(refused.forGood()).isFalse());
        assertThat(holder.given).hasValue(1);
        assertThat(holder.mdl.peers()).hasSize(1);
    }

    @Test
    void aDamagedFileInTheStoreIsReplaced() throws Exception {
        byte[] file = SampleModels.sound(AUTHOR, 40, 6);
        SharingPeer target = peer();
        SharingPeer holder = peer();
        Model model = holder.store.add(file);
        target.connect(holder);
        await("it is there", () -> !target.holders(model.id()).isEmpty());
        Files.write(target.store.path(model.id()), new byte[] {1, 2, 3});
        assertThat(fetch(target, wanted(model.id(), file.length))).isInstanceOf(ModelDownload.Outcome.Held.class);
        assertThat(target.store.file(model.id())).contains(file);
    }

    @Test
    void aFileThatIsDamagedOnDiskIsNotGivenAwayButRemoved() throws Exception {
        byte[] file = SampleModels.sound(AUTHOR, OUTPUTS, 9);
        Hash id = Commitments.modelId(file);
        SharingPeer target = peer();
        SharingPeer holder = peer();
        holder.store.add(file);
        target.connect(holder);
        await("it is there", () -> !target.holders(id).isEmpty());
        assertThat(holder.chunks(id, 0, 1).chunks()).hasSize(1);
        file[file.length / 2] ^= 1;
        Files.write(holder.store.path(id), file);
        assertThat(fetch(target, wanted(id, file.length))).isInstanceOf(ModelDownload.Outcome.Stalled.class);
        assertThat(holder.store.contains(id)).isFalse();
        assertThat(holder.mdl.peers()).hasSize(1);
    }

    @Test
    void aPlanHandsOutEachMissingChunkOnce() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int size = 1 + random.nextInt(200);
            BitSet present = new BitSet();
            for (int i = 0; i < size; i++) {
                present.set(i, random.nextInt(3) == 0);
            }
            ChunkPlan plan = new ChunkPlan(size, present);
            BitSet seen = (BitSet) present.clone();
            Optional<ChunkPlan.Run> run = plan.take();
            while (run.isPresent()) {
                for (int i = run.get().first();
                        i < run.get().first() + run.get().count();
                        i++) {
                    assertThat(seen.get(i)).as("seed %d, chunk %d", seed, i).isFalse();
                    if (random.nextInt(4) > 0) {
                        seen.set(i);
                        plan.arrived(i, 1);
                    }
                }
                plan.giveBack(run.get());
                run = plan.take();
            }
            assertThat(plan.isComplete()).as("seed %d", seed).isTrue();
            assertThat(seen.cardinality()).as("seed %d", seed).isEqualTo(size);
        }
    }
}
