package io.engram.inference.engine.cuda;

import java.util.function.BooleanSupplier;

/** Device memory within a bound. The device's thread only. */
final class Budget {

    private final Driver driver;
    private final long maxBytes;
    private long used;

    Budget(Driver driver, long maxBytes) {
        this.driver = driver;
        this.maxBytes = maxBytes;
    }

    /**
     * @param drop frees something that is not in use; false when there is nothing
     * @throws CudaException when there is no room even so
     */
    long allocate(long bytes, BooleanSupplier drop) {
        while (used + bytes > maxBytes) {
            if (!drop.getAsBoolean()) {
                throw new CudaException("allocation", "more than " + maxBytes + " bytes would be in use");
            }
        }
        while (true) {
            try {
                long address = driver.allocate(bytes);
                used += bytes;
                return address;
            } catch (CudaException e) {
                // Others use the device too.
                if (!drop.getAsBoolean()) {
                    throw e;
                }
            }
        }
    }

    void free(long address, long bytes) {
        driver.free(address);
        used -= bytes;
    }
}
