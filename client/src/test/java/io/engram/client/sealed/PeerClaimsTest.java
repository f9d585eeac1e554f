package io.engram.client.sealed;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.chain.SealedSource;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.inference.commitment.InferenceForm;
import io.engram.inference.commitment.InferenceOutput;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.InferenceRoot;
import io.engram.inference.commitment.TensorForm;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What peers say of a block's inferences, right or wrong, over real sockets. */
class PeerClaimsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Hash BLOCK = new Hash(7, 7, 7, 7);
    private static final int INFERENCES = 3;

    private final List<ClaimingPeer> peers = new ArrayList<>();
    private final List<Bytes> receipts = new ArrayList<>();
    private final List<Bytes> outputs = new ArrayList<>();
    private final Hash root;

    PeerClaimsTest() {
        InferenceForm form = new InferenceForm(
                List.of(new TensorForm(TensorType.INT8, Shape.of(1, 4))),
                List.of(
                        new TensorForm(TensorType.INT8, Shape.of(1, 2, 3)),
                        new TensorForm(TensorType.INT32, Shape.of(2))));
        List<InferenceReceipt> made = new ArrayList<>();
        for (int i = 0; i < INFERENCES; i++) {
            byte[] data = new byte[14];
            new Random(i).nextBytes(data);
            InferenceOutput output = new InferenceOutput(form, data);
            InferenceReceipt receipt = new InferenceReceipt(
                    i,
                    0,
                    new Hash(1, 2, 3, 4),
                    form.inputRoot(new byte[] {1, 2, 3, (byte) i}).orElseThrow(),
                    output.root().orElseThrow(),
                    new Hash(5, 5, 5, i),
                    1_000,
                    Address.ZERO,
                    Wei.ZERO);
            made.add(receipt);
            receipts.add(Bytes.wrap(receipt.toBytes()));
            outputs.add(Bytes.wrap(output.toBytes()));
        }
        root = InferenceRoot.of(made);
    }

    @AfterEach
    void close() {
        peers.forEach(ClaimingPeer::close);
    }

    private ClaimingPeer peer(List<Bytes> saidReceipts, List<Bytes> saidOutputs) throws Exception {
        ClaimingPeer peer = new ClaimingPeer();
        peers.add(peer);
        peer.receipts = saidReceipts;
        peer.outputs = saidOutputs;
        return peer;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static List<Bytes> with(List<Bytes> items, int index, Bytes other) {
        List<Bytes> changed = new ArrayList<>(items);
        changed.set(index, other);
        return changed;
    }

    private static Bytes flipped(Bytes bytes, int bit) {
        byte[] changed = bytes.toArray();
        changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        return Bytes.wrap(changed);
    }

    @Test
    void whoLiesIsDroppedAndTheNextOneIsAsked() throws Exception {
        ClaimingPeer self = peer(List.of(), List.of());
        ClaimingPeer flipping = peer(receipts, with(outputs, 1, flipped(outputs.get(1), 8 * 40)));
        ClaimingPeer missing = peer(receipts, outputs.subList(0, 2));
        ClaimingPeer longer = peer(receipts, with(outputs, 2, Bytes.concatenate(outputs.get(2), Bytes.of(0))));
        ClaimingPeer forging = peer(with(receipts, 0, flipped(receipts.get(0), 400)), outputs);
        List<ClaimingPeer> liars = List.of(flipping, missing, longer, forging);
        ClaimingPeer knowsNothing = peer(List.of(), List.of());
        for (ClaimingPeer other : peers.subList(1, peers.size())) {
            self.connect(other);
        }
        await("all are connected", () -> self.peers().size() == peers.size() - 1);

        PeerClaims claims = new PeerClaims();
        assertThat(claims.claims(BLOCK, root).hasNext()).as("nobody to ask yet").isFalse();
        claims.askFrom(self::peers);
        assertThat(claims.claims(BLOCK, root).hasNext()).isFalse();
        await("all liars are dropped", () -> liars.stream().noneMatch(self::sees));
        assertThat(self.sees(knowsNothing)).isTrue();

        ClaimingPeer honest = peer(receipts, outputs);
        self.connect(honest);
        await("an honest one is connected", () -> self.sees(honest));
        Iterator<SealedSource.Claim> found = claims.claims(BLOCK, root);
        assertThat(found.hasNext()).isTrue();
        SealedSource.Claim claim = found.next();
        assertThat(found.hasNext()).isFalse();
        assertThat(self.sees(honest)).isTrue();
        claim.reject();
        await("a claim that proved false costs its peer the session", () -> !self.sees(honest));
    }

    @Test
    void noChangeOfAnyBitIsTaken() {
        assertThat(PeerClaims.check(receipts, outputs, root)).isPresent();
        for (int i = 0; i < INFERENCES; i++) {
            for (int bit = 0; bit < Byte.SIZE * outputs.get(i).size(); bit++) {
                List<Bytes> wrong = with(outputs, i, flipped(outputs.get(i), bit));
                // The forms of inputs are no part of what the receipts say of outputs; they show when the block is
                // executed.
                boolean inInputs = bit >= 8 * 2 && bit < 8 * (2 + 2 + 8);
                assertThat(inInputs || PeerClaims.check(receipts, wrong, root).isEmpty())
                        .as("bit %s of output %s", bit, i)
                        .isTrue();
            }
            for (int bit = 0; bit < Byte.SIZE * receipts.get(i).size(); bit++) {
                assertThat(PeerClaims.check(with(receipts, i, flipped(receipts.get(i), bit)), outputs, root))
                        .as("bit %s of receipt %s", bit, i)
                        .isEmpty();
            }
        }
    }
}
