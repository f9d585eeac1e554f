package io.engram.inference.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which weights stay within a bound of bytes. */
class ResidentTest {

    private static final long LIMIT = 1000;

    private final Map<Long, Long> allocations = new HashMap<>();
    private final List<Long> uploads = new ArrayList<>();
    private final Driver.Stream stream = new Driver.Stream() {};

    /** Memory alone, without a device. */
    private final Driver driver = (Driver) Proxy.newProxyInstance(
            Driver.class.getClassLoader(), new Class<?>[] {Driver.class}, (_, method, arguments) -> {
                switch (method.getName()) {
                    case "allocate" -> {
                        long address = 1 + allocations.size() + uploads.size() * 1000L;
                        allocations.put(address, (Long) arguments[0]);
                        return address;
                    }
                    case "free" -> allocations.remove((Long) arguments[0]);
                    case "upload" -> uploads.add(((MemorySegment) arguments[1]).byteSize());
                    case "isDone" -> {
                        return true;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                }
                return null;
            });

    private final Budget budget = new Budget(driver, LIMIT);
    private final Resident resident = new Resident(driver, budget, Duration.ofSeconds(1));

    private static Resident.Weights weights(long bytes) {
        return Resident.Weights.of(Arena.ofAuto().allocate(bytes));
    }

    private void useAndRelease(Resident.Weights weights) {
        long _ = resident.use(weights, stream);
        resident.release(weights);
    }

    private long bytesInUse() {
        return allocations.values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void whatIsThereIsNotUploadedAgain() {
        Resident.Weights weights = weights(400);
        useAndRelease(weights);
        useAndRelease(weights);
        assertThat(uploads).containsExactly(400L);
    }

    @Test
    void theLeastRecentlyUsedGoFirst() {
        Resident.Weights first = weights(400);
        Resident.Weights second = weights(401);
        useAndRelease(first);
        useAndRelease(second);
        useAndRelease(first);
        useAndRelease(weights(402));
        assertThat(allocations.values()).containsExactlyInAnyOrder(400L, 402L);
        useAndRelease(second);
        assertThat(uploads).containsExactly(400L, 401L, 402L, 401L);
        assertThat(bytesInUse()).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void asManyGoAsTheBytesNeed() {
        for (int i = 0; i < 5; i++) {
            useAndRelease(weights(200));
        }
        useAndRelease(weights(500));
        assertThat(allocations.values()).containsExactlyInAnyOrder(200L, 200L, 500L);
    }

    @Test
    void whatIsInUseStays() {
        Resident.Weights used = weights(600);
        long _ = resident.use(used, stream);
        assertThatThrownBy(() -> resident.use(weights(500), stream)).isInstanceOf(CudaException.class);
        resident.release(used);
        useAndRelease(weights(500));
        assertThat(allocations.values()).containsExactly(500L);
    }
}
