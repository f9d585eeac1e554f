package io.engram.inference.engine.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.engram.genesis.Hash;
import io.engram.inference.Seeds;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Every SHA-256 of the library against {@link Commitments}, which has {@code MessageDigest} do it. */
class TensorRootTest {

    private static final int CHUNK = Commitments.TENSOR_CHUNK;

    private static Kernels kernels() {
        assumeTrue(NativeLibrary.loaded() instanceof NativeLibrary.Loaded.Ready, "no native library");
        return ((NativeLibrary.Loaded.Ready) NativeLibrary.loaded()).kernels();
    }

    private static void check(Kernels kernels, RandomGenerator random, int length) {
        check(kernels, random, length, 0);
    }

    /** @param skipped bytes of the array before the tensor's */
    private static void check(Kernels kernels, RandomGenerator random, int length, int skipped) {
        Tensor tensor = Tensor.zeros(TensorType.INT8, Shape.of(1, length));
        random.nextBytes(tensor.data());
        Hash expected = Commitments.tensorRoot(tensor);
        byte[] data = new byte[skipped + length];
        System.arraycopy(tensor.data(), 0, data, skipped, length);
        byte[] header = Commitments.tensorHeader(tensor.type(), tensor.shape(), length);
        for (int hasher = 0; hasher < Long.SIZE; hasher++) {
            if ((kernels.hashers() >> hasher & 1) == 0) {
                continue;
            }
            byte[] leaves = new byte[Hash.SIZE * Math.ceilDiv(length, CHUNK)];
            byte[] root = new byte[Hash.SIZE];
            kernels.tensorRoot(
                    hasher,
                    MemorySegment.ofArray(data).asSlice(skipped),
                    MemorySegment.ofArray(header),
                    MemorySegment.ofArray(leaves),
                    MemorySegment.ofArray(root));
            assertThat(Hash.read(root, 0))
                    .as("%s bytes by %s", length, kernels.hasherName(hasher))
                    .isEqualTo(expected);
        }
    }

    @Test
    void lengthsAroundTheBordersOfBlocks() {
        Kernels kernels = kernels();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        for (int length = 1; length <= 300; length++) {
            check(kernels, random, length);
        }
    }

    @Test
    void lengthsAroundTheBordersOfChunks() {
        Kernels kernels = kernels();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(2);
        // One chunk more than the lanes of the widest, twice over.
        for (int chunks = 1; chunks <= 33; chunks++) {
            for (int more = -1; more <= 1; more++) {
                check(kernels, random, chunks * CHUNK + more);
            }
        }
    }

    @Test
    void anyAlignment() {
        Kernels kernels = kernels();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
        for (int skipped = 1; skipped < 64; skipped++) {
            for (int length : new int[] {55, 56, 63, 64, 65, 119, 120, CHUNK - 1, CHUNK, 17 * CHUNK + 1}) {
                check(kernels, random, length, skipped);
            }
        }
    }

    @Test
    void anyLength() {
        Kernels kernels = kernels();
        Seeds.each(100, random -> check(kernels, random, random.nextInt(1, 80 * CHUNK)));
    }
}
