package io.engram.client.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.client.rpc.RpcErrorCode;
import io.engram.client.rpc.RpcException;
import io.engram.genesis.Hash;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.tuweni.bytes.Bytes;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ModelUploadsTest {

    private static final int MAX_BYTES = 100;

    private long now;
    private final ModelUploads uploads = new ModelUploads(MAX_BYTES, () -> now);

    @Test
    void piecesInOrderBecomeTheFileOnce() {
        Hash id = uploads.begin(5);
        assertThat(uploads.append(id, 0, Bytes.of(1, 2, 3))).isEqualTo(3);
        assertRefused(RpcErrorCode.INVALID_PARAMS, () -> uploads.take(id));
        assertThat(uploads.append(id, 3, Bytes.of(4, 5))).isEqualTo(5);
        assertThat(uploads.take(id)).containsExactly(1, 2, 3, 4, 5);
        assertRefused(RpcErrorCode.RESOURCE_NOT_FOUND, () -> uploads.take(id));
    }

    @Test
    void piecesOutOfOrderOrBeyondTheEndAreRefusedAndChangeNothing() {
        Hash id = uploads.begin(4);
        assertRefused(RpcErrorCode.INVALID_PARAMS, () -> uploads.append(id, 1, Bytes.of(1)));
        assertRefused(RpcErrorCode.INVALID_PARAMS, () -> uploads.append(id, 0, Bytes.EMPTY));
        assertRefused(RpcErrorCode.INVALID_PARAMS, () -> uploads.append(id, 0, Bytes.of(1, 2, 3, 4, 5)));
        uploads.append(id, 0, Bytes.of(1, 2));
        assertRefused(RpcErrorCode.INVALID_PARAMS, () -> uploads.append(id, 0, Bytes.of(9, 9)));
        uploads.append(id, 2, Bytes.of(3, 4));
        assertThat(uploads.take(id)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void sizeAndNumberAreBounded() {
        for (long bytes : new long[] {0, -1, MAX_BYTES + 1, Long.MAX_VALUE}) {
            assertRefused(RpcErrorCode.INVALID_PARAMS, () -> uploads.begin(bytes));
        }
        for (int i = 0; i < ModelUploads.MAX_OPEN; i++) {
            uploads.begin(MAX_BYTES);
        }
        assertRefused(RpcErrorCode.LIMIT_EXCEEDED, () -> uploads.begin(1));
    }

    @Test
    void anUploadThatRestsMakesRoom() {
        Hash id = uploads.begin(2);
        for (int i = 1; i < ModelUploads.MAX_OPEN; i++) {
            uploads.begin(1);
        }
        now += ModelUploads.IDLE_NANOS;
        uploads.append(id, 0, Bytes.of(1));
        now += 1;
        for (int i = 1; i < ModelUploads.MAX_OPEN; i++) {
            uploads.begin(1);
        }
        now += ModelUploads.IDLE_NANOS;
        assertRefused(RpcErrorCode.RESOURCE_NOT_FOUND, () -> uploads.append(id, 1, Bytes.of(2)));
    }

    /** Calls in any order against what was sent in the right one. */
    @Test
    void anyCallsEndInTheFileThatWasSentOrInARefusal() {
        for (long seed = 1; seed <= 50; seed++) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            Map<Hash, byte[]> files = new HashMap<>();
            Map<Hash, Integer> sent = new HashMap<>();
            for (int call = 0; call < 400; call++) {
                now += random.nextLong(ModelUploads.IDLE_NANOS / 8);
                Hash id = files.isEmpty() || random.nextInt(20) == 0
                        ? new Hash(random.nextLong(), 0, 0, 0)
                        : files.keySet().stream().sorted().toList().get(random.nextInt(files.size()));
                try {
                    switch (random.nextInt(4)) {
                        case 0 -> {
                            byte[] file = new byte[random.nextInt(1, MAX_BYTES + 1)];
                            random.nextBytes(file);
                            Hash begun = uploads.begin(file.length);
                            files.put(begun, file);
                            sent.put(begun, 0);
                        }
                        case 1 -> {
                            byte[] taken = uploads.take(id);
                            assertThat(taken).as("seed %d", seed).isEqualTo(files.remove(id));
                        }
                        default -> {
                            byte[] file = files.getOrDefault(id, new byte[1]);
                            int from = random.nextInt(4) == 0
                                    ? random.nextInt(file.length)
                                    : Math.min(sent.getOrDefault(id, 0), file.length);
                            int to = random.nextInt(from, file.length + 1);
                            uploads.append(id, from, Bytes.wrap(Arrays.copyOfRange(file, from, to)));
                            assertThat(from).as("seed %d", seed).isEqualTo(sent.get(id));
                            sent.put(id, to);
                        }
                    }
                } catch (RpcException refusal) {
                    if (refusal.code() == RpcErrorCode.RESOURCE_NOT_FOUND) {
                        files.remove(id);
                    }
                }
            }
        }
    }

    private static void assertRefused(RpcErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RpcException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
