package io.engram.inference.commitment;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.inference.Seeds;
import io.engram.inference.TestGraphs;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitmentsTest {

    @Test
    void aTensorRootIsTagTypeShapeLengthAndTop() throws Exception {
        Tensor tensor = TestGraphs.tensor(TestGraphs.random(1), TensorType.INT16, Shape.of(1, 50, 51), -32_767, 32_767);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        tag(out, "engram.tensor");
        out.writeByte(2);
        out.writeByte(3);
        out.writeInt(1);
        out.writeInt(50);
        out.writeInt(51);
        out.writeLong(5_100);
        out.write(MerkleTreeTest.slowTop(
                List.of(Arrays.copyOfRange(tensor.data(), 0, 4_096), Arrays.copyOfRange(tensor.data(), 4_096, 5_100))));
        assertThat(Commitments.tensorRoot(tensor).toArray()).isEqualTo(sha(bytes));
    }

    @Test
    void aTensorRootTellsTypesAndShapesApart() {
        byte[] data = new byte[8];
        List<Hash> roots = List.of(
                Commitments.tensorRoot(Tensor.wrap(TensorType.INT8, Shape.of(8), data)),
                Commitments.tensorRoot(Tensor.wrap(TensorType.INT8, Shape.of(1, 8), data)),
                Commitments.tensorRoot(Tensor.wrap(TensorType.INT8, Shape.of(2, 4), data)),
                Commitments.tensorRoot(Tensor.wrap(TensorType.INT16, Shape.of(4), data)),
                Commitments.tensorRoot(Tensor.wrap(TensorType.INT32, Shape.of(2), data)));
        assertThat(roots).doesNotHaveDuplicates();
    }

    @Test
    void aModelIdIsTagLengthAndTopOverChunksOf16Kib() throws Exception {
        byte[] file = TestGraphs.bytes(TestGraphs.random(2), 40_000);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        tag(out, "engram.model");
        out.writeLong(40_000);
        out.write(MerkleTreeTest.slowTop(List.of(
                Arrays.copyOfRange(file, 0, 16_384),
                Arrays.copyOfRange(file, 16_384, 32_768),
                Arrays.copyOfRange(file, 32_768, 40_000))));
        assertThat(Commitments.modelId(file).toArray()).isEqualTo(sha(bytes));
    }

    @Test
    void aStepLeafHasFixedFields() throws Exception {
        Hash a = hash(1);
        Hash b = hash(2);
        StepLeaf leaf = new StepLeaf(hash(9), 3, 17, hash(8), List.of(a, b), List.of(b));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        tag(out, "engram.step");
        out.write(hash(9).toArray());
        out.writeInt(3);
        out.writeInt(17);
        out.write(hash(8).toArray());
        out.writeInt(2);
        out.write(a.toArray());
        out.write(b.toArray());
        out.writeInt(1);
        out.write(b.toArray());
        assertThat(leaf.toBytes()).isEqualTo(bytes.toByteArray());

        ByteArrayOutputStream root = new ByteArrayOutputStream();
        DataOutputStream rootOut = new DataOutputStream(root);
        tag(rootOut, "engram.steps");
        rootOut.writeLong(2);
        rootOut.write(MerkleTreeTest.slowTop(List.of(leaf.toBytes(), leaf.toBytes())));
        assertThat(Commitments.stepsRoot(List.of(leaf, leaf)).toArray()).isEqualTo(sha(root));
    }

    @Test
    void theInferenceRootIsZeroWithoutReceiptsAndCoversEveryField() {
        assertThat(InferenceRoot.of(List.of())).isEqualTo(Hash.ZERO);
        InferenceReceipt receipt = receipt(5);
        byte[] bytes = receipt.toBytes();
        List<Hash> roots = new ArrayList<>(List.of(InferenceRoot.of(List.of(receipt))));
        roots.add(InferenceRoot.of(List.of(receipt, receipt)));
        for (int at = 7; at < bytes.length; at += 8) {
            byte[] changed = bytes.clone();
            changed[at] ^= 1;
            roots.add(InferenceRoot.of(List.of(InferenceReceipt.ofBytes(changed).orElseThrow())));
        }
        assertThat(roots).doesNotHaveDuplicates();
    }

    @Test
    void receiptsDecodeToThemselvesAndGarbageToNothing() {
        Seeds.each(200, random -> {
            InferenceReceipt receipt = receipt(random.nextLong());
            assertThat(InferenceReceipt.ofBytes(receipt.toBytes())).contains(receipt);
            byte[] garbage = TestGraphs.bytes(random, random.nextInt(300));
            InferenceReceipt.ofBytes(garbage)
                    .ifPresent(read -> assertThat(read.toBytes()).isEqualTo(garbage));
        });
        assertThat(InferenceReceipt.ofBytes(new byte[InferenceReceipt.SIZE - 1]))
                .isEmpty();
        byte[] negative = new byte[InferenceReceipt.SIZE];
        negative[0] = -1;
        assertThat(InferenceReceipt.ofBytes(negative)).isEmpty();
    }

    @Test
    void aReceiptIsProvenByItsPath() {
        List<InferenceReceipt> receipts = List.of(receipt(1), receipt(2), receipt(3));
        MerkleProof proof = InferenceRoot.tree(receipts).proof(2);
        Hash top = proof.top(receipts.get(2).toBytes()).orElseThrow();
        assertThat(InferenceRoot.of(3, top)).isEqualTo(InferenceRoot.of(receipts));
        assertThat(proof.top(receipts.get(1).toBytes())).isNotEqualTo(java.util.Optional.of(top));
    }

    private static InferenceReceipt receipt(long seed) {
        var random = TestGraphs.random(seed);
        return new InferenceReceipt(
                random.nextInt(1 << 20),
                random.nextInt(1 << 20),
                hash(seed + 1),
                hash(seed + 2),
                hash(seed + 3),
                hash(seed + 4),
                random.nextLong(1L << 40),
                Address.of(TestGraphs.bytes(random, 20)),
                Wei.of(random.nextLong(1L << 60)));
    }

    private static Hash hash(long seed) {
        return Hash.of(TestGraphs.bytes(TestGraphs.random(seed), 32));
    }

    private static void tag(DataOutputStream out, String text) throws Exception {
        out.write(Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), 16));
    }

    private static byte[] sha(ByteArrayOutputStream bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
    }
}
